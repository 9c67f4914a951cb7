"""What the outbox has due: mail to send, old mail to forget."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.errors import MessageError
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q

from hallway.kit import clock
from hallway.kit.sweeps import LEASE, sweep

from .models import OutboxMail
from .post import MailServer, connect, mail_server, post, stays_in_the_house

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=2)


@sweep(every=timedelta(seconds=2))
def send_due_mail() -> int:
    """Send every mail that is due, oldest first, over one connection. Returns how many were handled."""
    handled = 0
    connection: BaseEmailBackend | None = None
    server: MailServer | None = None
    try:
        while (mail := _claim()) is not None:
            handled += 1
            if stays_in_the_house():
                _mark_sent(mail)
                continue
            if server is None or connection is None:
                server = mail_server()
                connection = connect(server)
            try:
                connection.open()
                post(mail, server, connection)
            except (OSError, SMTPException, MessageError, ValueError) as error:
                _put_off(mail, error)
                connection.close()
                connection = None
            else:
                _mark_sent(mail)
    finally:
        if connection is not None:
            connection.close()
    return handled


def _claim() -> OutboxMail | None:
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    with transaction.atomic():
        due = OutboxMail.objects.filter(free, sent_at=None, failed_at=None, due_at__lte=now)
        mail = due.order_by("due_at", "id").first()
        if mail is None or not due.filter(pk=mail.pk).update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
            return None
    mail.refresh_from_db()
    return mail


def _mark_sent(mail: OutboxMail) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), claimed_until=None, error="")


def _put_off(mail: OutboxMail, error: Exception) -> None:
    """Try again later, ever less often; give up at once on an address the server says does not exist."""
    log.warning("mail %s was not taken: %r", mail.pk, error)
    now = clock.now()
    hopeless = mail.attempts >= MOST_ATTEMPTS or (
        isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _answer in error.recipients.values())
    )
    wait = min(LONGEST_WAIT, timedelta(seconds=15 * 4 ** (mail.attempts - 1)))
    OutboxMail.objects.filter(pk=mail.pk).update(
        claimed_until=None,
        due_at=now + wait,
        failed_at=now if hopeless else None,
        error=str(error)[:2000] or repr(error)[:2000],
    )


@sweep(every=timedelta(hours=1))
def forget_old_mail() -> int:
    """Delete sign-in mail after a day and other mail after thirty, counted from when it was sent or given up."""
    now = clock.now()
    gone = 0
    for kind, kept in ((OutboxMail.Kind.SIGN_IN, timedelta(days=1)), (OutboxMail.Kind.NOTICE, timedelta(days=30))):
        done = Q(sent_at__lt=now - kept) | Q(failed_at__lt=now - kept)
        gone += OutboxMail.objects.filter(done, kind=kind).delete()[0]
    return gone
