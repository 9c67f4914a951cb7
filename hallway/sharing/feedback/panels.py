"""What feedback puts on other pages: the way to say something, what speakers show, what waits for the team."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.panels import panel
from hallway.kit.store import carry
from hallway.kit.visitors import visitor_of
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk

from . import policies, queries
from .models import Card, Feedback
from .queries.tools import cards_here, shown_cards

MOST_SESSIONS = 4
MOST_PIECES = 6


@panel("session_page.below", order=70)
def said_about_a_session(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """The way to say something while it is open, what the speakers show, and cards that came from here."""
    if session.kind == Session.Kind.BREAK or session.event.state != Event.State.PUBLISHED:
        return ""
    if session.talk_id:
        carry(request, f"feedback:{session.talk_id}")
    window = queries.window_of(session, spoken=True) if policies.might_take(session) else None
    now = clock.now()
    state = window.state(now) if window else ""
    if window is not None and state != "over":
        carry(request, good_until=window.opens_at if state == "before" else window.closes_at)
    context = {
        "session": session, "event": session.event, "state": state, "window": window, "reader": reader,
        "pieces": queries.published_of(session.talk)[:MOST_PIECES] if session.talk else [],
        "cards": cards_here(session, reader if isinstance(reader, Person) else None),
        "is_speaker": policies.is_speaker(reader, session),
        "begun": state in {"open", "over"},
    }  # fmt: skip
    return render_to_string("feedback/session_panel.html", context, request=request)


@panel("session_page.side", order=20)
def said_before(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """Before a talk is given again its speakers see what was said the other times."""
    if not isinstance(reader, Person) or session.talk is None or not policies.is_speaker(reader, session):
        return ""
    heard = queries.heard_by(reader, talk=session.talk)
    earlier = [one for _talk, occasions in heard for one in occasions if one.session.pk != session.pk]
    if not earlier:
        return ""
    return render_to_string("feedback/before_panel.html", {"talk": session.talk, "earlier": earlier})


@panel("talk_page.below", order=70)
def said_about_a_talk(talk: Talk, *, reader: Any = None, request: Any = None) -> str:
    """What its speakers show of what was said, wherever it was given."""
    carry(request, f"feedback:{talk.pk}")
    pieces = queries.published_of(talk)[:MOST_PIECES]
    return render_to_string("feedback/pieces.html", {"pieces": pieces}, request=request) if pieces else ""


@panel("talks_page.head", order=70)
def tools_spoken_of(*, reader: Any = None, request: Any = None) -> str:
    """From the list of talks to the tools they speak of, once there is one."""
    carry(request, "products")
    if not queries.products_visible_to(None).exists():
        return ""
    return render_to_string("feedback/talks_panel.html", {})


@panel("event_about.below", order=60)
def say_something(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """On the event's own page: its talks to which one can say something now."""
    now = clock.now()
    begins, ends = event.starts_at, event.ends_at or event.starts_at
    if begins is None or ends is None or event.state != Event.State.PUBLISHED or now > ends + queries.LASTS:
        return ""
    if now < begins:
        carry(request, good_until=begins)
        return ""
    sessions = queries.open_sessions(event, now)[:MOST_SESSIONS]
    carry(request, good_until=queries.next_turn(event, now))
    return render_to_string("feedback/event_panel.html", {"event": event, "sessions": sessions}) if sessions else ""


@panel("hallway_page.below", order=60)
def said_at_an_event(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """In the hallway: how many spoke to the speakers, and the tools that were spoken of."""
    carry(request, "products")
    voices = Feedback.objects.filter(session__event=event).count()
    cards = shown_cards().filter(session__event=event).select_related("product", "group")
    tools: dict[int, list[Card]] = {}
    for card in cards.order_by("-written_at", "-pk")[:200]:
        tools.setdefault(card.product_id, []).append(card)
    shown = voices if voices >= queries.VOICES_PUBLIC else None
    sessions = queries.open_sessions(event, clock.now())[:MOST_SESSIONS]
    if not (shown or tools or sessions):
        return ""
    context = {
        "event": event, "voices": shown, "sessions": sessions,
        "tools": [(found[0].product, found[:2]) for found in tools.values()][:MOST_PIECES],
    }  # fmt: skip
    return render_to_string("feedback/hallway_panel.html", context, request=request)


@panel("event_about.team", order=40)
@panel("hallway_page.team", order=40)
def waiting_for_the_team(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The way to texts that wait, with how many."""
    if not isinstance(reader, Person) or not policies.can_review_event(reader, event):
        return ""
    number = queries.to_review(reader, event).count()
    if not number:
        return ""
    words = ngettext("%(n)s text to a speaker waits", "%(n)s texts to speakers wait", number) % {"n": number}
    address = reverse("feedback:queue", args=[event.slug])
    return format_html('<p><a class="button small" href="{}">{}</a></p>', address, words)


@panel("me.links", order=30)
def my_feedback(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """What was said to one's talks, and what one said to others; for administrators, proofs that wait."""
    device = visitor_of(request) if request is not None else None
    context = {
        "said": bool(queries.said_by([one.actor_key for one in (person, device) if one is not None])),
        "speaks": person.speakings.exists(),
        "proofs": queries.to_check().count() if can_look_after_instance(person) else 0,
        "products": list(queries.spoken_for(person)),
    }
    return render_to_string("feedback/me_links.html", context) if any(context.values()) else ""
