"""Addresses of the feeds."""

from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from home.journal.feeds import NewBerriesAtom, NewBerriesRss

keep_a_while = cache_control(public=True, max_age=300)

urlpatterns = [
    path("feed/", keep_a_while(conditional_page(NewBerriesRss())), name="feed-rss"),
    path("feed/atom/", keep_a_while(conditional_page(NewBerriesAtom())), name="feed-atom"),
]
