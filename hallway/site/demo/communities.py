"""The invented communities: founded, joined, and run by teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hallway.gathering.communities.actions import (
    SeriesTerms,
    accept_team_invitation,
    change_role,
    found_community,
    invite_to_team,
    join_community,
    show_membership,
    start_series,
)
from hallway.gathering.communities.models import Community, Membership, Series, TeamRole
from hallway.gathering.events.actions import add_venue
from hallway.gathering.events.models import Venue
from hallway.people.models import Person
from hallway.vocabulary.models import Topic
from hallway.vocabulary.places import find_place

from . import reading
from .people import WITHOUT_ACCOUNT
from .reading import WrittenCommunity

People = Mapping[str, Person]
CONFERENCE_TEAM = (("lerato-khumalo", TeamRole.Role.EDITOR), ("pieter-visagie", TeamRole.Role.HELPER))
FOLLOWS = {
    "naledi-mokoena": ("lake-code",),
    "thabo-nel": ("lake-code",),
    "bontle-mashaba": ("lake-code",),
    "elodie-garnier": ("donnees-du-nord",),
}
ACCESS = ("step_free", "toilets", "transport")


@dataclass(frozen=True)
class Made:
    """A community with what belongs to it, and how it was written down."""

    written: WrittenCommunity
    community: Community
    organiser: Person
    venue: Venue
    series: Series


def found_all(people: People, at: datetime) -> dict[str, Made]:
    """Every community by slug, a week apart."""
    return {
        written.slug: _found(written, people, at + timedelta(days=7 * number, hours=50))
        for number, written in enumerate(reading.communities())
    }


def _found(written: WrittenCommunity, people: People, at: datetime) -> Made:
    founder = people[written.organisers[0]]
    town = find_place(written.place, country=written.country)[0]
    details = {
        "name": written.name, "slug": written.slug, "tagline": written.tagline, "description": written.description,
        "place_name": written.place, "country": written.country, "latitude": town.latitude,
        "longitude": town.longitude, "zone": written.zone, "languages": written.languages, "hue": written.hue,
    }  # fmt: skip
    topics = list(Topic.objects.filter(slug__in=written.topics))
    community = found_community(details=details, topics=topics, by=founder, at=at)
    for slug in written.organisers[1:]:
        _help(community, people[slug], TeamRole.Role.ORGANISER, by=founder, at=at)
    venue = add_venue(
        community=community, name=written.venue, address=written.address, place_name=written.place,
        country=written.country, latitude=town.latitude, longitude=town.longitude, capacity=written.seats,
        access=list(ACCESS), by=founder, at=at,
    )  # fmt: skip
    series = start_series(community=community, terms=_terms(written, at.date()), by=founder, at=at)
    return Made(written, community, founder, venue, series)


def _terms(written: WrittenCommunity, starts_on: date) -> SeriesTerms:
    return SeriesTerms(
        title={"en": f"{written.name}, monthly meet-up", "fr": f"{written.name}, rencontre du mois"},
        rule=written.rule,
        starts_on=starts_on,
        local_time=written.at,
        minutes=written.minutes,
        zone=written.zone,
        venue_note=written.venue,
        seats=written.seats,
    )


def _help(community: Community, person: Person, role: str, *, by: Person, at: datetime) -> TeamRole:
    invited = invite_to_team(community=community, invited=[(person.email or "", role)], by=by, at=at)
    return accept_team_invitation(invitation=invited[0], by=person, at=at + timedelta(hours=5))


def gather_members(made: Mapping[str, Made], people: People, at: datetime) -> None:
    """Everybody is a member near home or in their language; a few follow more; a conference has a bigger team."""
    conference = made["jacaranda-developers"]
    for slug, role in CONFERENCE_TEAM:
        given = _help(conference.community, people[slug], role, by=conference.organiser, at=at + timedelta(days=60))
    change_role(
        role=given, new_role=given.role, ends_on=(at + timedelta(days=600)).date(), by=conference.organiser,
        at=at + timedelta(days=61),
    )  # fmt: skip
    homes = {person.slug: person for person in reading.people()}
    for number, (slug, person) in enumerate(people.items()):
        if slug in WITHOUT_ACCOUNT:
            continue
        moment = at + timedelta(days=45 + 3 * number)
        for one in made.values():
            if homes[slug].country == one.written.country:
                join_community(community=one.community, kind=Membership.Kind.MEMBER, by=person, at=moment)
                if number % 3 == 0:
                    show_membership(community=one.community, shown=True, by=person, at=moment)
            elif slug in FOLLOWS and one.written.slug in FOLLOWS[slug]:
                join_community(community=one.community, kind=Membership.Kind.FOLLOWER, by=person, at=moment)
