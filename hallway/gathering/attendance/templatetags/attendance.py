"""What templates ask about registrations: ``{% load attendance %}``."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.attendance.entrance import Entrance
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.attendance.queries import Seats
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import is_hidden
from hallway.kit import clock
from hallway.kit.links import token_of
from hallway.kit.templatetags.hallway import say_clock, say_when
from hallway.people.models import Person
from hallway.vocabulary.templatetags.vocabulary import zone_name

register = template.Library()


@register.simple_tag
def registration_url(registration: Registration, page: str = "registration") -> str:
    """The address of somebody's registration, which opens with the link alone; ``page`` names one of its buttons."""
    return reverse(f"attendance:{page}", args=[token_of(Right.REGISTRATION, registration.pk, registration.nonce)])


@register.simple_tag
def moment(instant: datetime, event: Event) -> str:
    """``Thursday 26 November, 18:00``: an hour on the venue's clock; ``today, 18:00`` where it is today there."""
    local = instant.astimezone(event.tz)
    if local.date() == clock.now().astimezone(event.tz).date():
        return _("today, %(time)s") % {"time": say_clock(local)}
    return say_when(local, "MMMMEEEEdHm")


@register.simple_tag
def whole_moment(instant: datetime, event: Event) -> SafeString:
    """Day, hour and zone on the venue's clock; a reader elsewhere gets their hour beside it."""
    return format_html(
        '<time datetime="{}" data-zone="{}" data-here="{}">{}</time>',
        instant.astimezone(event.tz).isoformat(),
        event.zone,
        _("(%s where you are)"),
        mail_moment(instant, event),
    )


@register.simple_tag
def mail_moment(instant: datetime, event: Event) -> str:
    """``Thursday 26 November, 18:00, Johannesburg (UTC+2)``: an hour on the venue's clock, with its zone, for mail."""
    return _in_mail(instant, event.zone)


@register.simple_tag
def readers_moment(instant: datetime, event: Event, person: Person | None) -> str:
    """The same hour where the reader lives, if clocks differ; for mail."""
    if person is None or not person.zone:
        return ""
    theirs = instant.astimezone(ZoneInfo(person.zone))
    if theirs.utcoffset() == instant.astimezone(event.tz).utcoffset():
        return ""
    return _in_mail(instant, person.zone)


def _in_mail(instant: datetime, zone: str) -> str:
    """A mail is read at any time: another year is named."""
    local = instant.astimezone(ZoneInfo(zone))
    this_year = local.year == clock.now().astimezone(ZoneInfo(zone)).year
    return f"{say_when(local, 'MMMMEEEEdHm' if this_year else 'yMMMMEEEEdHm')}, {zone_name(zone, instant)}"


@register.filter
def seats_left(seats: Seats) -> str:
    """``12 seats left`` · ``full, 4 in line`` · ``full``; empty where any number may come."""
    if seats.free is None:
        return ""
    if not seats.is_full:
        return ngettext("%(n)s seat left", "%(n)s seats left", seats.free) % {"n": seats.free}
    if not seats.waiting:
        return _("full")
    return ngettext("full, %(n)s in line", "full, %(n)s in line", seats.waiting) % {"n": seats.waiting}


@register.filter
def seats_in_words(seats: Seats) -> str:
    """A sentence: ``12 of 60 seats are left.``"""
    if seats.free is None:
        return _("There is room for everybody.")
    if not seats.is_full:
        words = ngettext("%(n)s of %(all)s seats is left.", "%(n)s of %(all)s seats are left.", seats.free)
        return words % {"n": seats.free, "all": seats.total}
    if not seats.waiting:
        words = _("All %(all)s seats are taken. Nobody is in line yet: you would be the next.")
        return words % {"all": seats.total}
    words = ngettext(
        "All %(all)s seats are taken or kept for somebody. %(n)s person is in line.",
        "All %(all)s seats are taken or kept for somebody. %(n)s people are in line.",
        seats.waiting,
    )
    return words % {"all": seats.total, "n": seats.waiting}


