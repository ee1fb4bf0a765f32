from django.urls import path

from accounts import address_views, data_views, safety_views, social_views, views

app_name = "account"

urlpatterns = [
    path("", views.show_profile, name="profile"),
    path("confirm/", views.confirm_address, name="confirm"),
    path("sign-in/<slug:provider>/", social_views.leave_to_sign_in, name="sign-in-through"),
    path("addresses/", address_views.list_addresses, name="addresses"),
    path("addresses/add/", address_views.add_address, name="address-add"),
    path("addresses/<int:address_id>/", address_views.edit_address, name="address"),
    path("addresses/<int:address_id>/default/", address_views.choose_address, name="address-default"),
    path("addresses/<int:address_id>/remove/", address_views.drop_address, name="address-remove"),
    path("sessions/", safety_views.list_sessions, name="sessions"),
    path("sessions/others/", safety_views.end_others, name="sessions-others"),
    path("sessions/<int:session_id>/", safety_views.end_one, name="session-end"),
    path("password/strength/", safety_views.show_strength, name="strength"),
    path("data/", data_views.show_data, name="data"),
    path("data/copy/", data_views.copy_data, name="copy"),
    path("data/consents/<int:consent_id>/", data_views.withdraw, name="consent-withdraw"),
    path("close/", data_views.close, name="close"),
]
