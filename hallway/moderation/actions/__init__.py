"""Every change of reports, decisions and appeals."""

from .appealing import answer_appeal, appeal_decision
from .deciding import decide_case, open_case
from .forgetting import forget_cases
from .reporting import report_thing, tell_deciders
from .taking_back import take_decision_back

__all__ = [
    "answer_appeal",
    "appeal_decision",
    "decide_case",
    "forget_cases",
    "open_case",
    "report_thing",
    "take_decision_back",
    "tell_deciders",
]
