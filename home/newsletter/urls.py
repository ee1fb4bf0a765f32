"""Addresses of the newsletter."""

from django.urls import path

from home.newsletter.views import show_newsletter, subscribe

urlpatterns = [
    path("newsletter/", show_newsletter, name="newsletter"),
    path("newsletter/subscribe/", subscribe, name="newsletter-subscribe"),
]
