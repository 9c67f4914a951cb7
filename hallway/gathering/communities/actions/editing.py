"""What a community says of itself, and who can see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.facts import (
    CommunityEdited,
    CommunityHidden,
    CommunityPublished,
    CommunityUnpublished,
)
from hallway.gathering.communities.models import Community
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import is_well_formed, one_at_a_time, remember_slug

DETAILS = frozenset({
    "name", "slug", "tagline", "description", "conduct", "place_name", "country", "latitude", "longitude", "zone",
    "languages", "links", "contact", "hue", "state",
})  # fmt: skip


def edit_community(*, community: Community, changes: Mapping[str, Any], by: Actor, at: datetime) -> list[str]:
    """Change columns (see ``DETAILS``) and ``topics`` (a list of Topic). Returns what really changed.

    Raises Refusal ``community.slug_taken`` or ``community.slug_bad`` when the new address cannot be had.
    """
    require_edit(by, community)
    with transaction.atomic():
        if "slug" in changes:
            one_at_a_time("community")  # before the row, as everywhere
        community = Community.objects.select_for_update().get(pk=community.pk)
        old_slug = community.slug
        changed = [name for name in DETAILS & changes.keys() if getattr(community, name) != changes[name]]
        if "slug" in changed:
            _check_slug(changes["slug"], community.pk)
        for name in changed:
            setattr(community, name, changes[name])
        if changed:
            community.save(update_fields=changed)
        if "slug" in changed:
            remember_slug("community", old_slug, community.pk)
        if "topics" in changes and _set_topics(community, changes["topics"]):
            changed.append("topics")
        if changed:
            announce(CommunityEdited(community_id=community.pk, fields=tuple(sorted(changed))), by=by, at=at)
    return sorted(changed)


def require_edit(by: Actor, community: Community) -> None:
    """Refuse unless ``by`` is an organiser."""
    require(
        policies.can_edit_community(by, community),
        "community.cannot_edit",
        _("Only organisers can change this. Ask one of them."),
    )


def _check_slug(slug: str, community_id: int) -> None:
    if not is_well_formed(slug):
        raise Refusal(
            "community.slug_bad",
            _("Use 4 to 60 lower-case letters without accents, figures, hyphens or underscores."),
            field="slug",
        )
    if queries.is_slug_taken(slug, community_id):
        raise Refusal(
            "community.slug_taken", _("This address is or was somebody else’s. Choose another one."), field="slug"
        )


def _set_topics(community: Community, topics: list[Any]) -> bool:
    before = set(community.topics.values_list("pk", flat=True))
    community.topics.set(topics)
    return before != {topic.pk for topic in topics}


def set_picture(*, community: Community, picture: str, by: Actor, at: datetime) -> None:
    """Show a stored upload (its path under the media folder) as the community's picture, or none ("")."""
    require_edit(by, community)
    with transaction.atomic():
        changed = Community.objects.filter(pk=community.pk).exclude(picture=picture).update(picture=picture)
        if changed:
            announce(CommunityEdited(community_id=community.pk, fields=("picture",)), by=by, at=at)


def publish_community(*, community: Community, by: Actor, at: datetime) -> None:
    """Let everybody see the community. Doing it twice does nothing."""
    require(
        policies.can_publish_community(by, community),
        "community.cannot_publish",
        _("This community waits for an administrator. You will get a mail when it has been looked at."),
    )
    with transaction.atomic():
        if Community.objects.filter(pk=community.pk, public_at=None).update(public_at=at):
            announce(CommunityPublished(community_id=community.pk), by=by, at=at)


def unpublish_community(*, community: Community, by: Actor, at: datetime) -> None:
    """Take the community's pages back; only its team sees them until it is published again."""
    require_edit(by, community)
    with transaction.atomic():
        if Community.objects.filter(pk=community.pk, public_at__isnull=False).update(public_at=None):
            announce(CommunityUnpublished(community_id=community.pk), by=by, at=at)


def hide_community(*, community: Community, by: Actor, at: datetime) -> None:
    """An administrator hides a community, whatever its team says."""
    _require_administrator(by)
    with transaction.atomic():
        if Community.objects.filter(pk=community.pk, hidden_at=None).update(hidden_at=at):
            announce(CommunityHidden(community_id=community.pk), by=by, at=at)


def show_community(*, community: Community, by: Actor, at: datetime) -> None:
    """An administrator shows a hidden community again."""
    _require_administrator(by)
    with transaction.atomic():
        if Community.objects.filter(pk=community.pk, hidden_at__isnull=False).update(hidden_at=None):
            announce(CommunityHidden(community_id=community.pk, hidden=False), by=by, at=at)


def _require_administrator(by: Actor) -> None:
    require(policies.can_hide_community(by), "community.cannot_hide", _("Only administrators can hide a community."))