@register.filter
def line_in_words(admission: Admission) -> str:
    """How the line goes, said publicly: who is next, how long a seat is kept, what holds in the last hours."""
    rules = {
        Admission.Rule.IN_ORDER: _("When it is full you stand in line. Whoever came first is next."),
        Admission.Rule.LOTTERY: _("When it is full you stand in line. Chance decides who is next, not who came first."),
        Admission.Rule.FIRST_TIMERS: _(
            "When it is full you stand in line. Those who come for the first time are next, then whoever came first."
        ),
    }
    words = [rules[Admission.Rule(admission.rule)]]
    words.append(
        ngettext(
            "A seat that becomes free is kept for them for %(n)s hour at most, then it goes on.",
            "A seat that becomes free is kept for them for %(n)s hours at most, then it goes on.",
            admission.offer_hours,
        )
        % {"n": admission.offer_hours}
    )
    if admission.first_come_hours:
        words.append(
            ngettext(
                "In the last hour before the start, whoever takes a free seat first has it.",
                "In the last %(n)s hours before the start, whoever takes a free seat first has it.",
                admission.first_come_hours,
            )
            % {"n": admission.first_come_hours}
        )
    return " ".join(words)


@register.filter
def asking_in_words(admission: Admission) -> str:
    """Whether and when people are asked if they still come; empty where they are not, or not any more."""
    now, begins = clock.now(), admission.begins_at
    days = sorted({day for day in admission.ask_days if not begins or begins - timedelta(days=day) > now}, reverse=True)
    if not days:
        return ""
    said = [_("the day before") if day == 1 else _("%(n)s days before") % {"n": day} for day in days]
    listed = (
        said[0] if len(said) == 1 else _("%(some)s and %(last)s") % {"some": ", ".join(said[:-1]), "last": said[-1]}
    )
    asked = _("We ask you by mail %(when)s whether you still come; one tap answers.") % {"when": listed}
    if not admission.must_answer:
        return asked
    return f"{asked} " + _("A seat nobody answers for goes to the next in line.")


@register.filter
def where_in_line(ahead: int | None) -> str:
    """``You are next in line.`` · ``3 people are before you.``; by lot nobody knows."""
    if ahead is None:
        return _("Chance decides who is next, so nobody has a place in this line.")
    if not ahead:
        return _("You are next in line.")
    return ngettext("%(n)s person is before you.", "%(n)s people are before you.", ahead) % {"n": ahead}


@register.simple_tag
def standing_words(registration: Registration) -> str:
    """Where somebody stands, in one short line with a time where there is one."""
    event = registration.admission.event
    if event.state == Event.State.CANCELLED:
        return _("This event is cancelled.")
    if is_hidden(event):
        return _("This event is hidden at the moment.")
    if registration.admission.off_at is not None:
        return _("This workshop is not in the programme any more.")
    if registration.state == Registration.State.OFFERED and registration.offered_until is not None:
        return _("A seat is kept for you until %(when)s.") % {"when": moment(registration.offered_until, event)}
    if registration.state == Registration.State.GIVEN_UP and registration.cause != Registration.Cause.SELF:
        return _("Your registration has ended.")
    words = {
        Registration.State.GOING: _("You take part online.") if registration.online else _("You are going."),
        Registration.State.WAITING: _("You are in line for a seat."),
        Registration.State.ASKED: _("You asked for a seat. The team answers."),
        Registration.State.OFFERED: _("A seat is kept for you."),
        Registration.State.DECLINED: _("The team declined your registration."),
        Registration.State.GIVEN_UP: _("You gave up your registration."),
    }
    return words[Registration.State(registration.state)]


@register.filter
def title_of(admission: Admission) -> dict[str, str]:
    """The title of what one registers for: the workshop's, else the event's."""
    title: dict[str, str] = admission.event.title if admission.is_event else admission.title
    return title


@register.filter
def entrance_words(entrance: Entrance) -> str:
    """Why one cannot register, or how full it is, in the few words a row of a list has room for."""
    words = {"invited": _("by invitation"), "closed": _("registration closed")}
    if entrance.state == "not_yet" and entrance.admission.opens_at is not None:
        opens = entrance.admission.opens_at.astimezone(entrance.admission.event.tz)
        return _("registration from %(day)s") % {"day": say_when(opens, "MMMd")}
    if entrance.is_open:
        return seats_left(entrance.seats)
    return words.get(entrance.state, "")
