"""Editing a community's page."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import queries
from hallway.gathering.communities.models import Community
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.people.models import Person

from .fields import LanguagesField, LinksField, PlaceFields, TopicsField, ZoneField
from .founding import HUES


class EditForm(PlaceFields, Form):
    """Everything a community says of itself."""

    name = TextField(label=_("Name"), max_length=120)
    slug = TextField(
        label=_("Address"), max_length=60, help_text=_("The last part of the page’s address. Old ones keep working.")
    )
    tagline = LocalisedFormField(label=_("In one sentence"), max_length=200, required=False)
    description = LocalisedFormField(label=_("Description"), max_length=10_000, multiline=True, required=False)
    zone = ZoneField(label=_("Time zone"))
    languages = LanguagesField(label=_("Languages"), help_text=_("Those you speak at your meet-ups."))
    topics = TopicsField(
        label=_("Topics"), required=False, help_text=_("As in “Python, accessibility”. People find you by them.")
    )
    links = LinksField(
        label=_("Links"), required=False, help_text=_("One per line: the address, then a name if you like.")
    )
    contact = forms.EmailField(
        label=_("Public contact address"),
        max_length=254,
        required=False,
        help_text=_(
            "Everybody can read it. Leave it empty if you like: people write to you by a form all the same, and your "
            "own addresses are shown to nobody."
        ),
    )
    hue = forms.TypedChoiceField(label=_("Colour of the cover"), coerce=int, choices=HUES, widget=forms.RadioSelect)
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("Shown beside the name in lists. JPEG, PNG, WebP or GIF, up to 10 MB."),
    )
    remove_picture = forms.BooleanField(label=_("Remove the present picture"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=Community.State.choices)
    conduct = LocalisedFormField(label=_("Code of conduct"), max_length=20_000, multiline=True, required=False)
    field_order = (
        "name", "slug", "tagline", "description", "place", "place_id", "zone", "languages", "topics", "links",
        "contact", "hue", "picture", "remove_picture", "state", "conduct",
    )  # fmt: skip

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        self.community = community
        kwargs.setdefault("initial", initial_of(community))
        super().__init__(*args, **kwargs)
        if not community.picture:
            del self.fields["remove_picture"]
        if not self.is_bound or not self._place_was_changed():
            # What was settled once is not asked again.
            self.found = []
            self.fields["place_id"].widget = forms.HiddenInput()

    def _place_was_changed(self) -> bool:
        typed = " ".join(str(self.data.get(self.add_prefix("place"), "")).split())
        return typed != self.community.place_name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.found == [] and not self._place_was_changed():
            cleaned.pop("spot", None)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Columns and topics for ``edit_community``."""
        cleaned = dict(self.cleaned_data)
        spot = cleaned.pop("spot", {})
        for name in ("place", "place_id", "picture", "remove_picture"):
            cleaned.pop(name, None)
        spot.pop("zone", None)
        return {**cleaned, **spot}


def initial_of(community: Community) -> dict[str, Any]:
    """What the form begins with."""
    names = (
        "name", "slug", "tagline", "description", "zone", "languages", "links", "contact", "hue", "state", "conduct",
    )  # fmt: skip
    initial = {name: getattr(community, name) for name in names}
    return {**initial, "place": community.place_name, "topics": list(community.topics.all())}


class NetworkForm(Form):
    """Which community to ask to be the network: by its name or its address."""

    parent = TextField(
        label=_("Network"), max_length=200, help_text=_("The name of a community on this site, or its address.")
    )

    def __init__(self, *args: Any, reader: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_parent(self) -> Community:
        typed = cast(str, self.cleaned_data["parent"])
        found = re.search(r"/c/([a-z0-9_-]{4,60})", typed)
        slug = found[1] if found else typed
        visible = queries.visible_to(self.reader)
        parent = visible.filter(slug=slug).first() or visible.filter(name__iexact=typed).order_by("pk").first()
        if parent is None:
            raise ValidationError(
                _("We find no community called “%(name)s”. Copy the address of its page."),
                params={"name": typed[:60]},
                code="unknown",
            )
        return parent
