"""Rows of attendance."""

from .admissions import Admission, AdmissionInvitation, AdmissionQuestion, RegistrationRequest
from .door import CheckIn, DoorHelper, ListExport
from .registrations import AdmissionAnswer, Registration, SeatOffer, StandingRegistration, StillComing

__all__ = [
    "Admission",
    "AdmissionAnswer",
    "AdmissionInvitation",
    "AdmissionQuestion",
    "CheckIn",
    "DoorHelper",
    "ListExport",
    "Registration",
    "RegistrationRequest",
    "SeatOffer",
    "StandingRegistration",
    "StillComing",
]
