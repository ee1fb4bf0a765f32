from django.urls import path

from shop.catalog import views

urlpatterns = [
    path("season/", views.show_season, name="season-calendar"),
]
