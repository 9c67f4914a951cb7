"""What people type about themselves, cleaned. Actions save it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context as allauth_context
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.kit.text import clean
from hallway.vocabulary.languages import language_choices, language_name, parse_languages
from hallway.vocabulary.zones import zone_groups

from .models import Person

MOST_LINKS = 8
MOST_PLACES = 5


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """One field for signing in and signing up: an e-mail address."""

    def clean_email(self) -> str:
        """Limits by address and network address are allauth's; this adds the one for the whole instance."""
        email: str = super().clean_email()
        allowed = ratelimit.consume(
            allauth_context.request,
            app="hallway.people",
            action="sign_in_mail",
            config=settings.INSTANCE_RATE_LIMITS,
            key="instance",
        )
        if not allowed:
            raise get_adapter().validation_error("instance_busy")
        return email


class NameForm(Form):
    """The one thing asked of somebody new."""

    name = TextField(
        max_length=120,
        label=_("Your name"),
        help_text=_("As people should know you. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class InviteToClaimForm(Form):
    """Where the invitation to take over a page goes."""

    address = forms.EmailField(
        label=_("Their e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class PictureForm(Form):
    """A picture to be shown beside the name."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG, WebP or GIF up to 10 MB. We cut a square from the middle and remove the place it was taken."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )


class LineBoxes(forms.Widget):
    """A box for each of several short texts; ``label`` says which, as in ``Place %(number)s``."""

    template_name = "people/line_boxes.html"
    use_fieldset = True

    def __init__(self, most: int, label: str | Promise, attrs: dict[str, Any]) -> None:
        super().__init__(attrs)
        self.most, self.label = most, label

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = [*str(value or "").splitlines(), *[""] * self.most]
        numbered = enumerate(lines[: max(self.most, len(lines) - self.most)], start=1)
        context["boxes"] = [(number, str(self.label) % {"number": number}, line) for number, line in numbered]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return "\n".join(data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")])


class LinesField(forms.CharField):
    """Several short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, most: int, each: int, **kwargs: Any) -> None:
        super().__init__(required=False, strip=True, **kwargs)
        self.most, self.each = most, each

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        text = super().clean(value) or ""
        lines = [cleaned for line in text.splitlines() if (cleaned := clean(line, limit=self.each, one_line=True))]
        if len(lines) > self.most:
            raise forms.ValidationError(
                _("The limit is %(most)s. Leave out what matters least."), params={"most": self.most}, code="too_many"
            )
        return list(dict.fromkeys(lines))


class LanguagesField(forms.CharField):
    """Languages as people write them, "français, English, isiZulu"; cleaned to their codes."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(language_name(code, get_language() or "en") for code in value)
        return value

    def clean(self, value: Any) -> list[str]:
        text = clean(super().clean(value) or "", limit=300, one_line=True)
        found = parse_languages(text)
        if text and not found:
            raise forms.ValidationError(
                _("We know none of these languages. Write their names, as in “French, English”."), code="unknown"
            )
        return found


class LinksField(LinesField):
    """Addresses on the web, one on each line; cleaned to ``[{"url": …, "label": …}]``."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(entry["url"] if isinstance(entry, dict) else str(entry) for entry in value)
        return value

    def clean(self, value: Any) -> list[dict[str, str]]:
        return [self._link(line) for line in super().clean(value)]

    def _link(self, line: str) -> dict[str, str]:
        url = line if "://" in line else f"https://{line}"
        try:
            parts = urlsplit(url)
            known = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in url
        except ValueError:
            known = False
        if not known:
            raise forms.ValidationError(
                _("“%(line)s” is not an address on the web. Write it as https://example.org/me."),
                params={"line": line[:60]},
                code="link",
            )
        label = f"{parts.hostname}{parts.path.rstrip('/')}".removeprefix("www.")
        return {"url": url, "label": label[:80]}


def zone_choices() -> list[Any]:
    """Zones by region, in the page's language, with an empty first choice."""
    groups = [(region, list(zones)) for region, zones in zone_groups((get_language() or "en")[:2])]
    return [("", _("The venue’s, always")), *groups]


class ProfileForm(Form):
    """Everything a person says about themselves, but the picture."""

    name = TextField(max_length=120, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    pronouns = TextField(max_length=40, label=_("Pronouns"), required=False)
    tagline = TextField(
        max_length=160, label=_("In a few words"), required=False, help_text=_("What you do, or what you care about.")
    )
    places = LinesField(
        most=MOST_PLACES,
        each=120,
        label=_("Places"),
        help_text=_("Towns where people may meet you, up to five."),
        widget=LineBoxes(MOST_PLACES, _("Place %(number)s"), {"data-places": reverse_lazy("places")}),
    )
    languages = LanguagesField(
        label=_("Languages"),
        required=False,
        help_text=_("Those you speak, as in “French, English”."),
        widget=forms.TextInput(attrs={"list": "languages-known"}),
    )
    biography = LocalisedFormField(
        label=_("Biography"),
        required=False,
        multiline=True,
        max_length=5_000,
        help_text=_("In each language you like. Organisers use it when you speak."),
    )
    links = LinksField(
        most=MOST_LINKS, each=300, label=_("Links"), help_text=_("Addresses on the web, one on each line.")
    )
    zone = forms.ChoiceField(
        label=_("Your time zone"),
        required=False,
        choices=zone_choices,
        widget=forms.Select(attrs={"data-zone-of-place": True}),
        help_text=_("Your own time is shown beside the venue’s where the two differ."),
    )
    page_language = forms.ChoiceField(
        label=_("Language of your mail"), required=False, choices=[("", _("As the page I read")), *settings.LANGUAGES]
    )
    slug = forms.CharField(
        label=_("Address of your page"),
        required=False,
        max_length=60,
        help_text=_("Lower-case letters, figures, hyphens. The old address keeps working."),
    )
    public = forms.BooleanField(
        label=_("Show my page to everybody"),
        required=False,
        help_text=_("Speakers’ pages are public. Otherwise only you see yours."),
    )

    @classmethod
    def of(cls, person: Person, data: Any = None) -> ProfileForm:
        """The form over a person's present profile."""
        names = [name for name in cls.base_fields if name != "public"]
        initial = {name: getattr(person, name) for name in names}
        return cls(data, initial={**initial, "public": person.public_at is not None})

    @staticmethod
    def known_languages() -> list[str]:
        """Names to choose from while typing, in the page's language."""
        return [name for _code, name in language_choices((get_language() or "en")[:2])]


class LeaveForm(Form):
    """A word typed on purpose, so that nobody leaves by a slip of the thumb."""

    word = forms.CharField(max_length=40, label="")

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["word"].label = _("Type “%(word)s” to confirm") % {"word": wanted}
        self.fields["word"].widget.attrs.update(autocomplete="off", autocapitalize="off")

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().strip("“”«»\"' \u202f\u00a0").casefold() != self.wanted.casefold():
            raise forms.ValidationError(
                _("Nothing was deleted. Type “%(word)s” exactly to go on."), params={"word": self.wanted}, code="word"
            )
        return word
