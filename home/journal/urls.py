"""Addresses of the journal that are not Wagtail pages: recipes into the cart, and the feeds."""

from django.urls import path

from home.journal.feeds import CategoryBerries, Journal, NewBerries
from home.journal.views import add_ingredients
from home.pages.feeds import list_urls

urlpatterns = [
    path("journal/recipes/<int:page_id>/cart/", add_ingredients, name="recipe-to-cart"),
    *list_urls("", "", NewBerries),
    *list_urls("journal/", "journal-", Journal),
    *list_urls("category/<slug:code>/", "category-", CategoryBerries),
]
