"""The makers' page: what people say, in groups; answers, fixes, and the way to their own tracker."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.table import MEDIA_TYPE
from hallway.people.models import Person

from .. import actions, issues, queries
from ..forms import AnswerForm, FixForm
from ..likeness import LIKE, likeness
from ..models import Card, CardGroup, Maker
from ..queries.tools import groups_of
from .loading import number_in

A_PAGE = 15
MOST_TEXTS = 50
MOST_ALIKE = 3
# What is shorter than a title is not said again under it.
LONGEST_TITLE = 90


def _lost(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/lost.html", {"section": "talks"}, status=404)


@access.by_token
@never_cache
def desk(request: HttpRequest, token: str) -> HttpResponse:
    """Everything a maker does, by the link alone."""
    maker = queries.maker_by(token)
    if maker is None or maker.person is None:
        return _lost(request)
    wrong: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_maker(maker=maker, by=maker.person, at=clock.now())
            messages.success(request, _("You no longer speak for this tool. Your answers stay."))
            return redirect("feedback:products")
        wrong = _act(request, maker, maker.person)
        if not wrong:
            return redirect(request.get_full_path())
        status = 400
    page = Paginator(groups_of(maker.product), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "talks", "maker": maker, "product": maker.product, "page": page, "token": token,
        "rows": _rows(maker, page.object_list, wrong),
    }  # fmt: skip
    return render(request, "feedback/maker.html", context, status=status)


def _rows(maker: Maker, groups: Any, wrong: dict[str, Any]) -> list[dict[str, Any]]:
    lines = queries.lines_of(groups, most=MOST_TEXTS, exact=True)
    rows = []
    for line in lines:
        group = line.group
        mine = wrong if wrong.get("group") == group.pk else {}
        rows.append(
            {
                "line": line,
                "is_title": line.number == 1 and len(line.title) <= LONGEST_TITLE,
                "answer_form": mine.get("answer_form") or AnswerForm(initial={"answer": group.answer}, auto_id=False),
                "fix_form": mine.get("fix_form")
                or FixForm(initial={"version": group.fixed_in, "url": group.fixed_url}, auto_id=False),
                "issue": issues.new_issue_link(line, maker.product),
                "alike": _alike(line, lines),
            }
        )
    return rows


def _alike(line: queries.Line, lines: list[queries.Line]) -> list[queries.Line]:
    """Other groups on the page that may say the same, the most alike first."""
    others = [(likeness(line.title, other.title), other) for other in lines if other.group.pk != line.group.pk]
    near = sorted((pair for pair in others if pair[0] >= LIKE), key=lambda pair: -pair[0])
    return [other for _share, other in near[:MOST_ALIKE]]


def _act(request: HttpRequest, maker: Maker, by: Person) -> dict[str, Any]:
    """Do what was asked; what is wrong with it comes back with its form."""
    group = CardGroup.objects.filter(product=maker.product, pk=number_in(request, "group")).first()
    if group is None:
        messages.error(request, _("These cards are not there any more."))
        return {}
    group.product = maker.product
    try:
        return _change(request, group, by)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return {}


def _change(request: HttpRequest, group: CardGroup, by: Person) -> dict[str, Any]:
    do, now = request.POST.get("do"), clock.now()
    if do == "answer":
        form = AnswerForm(request.POST, auto_id=False)
        if not form.is_valid():
            return {"group": group.pk, "answer_form": form}
        actions.answer_cards(group=group, text=form.cleaned_data["answer"], by=by, at=now)
        messages.success(request, _("Everybody can read your answer. Whoever wrote a card hears of it once."))
    elif do == "fix":
        fix = FixForm(request.POST, auto_id=False)
        if not fix.is_valid():
            return {"group": group.pk, "fix_form": fix}
        actions.mark_fixed(group=group, by=by, at=now, **fix.cleaned_data)
        messages.success(request, _("Marked as fixed. Whoever wrote a card hears of it once."))
    elif do == "not_fixed":
        actions.mark_fixed(group=group, fixed=False, by=by, at=now)
    elif do == "join":
        other = CardGroup.objects.filter(product=group.product, pk=number_in(request, "other")).first()
        if other is None:
            messages.error(request, _("These cards are not there any more."))
            return {}
        other.product = group.product
        actions.join_cards(group=group, other=other, by=by, at=now)
        messages.success(request, _("They stand together now."))
    elif do == "part":
        card = Card.objects.filter(group=group, pk=number_in(request, "card")).select_related("group__product").first()
        if card is not None:
            actions.part_card(card=card, by=by, at=now)
            messages.success(request, _("That card stands by itself again."))
    return {}


@access.by_token
@never_cache
def export(request: HttpRequest, token: str, what: str) -> HttpResponse:
    """The cards as a file for a tracker: Markdown or a table. A file is a POST, since it is noted."""
    maker = queries.maker_by(token)
    if maker is None or maker.person is None:
        return _lost(request)
    if what not in {"markdown", "table"}:
        raise NothingHere(_("There is no such list."))
    if request.method != "POST":
        return redirect("feedback:maker", token)
    actions.take_out_issues(product=maker.product, what=what, by=maker.person, at=clock.now())
    lines = queries.lines_of(groups_of(maker.product), most=100_000, exact=True)
    if what == "markdown":
        text = issues.markdown(maker.product, lines)
        response = HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{maker.product.slug}-issues.md"'
        return response
    response = HttpResponse(issues.table(lines), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{maker.product.slug}-cards.csv"'
    return response
