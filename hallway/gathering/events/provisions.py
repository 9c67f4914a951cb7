"""What a venue or a room offers, as data: fixed words, named in both languages, kept by their code."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACCESS: dict[str, str | Promise] = {
    "step_free": _("Step-free way in"),
    "lift": _("Lift"),
    "toilets": _("Accessible toilets"),
    "gender_neutral_toilets": _("Gender-neutral toilets"),
    "induction_loop": _("Induction loop"),
    "sign_language": _("Sign language"),
    "captions": _("Live captions"),
    "quiet_room": _("Quiet room"),
    "wheelchair_seats": _("Wheelchair places"),
    "assistance_dogs": _("Assistance dogs welcome"),
    "parking": _("Accessible parking"),
    "transport": _("Public transport close by"),
    "childcare": _("Childcare"),
    "baby_changing": _("Baby changing"),
    "prayer_room": _("Prayer room"),
    "gluten_free": _("Food for special diets"),
}

EQUIPMENT: dict[str, str | Promise] = {
    "hdmi": _("Projector, HDMI"),
    "usb_c": _("Projector, USB-C"),
    "microphone": _("Microphone"),
    "audience_microphone": _("Microphone for the audience"),
    "sound": _("Sound from a laptop"),
    "recording": _("Recording"),
    "livestream": _("Livestream"),
    "whiteboard": _("Whiteboard"),
    "power": _("Power at the seats"),
    "tables": _("Tables to work at"),
    "wifi": _("Wireless network"),
    "confidence_monitor": _("Screen for the speaker"),
}


def labels(codes: Iterable[str], vocabulary: dict[str, str | Promise]) -> list[str]:
    """The names of the codes that are known, in the vocabulary's order and the page's language."""
    given = set(codes)
    return [str(label) for code, label in vocabulary.items() if code in given]


def known(codes: Iterable[str], vocabulary: dict[str, str | Promise]) -> list[str]:
    """The codes that are words of the vocabulary, in its order, each once."""
    given = set(codes)
    return [code for code in vocabulary if code in given]
