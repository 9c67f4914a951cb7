"""What communities put on the pages of people: the ones they help to run, and what moves when two entries merge."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import ngettext

from hallway.kit.panels import panel
from hallway.people.models import Person

from . import policies, queries
from .models import Membership, TeamRole


@panel("me.links")
def communities_one_belongs_to(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """A line for each community the person helps to run, joined or follows, and what waits for administrators."""
    roles = queries.present_roles().filter(person=person).select_related("community").order_by("community__name", "pk")
    helped = {role.community_id for role in roles}
    belonging = Membership.objects.filter(person=person).exclude(community__in=helped).select_related("community")
    context = {
        "roles": list(roles),
        "memberships": list(belonging.order_by("community__name", "pk")),
        "decides": policies.can_decide_foundings(person),
        "waiting": queries.waiting_foundings().count() if policies.can_decide_foundings(person) else 0,
    }
    return render_to_string("communities/my_communities.html", context)


@panel("person_merge.moves", order=20)
def roles_and_memberships(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """How many parts in teams and memberships an entry has."""
    roles = TeamRole.objects.filter(person=person, ended_at=None).count()
    memberships = Membership.objects.filter(person=person).count()
    said = []
    if roles:
        said.append(ngettext("%(n)s part in a team moves.", "%(n)s parts in teams move.", roles) % {"n": roles})
    if memberships:
        words = ngettext(
            "%(n)s community followed or joined moves.", "%(n)s communities followed or joined move.", memberships
        )
        said.append(words % {"n": memberships})
    return format_html("<li>{}</li>", " ".join(said)) if said else ""
