"""Parent networks: asked by the community, accepted by the network's organisers."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.facts import NetworkAsked, NetworkDeclined, NetworkJoined, NetworkLeft
from hallway.gathering.communities.models import Community, NetworkRequest
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.actions import send_notice
from hallway.people.models import Person

from .editing import require_edit

MOST_A_DAY = 10


def ask_network(*, community: Community, parent: Community, by: Actor, at: datetime) -> NetworkRequest:
    """Ask another community to be this one's network. A new question replaces the one still open."""
    require_edit(by, community)
    require_pace(NetworkAsked, most=MOST_A_DAY, by=by, at=at)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        _refuse_circle(community, parent)
        question, _made = NetworkRequest.objects.update_or_create(
            community=community,
            defaults={"parent": parent, "asked_by": by if isinstance(by, Person) else None, "asked_at": at},
        )
        url = f"{settings.HALLWAY_BASE_URL}/c/{parent.slug}/network/"
        announce(NetworkAsked(community_id=community.pk, parent_id=parent.pk), by=by, at=at)
        for organiser in queries.lasting_organisers(parent.pk).select_related("person"):
            send_notice(
                to_person=organiser.person,
                template="communities/mail/network_asked",
                context={"community": community.name, "parent": parent.name, "url": url},
                dedupe_key=f"network-asked:{question.pk}:{parent.pk}:{organiser.person_id}",
                by=by,
                at=at,
            )
    return question


def _refuse_circle(community: Community, parent: Community) -> None:
    above: Community | None = parent
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        if above.pk == community.pk:
            raise Refusal(
                "network.circle",
                _("A community cannot be part of its own network. Choose another one."),
                field="parent",
            )
        seen.add(above.pk)
        above = above.parent


def answer_network(*, question: NetworkRequest, accept: bool, by: Actor, at: datetime) -> None:
    """The network's organisers take the community in, or do not."""
    if not policies.can_edit_community(by, question.parent):
        raise NotAllowed("network.cannot_answer", _("Only organisers of the network can answer this."))
    with transaction.atomic():
        community = Community.objects.select_for_update().get(pk=question.community_id)
        gone, _rows = NetworkRequest.objects.filter(pk=question.pk, parent_id=question.parent_id).delete()
        if not gone:
            raise Refusal("network.answered", _("This request was already answered or withdrawn."))
        if question.asked_by is not None:
            send_notice(
                to_person=question.asked_by,
                template="communities/mail/network_answered",
                context={
                    "community": community.name,
                    "parent": question.parent.name,
                    "accepted": accept,
                    "url": f"{settings.HALLWAY_BASE_URL}/c/{community.slug}/network/",
                },
                by=by,
                at=at,
            )
        if not accept:
            announce(NetworkDeclined(community_id=community.pk, parent_id=question.parent_id), by=by, at=at)
            return
        _refuse_circle(community, question.parent)
        community.parent = question.parent
        community.save(update_fields=["parent"])
        announce(NetworkJoined(community_id=community.pk, parent_id=question.parent_id), by=by, at=at)


def withdraw_network_question(*, question: NetworkRequest, by: Actor, at: datetime) -> None:
    """Take the question back."""
    require_edit(by, question.community)
    with transaction.atomic():
        gone, _rows = NetworkRequest.objects.filter(pk=question.pk).delete()
        if gone:
            announce(NetworkDeclined(community_id=question.community_id, parent_id=question.parent_id), by=by, at=at)


def leave_network(*, community: Community, by: Actor, at: datetime) -> None:
    """The community leaves its network; organisers of either side may end it."""
    parent = community.parent
    if parent is None:
        return
    if not (policies.can_edit_community(by, community) or policies.can_edit_community(by, parent)):
        raise NotAllowed("network.cannot_leave", _("Only organisers can change this. Ask one of them."))
    with transaction.atomic():
        if Community.objects.filter(pk=community.pk, parent=parent).update(parent=None):
            announce(NetworkLeft(community_id=community.pk, parent_id=parent.pk), by=by, at=at)
