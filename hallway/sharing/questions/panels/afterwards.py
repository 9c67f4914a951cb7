"""What stays open, on pages of talks, events and communities, and the way to what one can help with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.gathering.communities.tabs import tab as community_tab
from hallway.gathering.events.models import Event
from hallway.gathering.events.tabs import tab
from hallway.kit.panels import panel
from hallway.kit.store import carry
from hallway.kit.tabs import Tab
from hallway.people.models import Person
from hallway.programme.talks.models import Talk

from .. import queries

MOST_OF_A_COMMUNITY = 3


def _person(reader: Any) -> Person | None:
    return reader if isinstance(reader, Person) else None


@tab(order=20)
def hallway_of_an_event(event: Event, reader: Any) -> Tab | None:
    """The event's living part; a draft has none yet. Without a count: every page of the event would grow old by it."""
    if event.state == Event.State.DRAFT:
        return None
    return Tab("hallway", _("Hallway"), reverse("questions:event", args=[event.slug]))


@community_tab(order=15)
def hallway_of_a_community(community: Community, reader: Any) -> Tab:
    """What is open over all events of the community."""
    return Tab("hallway", _("Hallway"), reverse("questions:community", args=[community.slug]))


@panel("talk_page.below", order=40)
def asked_each_time(talk: Talk, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The talk's whole history of questions, over all times it was given."""
    givings = queries.history_of(talk, _person(reader))
    carry(request, f"questions:talk:{talk.pk}", *(f"floor:{one.floor.pk}" for one in givings))
    return render_to_string("questions/hallways/talk_panel.html", {"givings": givings}) if givings else ""


@panel("community_page.main", order=40)
def still_open_here(community: Community, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """A few open questions of the newest events, with the way to all."""
    questions = list(queries.questions_of_community(community, _person(reader))[:MOST_OF_A_COMMUNITY])
    carry(request, f"questions:community:{community.pk}", *(f"floor:{one.floor_id}" for one in questions))
    context = {"community": community, "questions": questions}
    return render_to_string("questions/hallways/community_panel.html", context) if questions else ""


@panel("me.links", order=40)
def what_i_can_help_with(person: Person, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The way to the topics one can help with."""
    return render_to_string("questions/hallways/me_link.html", {})
