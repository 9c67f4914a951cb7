"""Tags and filters every template has: icons, faces, user text, times, panels."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, match_skeleton
from django import template
from django.contrib.staticfiles import finders
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hallway.kit import live
from hallway.kit import localised as localised_texts
from hallway.kit import panels as registry
from hallway.kit import text as user_text

register = template.Library()


@cache
def _icons() -> dict[str, str]:
    path = Path(__file__).parent.parent / "icons.json"
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return known


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A drawing beside a word; never the only carrier of meaning."""
    return mark_safe(  # noqa: S308 - our own file
        f'<svg aria-hidden="true" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{_icons()[name]}</svg>'
    )


@register.simple_tag
@cache
def drawn_here(name: str) -> SafeString:
    """A small SVG file as an address that holds it, which spares every page a request."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"there is no file called {name}")
    drawing = quote(Path(found).read_text(encoding="utf-8").strip(), safe=" =/:.,-()")
    return mark_safe(f"data:image/svg+xml,{drawing}")  # noqa: S308 - percent-encoded, and our own file


@register.simple_tag
def face(person: Any, size: str = "") -> SafeString:
    """The round picture or the initials of a person. The name stands beside it, so it is hidden from readers."""
    if person.picture:
        return format_html(
            '<img class="face {}" src="/media/{}" alt="" loading="lazy" width="48" height="48">',
            size,
            person.picture,
        )
    return format_html('<span class="face {} h{}" aria-hidden="true">{}</span>', size, person.hue, person.initials)


@register.filter
def pick(value: dict[str, str] | None) -> str:
    """The text for this reader, bare: for titles, attributes and sentences."""
    return localised_texts.pick(value).text


@register.simple_tag
def said(value: dict[str, str] | None, tag: str = "span") -> SafeString:
    """A person's one-line text in its language and direction: ``<span lang="fr" dir="auto">``."""
    text, language = localised_texts.pick(value)
    if language in {localised_texts.UNKNOWN, ""}:
        return format_html('<{0} dir="auto">{1}</{0}>', mark_safe(tag), text)  # noqa: S308 - our own tag name
    return format_html('<{0} lang="{1}" dir="auto">{2}</{0}>', mark_safe(tag), language, text)  # noqa: S308 - our own tag name


@register.simple_tag
def prose(value: dict[str, str] | str | None) -> SafeString:
    """A person's longer text (Markdown) as safe HTML in its language and direction."""
    text, language = (value, "") if isinstance(value, str) else localised_texts.pick(value)
    if not text:
        return SafeString("")
    html = user_text.render(text)
    if language in {localised_texts.UNKNOWN, ""}:
        return format_html('<div class="prose" dir="auto">{}</div>', html)
    return format_html('<div class="prose" lang="{}" dir="auto">{}</div>', language, html)


def _locale() -> str:
    """Babel's locale of the page. English pages write dates as most of the world does: 8 October, not October 8."""
    language = (get_language() or "en").replace("-", "_")
    return "en_GB" if language == "en" else language


def zone_of(zone: str | ZoneInfo) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)


@register.simple_tag
def at(instant: datetime, zone: str | ZoneInfo, skeleton: str = "yMMMMEEEEdHm") -> SafeString:
    """An instant in a zone, as people say it, in a ``<time>``. ``skeleton`` is CLDR's (``Hm``, ``MMMd``)."""
    local = instant.astimezone(zone_of(zone))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), say_when(local, skeleton))


@register.simple_tag
def until_the_end_of(instant: datetime, zone: str | ZoneInfo, skeleton: str = "MMMMEEEEd") -> str:
    """When something ends, after “until”: midnight is the end of the day before, as people say it."""
    local = instant.astimezone(zone_of(zone))
    if local.time() != time():
        return say_when(local, f"{skeleton}Hm")
    return _("the end of %(day)s") % {"day": say_when(local - timedelta(days=1), skeleton)}


def say_when(local: datetime, skeleton: str) -> str:
    """A local time in words of the page's language."""
    if skeleton == "Hm":
        return say_clock(local)
    words = say_day(local, _pattern(skeleton.removesuffix("Hm"), _locale()))
    return f"{words}, {say_clock(local)}" if skeleton.endswith("Hm") else words


