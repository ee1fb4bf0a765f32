"""Addresses of the shop that are not Wagtail pages."""

from django.urls import include, path

app_name = "shop"

urlpatterns = [
    path("", include("shop.catalog.urls")),
    path("", include("shop.cart.urls")),
    path("", include("shop.favorites.urls")),
    path("", include("shop.checkout.favorites_urls")),
    path("", include("shop.checkout.urls")),
    path("", include("shop.orders.courier.urls")),
    path("", include("shop.orders.urls")),
    path("", include("shop.reviews.urls")),
]
