"""Tags for a community's pages: its masthead, its rules and dates in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.lists import format_list
from babel.numbers import format_decimal
from django import template
from django.template.context import RequestContext
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.models import Community, Membership, Series
from hallway.gathering.communities.recurrence import say_cadence, say_rule
from hallway.gathering.communities.tabs import community_tabs
from hallway.kit.templatetags.hallway import say_clock, say_day, zone_of
from hallway.people.models import Person
from hallway.vocabulary.languages import language_name
from hallway.vocabulary.places import country_name
from hallway.vocabulary.topics import topic_choices

register = template.Library()


def _language() -> str:
    return get_language() or "en"


def _locale() -> str:
    return _language().replace("-", "_")


@register.inclusion_tag("communities/masthead.html", takes_context=True)
def community_masthead(context: RequestContext, community: Community, tab: str = "") -> dict[str, Any]:
    """Name, line, buttons, art and doors; the door whose key is ``tab`` is the open one."""
    request = context.get("request")
    user = getattr(request, "user", None)
    reader = user if isinstance(user, Person) else None
    mine = Membership.objects.filter(community=community, person=reader).first() if reader else None
    return {
        "request": request,
        "user": user,
        "community": community,
        "line": say_line(community),
        "mine": mine,
        "is_open": policies.can_join_community(reader or Person(), community),
        "is_team": queries.role_of(reader, community.pk) is not None,
        "tabs": community_tabs(community, reader),
        "tab": tab,
    }


@register.simple_tag
def community_line(community: Community) -> str:
    """``Every month in Johannesburg, in English and Zulu. 1,284 members.``"""
    return say_line(community)


@register.simple_tag
def community_lines(communities: Iterable[Community]) -> dict[int, str]:
    """The line of each, by id, with as many queries for all of them as for one."""
    ids = [community.pk for community in communities]
    rules, members = queries.rules_of(ids), queries.member_counts(ids)
    return {one.pk: _line(one, rules.get(one.pk, ""), members.get(one.pk, 0)) for one in communities}


def say_line(community: Community) -> str:
    """How often, where, in which languages, how many; what is unknown is left out."""
    return community_lines([community])[community.pk]


def _line(community: Community, rule: str, members: int) -> str:
    parts = [_rhythm(community, rule), _spoken(community.languages)]
    first = ", ".join(part for part in parts if part)
    second = say_members(members) if members else ""
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in (first, second) if part)


def _rhythm(community: Community, rule: str) -> str:
    cadence = say_cadence(rule) if rule else ""
    place = community.place_name
    if not place:
        return cadence
    if not community.country:
        return f"{cadence}, {place}" if cadence else place
    where = _contracted(_("in %(place)s") % {"place": place})
    return f"{cadence} {where}" if cadence else where


def _contracted(where: str) -> str:
    """« au Havre » and « aux Ulis » where French would otherwise say « à Le » and « à Les »."""
    if not _language().startswith("fr"):
        return where
    return where.replace("à Le ", "au ", 1).replace("à Les ", "aux ", 1)


def _spoken(codes: list[str]) -> str:
    if not codes:
        return ""
    names = [language_name(code, _language()) for code in codes]
    # French says « en » before each of them.
    more = pgettext("a language after “in English and”", "%(language)s")
    names[1:] = [more % {"language": name} for name in names[1:]]
    return _("in %(languages)s") % {"languages": format_list(names, locale=_locale())}


@register.filter
def say_members(count: int) -> str:
    """``1,284 members``."""
    said = format_decimal(count, locale=_locale())
    return ngettext("%(count)s member", "%(count)s members", count) % {"count": said}


@register.simple_tag
def series_rule(series: Series) -> str:
    """``Third Wednesday of the month, 18:30``."""
    said = say_rule(series.rule, _language(), series.local_time)
    return said[0].upper() + said[1:]


@register.simple_tag
def date_line(moment: datetime, zone: str) -> str:
    """``Wednesday 16 December 2026, 18:30``: a date made by a rule, on the clock of its zone."""
    local = moment.astimezone(zone_of(zone))
    return _("%(days)s, %(time)s") % {
        "days": say_day(local, "EEEE d MMMM y"),
        "time": say_clock(local),
    }


@register.simple_tag
def at_plain(moment: datetime, zone: str) -> str:
    """``7 December 2026``: a day in a letter, without markup."""
    return say_day(moment.astimezone(zone_of(zone)), "d MMMM y")


@register.simple_tag
def country(code: str) -> str:
    """A country's name in the page's language."""
    return country_name(code, _language())


@register.simple_tag
def all_topics() -> list[str]:
    """Names of all topics, for a field that proposes them."""
    return [name for _slug, name in topic_choices(_language())]
