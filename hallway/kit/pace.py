"""How often somebody may do in a day what reaches other people or takes room: counted by the facts it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from .actors import Actor, SystemPerson
from .facts import Fact
from .models import FactRow
from .refusal import Refusal

DAY = timedelta(days=1)


def done_lately(*kinds: type[Fact], by: Actor, at: datetime) -> int:
    """How often the actor did one of these within a day."""
    return FactRow.objects.filter(kind__in=[kind.kind for kind in kinds], by_key=by.actor_key, at__gt=at - DAY).count()


def require_pace(*kinds: type[Fact], most: int, by: Actor, at: datetime) -> None:
    """Refuse what the actor did ``most`` times within a day. Hallway itself may do it as often as there is cause."""
    if not isinstance(by, SystemPerson) and done_lately(*kinds, by=by, at=at) >= most:
        raise Refusal(
            "pace.too_often",
            _("You did this %(most)s times within a day, and that is the most. Go on tomorrow.") % {"most": most},
            status=429,
        )
