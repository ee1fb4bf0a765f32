from django.urls import path

from shop.favorites import views

urlpatterns = [
    path("favorites/", views.show_favorites, name="favorites"),
    path("favorites/toggle/", views.toggle_heart, name="favorite-toggle"),
]
