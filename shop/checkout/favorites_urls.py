from django.urls import path

from shop.checkout import favorites_views

urlpatterns = [
    path("favorites/to-cart/", favorites_views.move_favorites, name="favorites-to-cart"),
]
