from django.urls import path

from shop.orders import views

urlpatterns = [
    path("orders/", views.list_orders, name="order-list"),
    path("orders/<str:number>/", views.show_order, name="order"),
    path("orders/<str:number>/reject/", views.reject, name="order-reject"),
    path("pay/<uuid:bill_id>/", views.pay, name="pay"),
    path("pay/<uuid:bill_id>/return/", views.return_from_payment, name="pay-return"),
]
