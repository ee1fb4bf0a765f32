"""Addresses of the newsletter that are not Wagtail pages."""

from django.urls import path

from home.newsletter import switch_views, views
from home.newsletter.feeds import Letters
from home.pages.feeds import list_urls

urlpatterns = [
    path("newsletter/", views.show_newsletter, name="newsletter"),
    path("newsletter/subscribe/", views.show_subscribe, name="newsletter-subscribe"),
    path("newsletter/switch/", switch_views.switch, name="newsletter-switch"),
    path("newsletter/sent/", views.show_sent, name="newsletter-sent"),
    path("newsletter/resend/", views.resend, name="newsletter-resend"),
    path("newsletter/confirm/<str:token>/", views.show_confirm, name="newsletter-confirm"),
    path("newsletter/unsubscribe/<str:token>/", views.show_unsubscribe, name="newsletter-unsubscribe"),
    *list_urls("newsletter/", "newsletter-", Letters),
]
