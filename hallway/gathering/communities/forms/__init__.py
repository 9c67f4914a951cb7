"""What people type about communities, cleaned. Nothing is saved here."""

from .editing import EditForm, NetworkForm
from .founding import LookForm, MeetForm, NameForm, TeamForm
from .series import SeriesForm
from .team import DeclineForm, FounderForm, InviteForm, RoleForm
from .writing import WriteForm

__all__ = [
    "DeclineForm",
    "EditForm",
    "FounderForm",
    "InviteForm",
    "LookForm",
    "MeetForm",
    "NameForm",
    "NetworkForm",
    "RoleForm",
    "SeriesForm",
    "TeamForm",
    "WriteForm",
]
