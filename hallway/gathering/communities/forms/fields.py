"""Fields that communities' forms share: places, languages, topics, links, zones."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit.forms import TextField
from hallway.kit.text import clean, fold
from hallway.vocabulary.languages import language_name, parse_languages
from hallway.vocabulary.models import Topic
from hallway.vocabulary.places import Place, country_name, find_place, place
from hallway.vocabulary.topics import match_topics
from hallway.vocabulary.zones import is_zone, zone_groups

MOST_LINKS = 12
# A town this many times bigger than its next namesake is the one people mean.
_MEANT = 10
AS_WRITTEN = "0"


class LanguagesField(TextField):
    """Languages as people write them ("French, isiZulu"), cleaned to a list of codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        unknown = [part.strip() for part in re.split(r"[,;/]", text) if part.strip() and not parse_languages(part)]
        if unknown:
            raise ValidationError(
                _("We do not know the language “%(language)s”. Write names, as in “English, French”."),
                params={"language": unknown[0][:60]},
                code="unknown",
            )
        return parse_languages(text)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(language_name(code, get_language() or "en") for code in value)
        return value


class TopicsField(TextField):
    """Topics as people write them, cleaned to a list of the vocabulary's topics. One unknown word is an error."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, **kwargs)

    def clean(self, value: Any) -> list[Topic]:
        parts = [part for part in re.split(r"[,;]", super().clean(value)) if part.strip()]
        unknown = [part.strip() for part in parts if not match_topics(part)]
        if unknown:
            raise ValidationError(
                _("We do not know the topic “%(topic)s”. Choose one from the list, or leave it out."),
                params={"topic": unknown[0][:60]},
                code="unknown",
            )
        slugs = match_topics(",".join(parts))
        known = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
        return [known[slug] for slug in slugs if slug in known]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(topic.name for topic in value)
        return value


class LinksField(forms.CharField):
    """Links, one a line: an address, then a name if one likes. Cleaned to ``[{"url": …, "label": …}]``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[dict[str, str]]:
        lines = [line for line in clean(super().clean(value) or "", limit=5_000).split("\n") if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(_("Keep the %(most)s links that matter most."), params={"most": MOST_LINKS})
        return [self._link(line) for line in lines]

    def _link(self, line: str) -> dict[str, str]:
        address, _space, label = line.strip().partition(" ")
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError(
                _("“%(address)s” is not a web address. Begin it with https://"),
                params={"address": address[:80]},
                code="bad_link",
            ) from error
        return {"url": address, "label": clean(label, limit=80, one_line=True)}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{link.get('url', '')} {link.get('label', '')}".strip() for link in value)
        return value


class ZoneField(forms.ChoiceField):
    """A time zone by its city, grouped by region."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: zone_groups(get_language() or "en"), **kwargs)

    def valid_value(self, value: Any) -> bool:
        return is_zone(str(value))


class PlaceFields(forms.Form):
    """A place as typed, found in the atlas; asks which one where several bear the name; keeps what it cannot find.

    After cleaning ``spot`` holds ``place_name``, ``country``, ``latitude``, ``longitude`` and, if found, ``zone``.
    """

    place = TextField(
        label=_("Place"),
        max_length=120,
        help_text=_("A town, as in “Johannesburg” or “Portland, Oregon”. Without one, write where you meet."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-places": reverse_lazy("places")}),
    )
    place_id = forms.ChoiceField(label=_("Which one do you mean?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = self["place"].value() or ""
        self.found = candidates(str(typed)[:120])
        field = self.fields["place_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        if len(self.found) > 1:
            field.choices = [(str(one.id), say_place(one)) for one in self.found]
            field.choices = [*field.choices, (AS_WRITTEN, _("None of these; keep what I wrote"))]
        else:
            field.widget = forms.HiddenInput()
            field.choices = [(str(one.id), one.name) for one in self.found]

    def clean_place_id(self) -> str:
        return str(self.cleaned_data.get("place_id") or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed, chosen = cleaned.get("place", ""), cleaned.get("place_id", "")
        if not typed or "place_id" in self.errors:
            return cleaned
        if len(self.found) > 1 and not chosen:
            self.add_error("place_id", ValidationError(_("Several places bear this name. Choose yours."), code="which"))
            return cleaned
        one = None
        if chosen and chosen != AS_WRITTEN:
            one = place(int(chosen))
        elif not chosen and self.found:
            one = self.found[0]
        cleaned["spot"] = spot_of(one, typed)
        return cleaned


def candidates(typed: str) -> list[Place]:
    """Places meant by what was typed: one when it is clear, several to choose from, none when unknown."""
    found = find_place(typed, limit=8)
    name = fold(typed.partition(",")[0]).strip()
    exact = [one for one in found if name in {fold(one.name), fold(one.french_name)}]
    if exact and (len(exact) == 1 or exact[0].population >= _MEANT * exact[1].population):
        return exact[:1]
    return exact or found


def say_place(one: Place) -> str:
    """``Portland, Oregon, United States``."""
    language = get_language() or "en"
    parts = (one.called(language), one.region, country_name(one.country, language))
    return ", ".join(part for part in parts if part)


def spot_of(one: Place | None, typed: str) -> dict[str, Any]:
    """The columns of a community for a place from the atlas, or for a place only its people know."""
    if one is None:
        return {"place_name": typed, "country": "", "latitude": None, "longitude": None}
    return {
        "place_name": one.name,
        "country": one.country,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "zone": one.zone,
    }
