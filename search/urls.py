"""Addresses of the search."""

from django.urls import path

from search.views import count_opened, show_results, show_suggestions

app_name = "search"

urlpatterns = [
    path("", show_results, name="results"),
    path("suggest/", show_suggestions, name="suggest"),
    path("opened/", count_opened, name="opened"),
]
