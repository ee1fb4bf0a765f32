from django.urls import path

from shop.favorites import views, waiting_views

urlpatterns = [
    path("favorites/", views.show_favorites, name="favorites"),
    path("favorites/toggle/", views.toggle_heart, name="favorite-toggle"),
    path("favorites/waiting/", waiting_views.ask, name="waiting-ask"),
    path("favorites/waiting/sent/", waiting_views.show_sent, name="waiting-sent"),
    path("favorites/waiting/<int:pk>/withdraw/", waiting_views.withdraw, name="waiting-withdraw"),
    path("favorites/waiting/confirm/<str:token>/", waiting_views.show_confirm, name="waiting-confirm"),
    path("favorites/waiting/leave/<str:token>/", waiting_views.show_leave, name="waiting-leave"),
]
