from django.urls import path

from shop.checkout import repeating_views, views

urlpatterns = [
    path("checkout/", views.show_checkout, name="checkout"),
    path("orders/<str:number>/repeat/", repeating_views.repeat, name="order-repeat"),
]
