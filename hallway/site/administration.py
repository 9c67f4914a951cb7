"""Django's admin as a window: administrators look at every table of ours and change nothing there.

What a model's ``privacy`` calls secret is never shown, what it calls private only as the word “private”.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from hallway.kit import access
from hallway.people.models import Person
from hallway.people.policies import can_look_after_instance

MOST_COLUMNS = 5
A_PAGE = 50
SHORT = (
    models.CharField, models.DateTimeField, models.DateField, models.BooleanField, models.IntegerField,
    models.ForeignKey,
)  # fmt: skip


class Administration(AdminSite):
    """Every model of ours, for administrators who signed in on our own page."""

    site_header = site_title = _("Administration")
    index_title = _("Everything that is stored, read-only")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Person) and can_look_after_instance(request.user)

    @access.public
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our own sign-in page; somebody who signed in already is not an administrator."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/administration/"))

    @access.public
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # Django answers with a template response
        """Our own page to sign out."""
        return redirect("account_logout")

    def get_urls(self) -> list[Any]:
        """Without the admin's own passwords: those are ours."""
        urls: list[URLPattern | URLResolver] = super().get_urls()
        return [url for url in urls if not str(getattr(url, "name", "")).startswith("password_change")]


class Window(ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """One table, to look at."""

    actions = None
    list_per_page = A_PAGE
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> Any:
        return columns(self.model)

    def get_search_fields(self, request: HttpRequest) -> Any:
        return searchable(self.model)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_readonly_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.everything

    @cached_property
    def everything(self) -> tuple[str | Callable[[Any], Any], ...]:
        return shown(self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, Person) and can_look_after_instance(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No filters in the address: ``?email__startswith=a`` would tell what the page does not."""
        return False


def _open(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The model's own fields that may be shown, in their order."""
    own = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field for field in own if class_of(model, field) not in {"private", "secret"}]


def class_of(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    """How a field is classified; what nobody classified counts as secret."""
    return model.privacy.class_of(field.name) or "secret"  # type: ignore[attr-defined]  # each of our models has it


def columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of the list: the row itself, then a few short fields."""
    short = [field.name for field in _open(model) if isinstance(field, SHORT) and not field.primary_key]
    return ("__str__", *short[:MOST_COLUMNS])


def searchable(model: type[models.Model]) -> tuple[str, ...]:
    """Fields with words in which one may search."""
    return tuple(field.name for field in _open(model) if type(field) in {models.CharField, models.SlugField})


def shown(model: type[models.Model]) -> tuple[str | Callable[[Any], Any], ...]:
    """Everything on the page of a row: open fields as they are, private ones as a word, secret ones not at all."""
    own = [*model._meta.local_fields, *model._meta.local_many_to_many]
    names = {field.name for field in _open(model)}
    return tuple(
        field.name if field.name in names else _hidden(field) for field in own if class_of(model, field) != "secret"
    )


def _hidden(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    def private(row: Any) -> Any:
        return _("private")

    private.short_description = field.verbose_name  # type: ignore[attr-defined]  # functions carry their heading
    return private


def _our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("hallway.")]


site = Administration(name="admin")
for _model in _our_models():
    site.register(_model, Window)
