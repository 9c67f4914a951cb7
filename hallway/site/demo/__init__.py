"""The demonstration: invented communities and people, twelve months of meet-ups, and a conference that is on now.

Everything is made through the packages' own actions, as of the day it would have happened, so that trails, programmes
and mail look as they do after a year of use. Nothing is said in the name of real people.
"""

from __future__ import annotations

from .prepare import prepare

__all__ = ["prepare"]
