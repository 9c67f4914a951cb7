from __future__ import annotations

from django.urls import include, path

from .views import cards, claims, giving, makers, own, products, queue, speaker

_pages = [
    path("e/<slug:slug>/sessions/<int:pk>/feedback/", giving.give, name="give"),
    path("e/<slug:slug>/sessions/<int:pk>/card/", cards.write, name="write_card"),
    path("e/<slug:slug>/feedback/", queue.queue, name="queue"),
    path("said/", own.said, name="said"),
    path("me/feedback/", speaker.mine, name="mine"),
    path("feedback/<str:token>/", speaker.by_link, name="speaker"),
    path("cards/<str:token>/", cards.card, name="card"),
    path("products/", products.products, name="products"),
    path("products/<slug:slug>/", products.product, name="product"),
    path("products/<slug:slug>/edit/", products.edit, name="edit_product"),
    path("products/<slug:slug>/claim/", claims.claim, name="claim"),
    path("makers/proofs/", claims.proofs, name="proofs"),
    path("makers/confirm/<str:token>/", claims.prove, name="prove"),
    path("makers/<str:token>/", makers.desk, name="maker"),
    path("makers/<str:token>/export/<slug:what>/", makers.export, name="export"),
]
urlpatterns = [path("", include((_pages, "feedback")))]
