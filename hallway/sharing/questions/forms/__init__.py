"""What people write on floors; cleans, saves nothing."""

from .afterwards import AnswerForm, CaseForm, EditForm, FollowForm, HelpForm, MeetForm

__all__ = ["AnswerForm", "CaseForm", "EditForm", "FollowForm", "HelpForm", "MeetForm"]
