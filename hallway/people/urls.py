from __future__ import annotations

from django.urls import path

from .views import blocking, claims, merging, mine, pages, sign_in

urlpatterns = [
    # These stand before allauth's own addresses of the same name.
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/login/code/", sign_in.request_code, name="account_request_login_code"),
    path("accounts/signup/", sign_in.sign_up, name="account_signup"),
    path("accounts/code/<str:code>/", sign_in.open_code, name="open_code"),
    path("accounts/oidc/<str:provider_id>/login/", sign_in.oidc_login, name="openid_connect_login"),
    path("accounts/sessions/", sign_in.to_logins, name="usersessions_list"),
    path("me/", mine.me, name="me"),
    path("me/name/", mine.name, name="my_name"),
    path("me/profile/", mine.profile, name="my_profile"),
    path("me/picture/", mine.picture, name="my_picture"),
    path("me/picture/remove/", mine.picture_remove, name="my_picture_remove"),
    path("me/logins/", mine.logins, name="my_logins"),
    path("me/logins/end/", mine.logins_end_others, name="my_logins_end_others"),
    path("me/logins/<int:login_id>/end/", mine.login_end, name="my_login_end"),
    path("me/blocked/", blocking.blocked, name="my_blocked"),
    path("me/export/", mine.export, name="my_export"),
    path("me/leave/", mine.leave, name="my_leave"),
    path("claims/<str:token>/", claims.claim, name="claim"),
    path("p/<slug:slug>/", pages.person_page, name="person"),
    path("p/<slug:slug>/invite/", pages.invite, name="person_invite"),
    path("p/<slug:slug>/merge/", merging.merge, name="person_merge"),
]
