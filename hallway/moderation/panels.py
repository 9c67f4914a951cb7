"""What moderation puts on lower pages: the way to report a text or a person, and what waits for those who decide."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.models import Community
from hallway.gathering.events import policies as events
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.links import token_of
from hallway.kit.panels import panel
from hallway.kit.reportable import KINDS
from hallway.people.models import Person

from . import policies, queries
from .models import ConductCase


@panel("said.more")
def report_it(kind: str, thing: Any, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """Beside a text or a person: report it, and block whose it is. Without a query, since lists ask it for each line.

    Readers without an account get the same words everywhere, so that pages can be stored.
    """
    what = KINDS.get(kind)
    if what is None or thing is None or thing.pk is None:
        return ""
    author = what.author_id(thing)
    if reader is not None and author == reader.pk:
        return ""
    context = {
        "report": reverse("moderation:report", args=[kind, thing.pk]),
        "what": what,
        "to_block": author if reader is not None else None,
        "next": request.get_full_path() if request is not None else "",
    }
    return render_to_string("moderation/said_more.html", context, request)


@panel("said.decided")
def why_it_was_done(kind: str, thing: Any, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """For whoever wrote it, on a page where they alone find it: the reason, and the way to another look."""
    decision = queries.decision_about(kind, thing.pk)
    if decision is None:
        return ""
    context = {
        "decision": decision, "appeal": getattr(decision, "appeal", None),
        "address": reverse("moderation:appeal", args=[token_of(queries.APPEAL, decision.pk, decision.nonce)]),
    }  # fmt: skip
    return render_to_string("moderation/said_decided.html", context, request)


@panel("me.links", order=80)
def what_waits(person: Person, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The door for those who decide, also while nothing waits: whoever is kept out is let in there."""
    at = clock.now()
    number = queries.waiting(queries.visible_to(person, at)).count() + len(queries.to_review(person))
    if not number and not policies.can_look_after_cases(person):
        return ""
    return render_to_string("moderation/my_line.html", {"number": number})


@panel("event_about.team", order=70)
def reports_of_an_event(event: Event, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The same on the event's page, for those who run it."""
    if not events.can_ban(reader, event):
        return ""
    number = queries.how_many_wait(reader, ConductCase.objects.filter(event=event), clock.now())
    return render_to_string("moderation/event_line.html", {"number": number})


@panel("community_page.organise", order=70)
def reports_of_a_community(community: Community, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The same among what organisers of a community do."""
    if not communities.can_exclude(reader, community):
        return ""
    here = ConductCase.objects.filter(Q(community=community) | Q(event__community=community))
    return render_to_string("moderation/my_line.html", {"number": queries.how_many_wait(reader, here, clock.now())})
