"""Addresses of the search."""

from django.urls import path

from search.views import show_results

app_name = "search"

urlpatterns = [path("", show_results, name="results")]
