"""Rows of questions: the floor of a session, what was asked on it, and what was answered."""

from .answers import Answer, Mark, Rendezvous, RendezvousJoin
from .floors import Digest, Floor, MuteCause, MutedAsker
from .offers import HelpOffer
from .questions import Case, Follow, Question, Told, Vote

__all__ = [
    "Answer",
    "Case",
    "Digest",
    "Floor",
    "Follow",
    "HelpOffer",
    "Mark",
    "MuteCause",
    "MutedAsker",
    "Question",
    "Rendezvous",
    "RendezvousJoin",
    "Told",
    "Vote",
]
