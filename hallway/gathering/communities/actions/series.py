"""Series: the living rules by which a community meets. The editions are events', made when they hear the facts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.facts import (
    SeriesChanged,
    SeriesEnded,
    SeriesPaused,
    SeriesResumed,
    SeriesStarted,
)
from hallway.gathering.communities.models import Community, Series
from hallway.gathering.communities.recurrence import read_rule
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal
from hallway.kit.slugs import one_at_a_time, propose_slug

from .editing import require_edit


@dataclass(frozen=True)
class SeriesTerms:
    """How a community meets. ``rule`` as in ``recurrence``, ``local_time`` on the clock of ``zone``, length in
    minutes, ``seats`` None for as many as come."""

    title: dict[str, str]
    rule: str
    starts_on: date
    local_time: time
    minutes: int
    zone: str
    venue_note: str = ""
    seats: int | None = None


def start_series(*, community: Community, terms: SeriesTerms, by: Actor, at: datetime) -> Series:
    """Begin to meet by a rule; events make the next three dates."""
    require_edit(by, community)
    _check_rule(terms.rule)
    with transaction.atomic():
        one_at_a_time("series")
        slug = propose_slug(f"{community.slug}-meetup", lambda free: Series.objects.filter(slug=free).exists())
        series = Series.objects.create(community=community, slug=slug, **asdict(terms))
        announce(SeriesStarted(community_id=community.pk, series_id=series.pk), by=by, at=at)
    return series


def change_series(*, series: Series, terms: SeriesTerms, by: Actor, at: datetime) -> list[str]:
    """Change rule and usual values. Dates somebody changed by hand, and past ones, stay. Returns what changed."""
    require_edit(by, series.community)
    _check_rule(terms.rule)
    with transaction.atomic():
        series = Series.objects.select_for_update().get(pk=series.pk)
        _refuse_ended(series)
        changed = sorted(name for name, value in asdict(terms).items() if getattr(series, name) != value)
        for name in changed:
            setattr(series, name, getattr(terms, name))
        if changed:
            series.save(update_fields=changed)
            announce(
                SeriesChanged(community_id=series.community_id, series_id=series.pk, fields=tuple(changed)),
                by=by,
                at=at,
            )
    return changed


def pause_series(*, series: Series, by: Actor, at: datetime) -> None:
    """Make no new dates until resumed."""
    require_edit(by, series.community)
    with transaction.atomic():
        if Series.objects.filter(pk=series.pk, paused_at=None, ended_at=None).update(paused_at=at):
            announce(SeriesPaused(community_id=series.community_id, series_id=series.pk), by=by, at=at)


def resume_series(*, series: Series, by: Actor, at: datetime) -> None:
    """Make dates again."""
    require_edit(by, series.community)
    with transaction.atomic():
        if Series.objects.filter(pk=series.pk, paused_at__isnull=False, ended_at=None).update(paused_at=None):
            announce(SeriesResumed(community_id=series.community_id, series_id=series.pk), by=by, at=at)


def end_series(*, series: Series, by: Actor, at: datetime) -> None:
    """Meet by this rule no longer. It cannot be begun again; a new series can."""
    require_edit(by, series.community)
    with transaction.atomic():
        if Series.objects.filter(pk=series.pk, ended_at=None).update(ended_at=at):
            announce(SeriesEnded(community_id=series.community_id, series_id=series.pk), by=by, at=at)


def _check_rule(rule: str) -> None:
    try:
        read_rule(rule)
    except ValueError as error:
        raise Refusal("series.unknown_rule", _("Choose a day of the month or of the week."), field="every") from error


def _refuse_ended(series: Series) -> None:
    if series.ended_at is not None:
        raise Refusal("series.ended", _("This series is over. Start a new one."))
