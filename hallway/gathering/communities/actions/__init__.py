"""Every change of a community, one function each."""

from .editing import edit_community, hide_community, publish_community, set_picture, show_community, unpublish_community
from .exclusions import ban_from_community, lift_community_exclusion, mute_in_community
from .founding import (
    approve_founding,
    ask_founding_again,
    decline_founding,
    drop_founding,
    found_community,
    invite_founder,
    keep_founding,
)
from .membership import join_community, quit_community, show_membership
from .network import answer_network, ask_network, leave_network, withdraw_network_question
from .series import SeriesTerms, change_series, end_series, pause_series, resume_series, start_series
from .team import (
    accept_team_invitation,
    change_role,
    decline_team_invitation,
    end_role,
    expire_role,
    invite_to_team,
    resend_team_invitation,
    withdraw_team_invitation,
)
from .writing import write_to_team

__all__ = [
    "SeriesTerms",
    "accept_team_invitation",
    "answer_network",
    "approve_founding",
    "ask_founding_again",
    "ask_network",
    "ban_from_community",
    "change_role",
    "change_series",
    "decline_founding",
    "decline_team_invitation",
    "drop_founding",
    "edit_community",
    "end_role",
    "end_series",
    "expire_role",
    "found_community",
    "hide_community",
    "invite_founder",
    "invite_to_team",
    "join_community",
    "keep_founding",
    "leave_network",
    "lift_community_exclusion",
    "mute_in_community",
    "pause_series",
    "publish_community",
    "quit_community",
    "resend_team_invitation",
    "resume_series",
    "set_picture",
    "show_community",
    "show_membership",
    "start_series",
    "unpublish_community",
    "withdraw_network_question",
    "withdraw_team_invitation",
    "write_to_team",
]
