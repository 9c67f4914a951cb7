"""Coming in. The flows are allauth's; the entrance is one field for old and new people alike."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import LoginView, RequestLoginCodeView
from allauth.socialaccount.helpers import render_authentication_error
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.actors import SystemPerson

from ..actions import open_account
from ..forms import SignInForm

log = logging.getLogger(__name__)


@method_decorator(never_cache, name="dispatch")
class _CodeView(RequestLoginCodeView):  # type: ignore[misc]  # allauth has no types
    """Mails a code to any address: whoever has it comes in, known or not, so nobody learns who is known."""

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        known = form._user
        if known is None or known.email == form.cleaned_data["email"]:
            form._user = open_account(email=form.cleaned_data["email"], by=SystemPerson("sign-in"), at=clock.now())
        answer: HttpResponse = super().form_valid(form)
        return answer


sign_in = access.public(LoginView.as_view())
request_code = access.public(_CodeView.as_view())


@access.public
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """allauth asks the provider where to send people; one that is away or talks nonsense is said, not our failure."""
    if not settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS"):
        raise Http404
    # Loaded where it is on: it brings an HTTP client of its own.
    from allauth.socialaccount.providers.openid_connect.views import login as openid_connect_login
    from requests import RequestException

    try:
        answer: HttpResponse = openid_connect_login(request, provider_id)
    except (RequestException, ValueError, LookupError) as error:
        log.warning("the sign-in site %s did not answer as it should: %r", provider_id[:60], error)
        refused: HttpResponse = render_authentication_error(request, provider_id, exception=error)
        return refused
    return answer


@access.public
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is one entrance."""
    query = request.GET.urlencode()
    return redirect(f"{reverse('account_login')}?{query}" if query else reverse("account_login"))


@access.signed_in
def to_logins(request: HttpRequest) -> HttpResponse:
    """allauth's own list of devices; ours says the same in words."""
    return redirect("my_logins")


@access.public
@never_cache
def open_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the link in a mail opens: the code filled in and a button.

    Opening it changes nothing, since programs that read mail follow links. In a browser that did not ask for the
    code, the page shows the code to be typed where it was asked for.
    """
    shown = code[:20]
    target, button = _waiting_for_code(request)
    context: dict[str, Any] = {"code": shown, "target": target, "purpose": button}
    if target:
        context["form"] = ConfirmLoginCodeForm(initial={"code": shown})
    return render(request, "people/open_code.html", context)


def _waiting_for_code(request: HttpRequest) -> tuple[str, str]:
    """Where this browser has to hand the code in, and for what; empty when it is not waiting for one."""
    stage = get_pending_stage(request)
    if stage is not None and stage.key == LoginByCodeStage.key:
        return reverse("account_confirm_login_code"), "sign_in"
    if request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY):
        return reverse("account_email_verification_sent"), "address"
    return "", ""


def login_address(to: str) -> str:
    """The entrance, coming back to a page of ours afterwards."""
    return f"{reverse('account_login')}?{urlencode({'next': to})}"
