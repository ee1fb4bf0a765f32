from django.urls import path

from accounts import views

app_name = "account"

urlpatterns = [
    path("", views.show_profile, name="profile"),
    path("confirm/", views.confirm_address, name="confirm"),
]
