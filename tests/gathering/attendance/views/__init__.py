"""What the tests of these pages do again and again."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from hallway.gathering.attendance.models import Registration
from hallway.gathering.attendance.tokens import Right
from hallway.kit.links import token_of
from hallway.notices.models import OutboxMail

SAME = {"Sec-Fetch-Site": "same-origin"}


def post(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(address, data or {}, headers=SAME)


def page_of(row: Registration) -> str:
    """The page of a registration, which opens with the link alone."""
    return f"/registrations/{token_of(Right.REGISTRATION, row.pk, row.nonce)}/"


def mailed_link(which: str = "confirm") -> str:
    """The path of the link in the newest mail."""
    mail = OutboxMail.objects.order_by("-pk").first()
    assert mail is not None
    found = re.search(rf"https?://[^/]+(/registrations/{which}/\S+/)", mail.text)
    assert found, mail.text
    return found[1]
