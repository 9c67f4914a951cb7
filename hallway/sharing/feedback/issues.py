"""Cards as issues of a tracker: Markdown, a table, and links that open a form already filled in. Nobody is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.kit.localised import pick
from hallway.kit.table import csv_bytes
from hallway.programme.schedule.queries import title_of

from .models import Card, Product
from .queries import Line

LONGEST_TITLE, LONGEST_BODY = 90, 1_500
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def title_for(line: Line) -> str:
    """The first words of the first card, on one line."""
    words = " ".join(_CONTROL.sub(" ", line.title).split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def body_for(line: Line, product: Product, *, most: int | None = None) -> str:
    """What was said, each card in a fence of its own: nothing in it is markup, mentions anybody or ends the fence."""
    parts = [f"{line.cards[0].get_kind_display()} · {len(line.cards)}"] if line.cards else []
    for card in line.cards:
        fence = "`" * max(3, _longest_run(card.text) + 1)
        parts.append(f"{_from(card)}\n\n{fence}text\n{card.text}\n{fence}")
    where = settings.HALLWAY_BASE_URL + reverse("feedback:product", args=[product.slug])
    end = f"{where}#cards-{line.group.pk}"
    body = "\n\n".join(parts)
    if most is not None and len(body) > most:
        first = line.cards[0].text[:most]
        fence = "`" * max(3, _longest_run(first) + 1)
        body = f"{parts[0]}\n\n{fence}text\n{first}\n{fence}"
    return f"{body}\n\n{end}\n"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def _from(card: Card) -> str:
    """Where it was said, without who. Titles people wrote are no markup either."""
    if card.session is None:
        return _("Without a talk")
    words = f"{pick(title_of(card.session)).text} · {pick(card.session.event.title).text}"
    return re.sub(r"([\\`*_{}\[\]<>()#+!|@~&-])", r"\\\1", " ".join(words.split()))


def markdown(product: Product, lines: Iterable[Line]) -> str:
    """All cards as one Markdown file, an issue a heading."""
    parts = [f"# {_escaped(product.name)}"]
    for line in lines:
        state = _state(line)
        parts.append(
            f"## {_escaped(title_for(line))}\n\n" + (f"{state}\n\n" if state else "") + body_for(line, product)
        )
    return "\n\n".join(parts).rstrip() + "\n"


def _escaped(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|@~&])", r"\\\1", words)


def _state(line: Line) -> str:
    if line.group.fixed_at is not None:
        return _("Fixed: %(version)s") % {"version": line.group.fixed_in or line.group.fixed_url}
    return _("Answered") if line.group.answered_at is not None else ""


def table(lines: Iterable[Line]) -> bytes:
    """All cards as a table that no spreadsheet calculates."""
    header = ("group", "kind", "text", "language", "talk", "event", "written_on", "answer", "fixed_in", "fixed_url")
    return csv_bytes(header, (_row(line, card) for line in lines for card in line.cards))


def _row(line: Line, card: Card) -> Sequence[object]:
    session = card.session
    return (
        line.group.pk, card.kind, card.text, card.language,
        pick(title_of(session)).text if session else "", session.event.slug if session else "",
        card.written_at.date().isoformat(), line.group.answer, line.group.fixed_in, line.group.fixed_url,
    )  # fmt: skip


def new_issue_link(line: Line, product: Product) -> str:
    """The form of the tracker, filled in; empty where the repository is none we know."""
    parts = urlsplit(product.repository)
    path = [quote(part) for part in parts.path.removesuffix(".git").split("/") if part]
    if parts.scheme != "https" or len(path) < 2 or not parts.hostname:
        return ""
    title, body = title_for(line), body_for(line, product, most=LONGEST_BODY)
    host = parts.hostname
    if host == "github.com" or host == "codeberg.org":
        return f"https://{host}/{path[0]}/{path[1]}/issues/new?{urlencode({'title': title, 'body': body})}"
    if host.startswith("gitlab."):
        fields = urlencode({"issue[title]": title, "issue[description]": body})
        return f"https://{parts.netloc}/{'/'.join(path)}/-/issues/new?{fields}"
    return ""
