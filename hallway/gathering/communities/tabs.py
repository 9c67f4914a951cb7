"""Parts of a community's pages. Higher packages register theirs; the masthead shows them as doors, with counts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit.tabs import Tab, Tabs

from .models import Community

_DOORS: Tabs[Community] = Tabs()
tab = _DOORS.add
community_tabs = _DOORS.of


@tab(order=10)
def meetups(community: Community, reader: Any) -> Tab:
    return Tab("meetups", _("Meet-ups"), reverse("communities:page", args=[community.slug]))


@tab(order=70)
def people(community: Community, reader: Any) -> Tab:
    return Tab("people", _("People"), reverse("communities:people", args=[community.slug]))


@tab(order=90)
def about(community: Community, reader: Any) -> Tab:
    return Tab("about", _("About"), reverse("communities:about", args=[community.slug]))
