"""Addresses of the editors' part that are not Wagtail pages."""

from django.urls import include, path

app_name = "home"

urlpatterns = [
    path("", include("home.newsletter.urls")),
    path("", include("home.journal.urls")),
    path("", include("home.journal.comments.urls")),
]
