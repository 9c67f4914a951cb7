"""Every change of the outbox that somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import wake
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from . import queries
from .facts import MailServerTried, MailWritten
from .letters import Attachment, write
from .models import OutboxMail
from .post import connect, mail_server, post, said_by_server


class EnoughMail(Refusal):
    """An address that nobody confirmed had its mails of the day."""

    def __init__(self) -> None:
        sentence = _("This address had three mails today and nobody confirmed it. Try again tomorrow.")
        super().__init__("mail.enough", sentence, status=429, field="address")


def send_notice(
    *,
    template: str,
    context: dict[str, Any],
    to_person: Person | None = None,
    to_address: str | None = None,
    language: str | None = None,
    kind: str = OutboxMail.Kind.NOTICE,
    headers: dict[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    dedupe_key: str | None = None,
    due_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> OutboxMail | None:
    """Write a mail into the outbox, in the caller's transaction; a sweep sends it after the commit.

    ``template`` names ``<template>.subject.txt`` and ``<template>.txt`` (both plain, nothing is escaped) and, if there
    is one, ``<template>.html``. They are rendered here and now with ``context`` plus ``person``, ``instance_name`` and
    ``base_url``, in ``language``, else the language of ``to_person``, else the page's. ``to_address`` wins over the
    person's own address. ``attachments`` go with it as files. The same ``dedupe_key`` again returns the first mail.

    An address that somebody typed and nobody confirmed yet gets three mails a day from the whole instance, those for
    signing in among them; beyond them EnoughMail is raised.
    Returns None, and writes nothing, for a person who left or has no address.
    """
    if not (address := to_address or (to_person.email if to_person and to_person.left_at is None else None)):
        return None
    if dedupe_key is not None and (earlier := OutboxMail.objects.filter(dedupe_key=dedupe_key).first()):
        return earlier
    # Sign-in mail goes to what was typed, whoever is signed in.
    if (to_person is None or kind == OutboxMail.Kind.SIGN_IN) and queries.has_enough_mail(address, at):
        raise EnoughMail
    letter = write(template, context, person=to_person, language=language)
    try:
        with transaction.atomic():
            mail = OutboxMail.objects.create(
                kind=kind, to_person=to_person, to_address=address, language=letter.language, subject=letter.subject,
                text=letter.text, html=letter.html, headers=headers or {},
                attachments=[asdict(attachment) for attachment in attachments], dedupe_key=dedupe_key, created_at=at,
                due_at=due_at or at,
            )  # fmt: skip
            announce(MailWritten(mail_id=mail.pk), by=by, at=at)
    except IntegrityError:
        # Two processes had the same reason at the same instant; the other one's mail stands.
        return OutboxMail.objects.get(dedupe_key=dedupe_key)
    transaction.on_commit(wake.sweeps)
    return mail


def send_test_mail(*, to_address: str, by: Person, at: datetime) -> None:
    """Send a mail now, past the outbox, to try the settings. Raises :class:`Refusal` with the server's own answer.

    Network: never call it inside a transaction.
    """
    if not to_address:
        raise Refusal("mail.no_address", _("Your account has no e-mail address. Add one first."))
    letter = write("notices/test_mail", {}, person=by, language=None)
    mail = OutboxMail(
        pk=0, to_address=to_address, language=letter.language, subject=letter.subject, text=letter.text, created_at=at
    )
    server = mail_server()
    try:
        post(mail, server, connect(server))
    except (OSError, SMTPException, ValueError) as error:
        raise Refusal("mail.server_refused", said_by_server(error, server), status=502) from error
    with transaction.atomic():
        announce(MailServerTried(), by=by, at=at)
