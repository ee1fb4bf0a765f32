from django.urls import path

from shop.checkout import views

urlpatterns = [
    path("checkout/", views.show_checkout, name="checkout"),
]
