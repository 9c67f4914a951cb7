"""What happened to mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class MailWritten(Fact):
    """A mail stands in the outbox. To whom is the row's own business; it shows in nobody's trail."""

    kind = "notices.mail_written"
    sentence = ""
    mail_id: int

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class MailServerTried(Fact):
    """An administrator tried the mail server and it took the mail."""

    kind = "notices.test_mail_sent"
    sentence = ""

    def scopes(self) -> Iterable[str]:
        return ("instance",)