def say_clock(local: datetime | time) -> str:
    """``09:45``, in French ``9 h 45`` and ``9 h``: a time of day as the page's language writes it."""
    if local.minute == 0:
        return pgettext("time of day", "%(hour)02d:00") % {"hour": local.hour}
    return pgettext("time of day", "%(hour)02d:%(minute)02d") % {"hour": local.hour, "minute": local.minute}


@cache
def _pattern(skeleton: str, locale: str) -> str:
    """CLDR's pattern for a skeleton, months and weekdays as long as the skeleton asks for."""
    known = Locale.parse(locale).datetime_skeletons
    best = match_skeleton(skeleton, known)
    pattern = str(known[best].pattern) if best else "d MMMM y"
    for found, wide in (("[ML]{3,}", "M"), ("[Ec]+", "E")):
        if (length := skeleton.count(wide)) >= 3:
            pattern = re.sub(found, wide * length, pattern)
    return pattern.replace("EEEE, ", "EEEE ")


@register.simple_tag
def days(starts_at: datetime, ends_at: datetime | None, zone: str) -> str:
    """``8–9 October 2026`` or ``Thursday 26 November 2026``: the days of something, in its own zone."""
    tz = zone_of(zone)
    first = starts_at.astimezone(tz)
    last = (ends_at - timedelta(seconds=1)).astimezone(tz) if ends_at and ends_at > starts_at else first
    if first.date() == last.date() or (last - first) < timedelta(hours=12):
        return say_when(first, "yMMMMEEEEd")
    until = say_day(last, "d MMMM y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{say_day(first, 'd')}–{until}"
    return f"{say_day(first, 'd MMMM' if first.year == last.year else 'd MMMM y')} – {until}"


@register.simple_tag
def weekday(day: Any, width: str = "abbreviated") -> str:
    """``Thu 8`` / ``jeu. 8`` of a date."""
    return say_day(day, "EEE d" if width == "abbreviated" else "EEEE d MMMM")


def say_day(moment: date, pattern: str) -> str:
    """A day by a pattern of CLDR (``d MMMM y``) in the page's language."""
    return _day_words(moment.date() if isinstance(moment, datetime) else moment, pattern, _locale())


@lru_cache(maxsize=2048)
def _day_words(day: date, pattern: str, locale: str) -> str:
    """Babel takes longer over a date than Django over a line of a page, and pages repeat few dates.

    The first of a month is « 1er » in French, which CLDR leaves out.
    """
    words = str(format_date(day, pattern, locale=locale))
    return re.sub(r"\b1\b", "1er", words, count=1) if day.day == 1 and locale.startswith("fr") else words


# Nothing in a text can then end the element or begin another.
_IN_A_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def linked_data(thing: dict[str, Any]) -> SafeString:
    """``{% linked_data thing %}``: a thing in the words of schema.org, for machines that read pages."""
    text = json.dumps(thing, ensure_ascii=False).translate(_IN_A_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


@register.simple_tag
def minutes_long(minutes: int) -> str:
    """``35 min``, ``2 h``, ``1 h 30``."""
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h") % {"hours": hours} if not rest else f"{hours}\u00a0h\u00a0{rest:02}"


@register.simple_tag
def colon() -> str:
    """The colon between a word of ours and what it introduces, in French with its narrow no-break space."""
    return pgettext("between a word and what it introduces", ":")


@register.simple_tag(takes_context=True)
def panels(context: RequestContext, place: str, *things: Any) -> SafeString:
    """What higher packages put in this place of the page."""
    request = context.get("request")
    user = getattr(request, "user", None)
    reader = user if user is not None and user.is_authenticated else None
    parts = registry.fill(place, *things, reader=reader, request=request)
    return format_html_join("", "{}", ((mark_safe(part),) for part in parts))  # noqa: S308 - panels return safe HTML


@register.simple_tag(takes_context=True)
def live_address(context: RequestContext, channel: str) -> str:
    """The address of a stream (``public/event:14``). For a reader who signed in it says who listens, for some hours."""
    user = getattr(context.get("request"), "user", None)
    return live.address_of(channel, user.pk if user is not None and user.is_authenticated else None)


@register.filter
def marked(source: str) -> str:
    """A person's words in a plain mail, each line of them marked."""
    return user_text.marked(source)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """A dictionary's value in a template."""
    return mapping.get(key)
