"""Every change of importing: hand a file in, rehearse it, agree, import, undo."""

from .asking import agree_to_import, ask_import
from .importing import Report, import_programme
from .undoing import undo_import

__all__ = ["Report", "agree_to_import", "ask_import", "import_programme", "undo_import"]
