"""Every address of the site, in one place."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from . import administration, demo_views, installable, instance_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("service-worker.js", installable.service_worker, name="service_worker"),
    path("offline/", installable.offline, name="offline"),
    path("legal/", instance_views.text_page, {"name": "legal"}, name="legal"),
    path("privacy/", instance_views.text_page, {"name": "privacy"}, name="privacy"),
    path("conduct/", instance_views.text_page, {"name": "conduct"}, name="conduct"),
    path("instance/", instance_views.settings_page, name="instance"),
    path("instance/start/", instance_views.start, name="instance_start"),
    path("instance/mail/test/", instance_views.test_mail, name="instance_test_mail"),
    path("instance/administrators/", instance_views.administrators, name="instance_administrators"),
    path("instance/<slug:group>/", instance_views.settings_page, name="instance_group"),
    path("administration/", administration.site.urls),
    path("", include("hallway.vocabulary.urls")),
    path("", include("hallway.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("hallway.gathering.communities.urls")),
    path("", include("hallway.finding.urls")),
    path("", include("hallway.programme.schedule.urls")),
    path("", include("hallway.exchange.urls")),
    path("", include("hallway.gathering.events.urls")),
    path("", include("hallway.gathering.attendance.urls")),
    path("", include("hallway.learning.agenda.urls")),
    path("", include("hallway.sharing.questions.urls")),
    path("", include("hallway.sharing.takeaways.urls")),
    path("", include("hallway.sharing.feedback.urls")),
    path("", include("hallway.moderation.urls")),
]

handler400 = "hallway.site.errors.bad_request"
handler403 = "hallway.site.errors.forbidden"
handler404 = "hallway.site.errors.not_found"
handler500 = "hallway.site.errors.failed"

if settings.HALLWAY_DEMO:
    urlpatterns += [
        path("demo/inbox/", demo_views.inbox, name="demo_inbox"),
        path("demo/inbox/<int:mail>/<str:filename>", demo_views.attached, name="demo_attached"),
        path("demo/sign-in/<slug:who>/", demo_views.sign_in, name="demo_sign_in"),
    ]
