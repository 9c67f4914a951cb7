"""Site owns no tables; it declares the settings of the whole instance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hallway.kit.instance import Declared, declare

NAME = declare(Declared("site.name", _("Name of this instance"), "Hallway"))
LEGAL = declare(Declared("site.legal", _("Legal notice"), {}, localised=True))
PRIVACY = declare(Declared("site.privacy", _("Privacy"), {}, localised=True))
CONDUCT = declare(Declared("site.conduct", _("Code of conduct"), {}, localised=True))
