from django.urls import path

from shop.orders import complaint_views, slot_views, views

urlpatterns = [
    path("orders/", views.list_orders, name="order-list"),
    path("orders/<str:number>/", views.show_order, name="order"),
    path("orders/<str:number>/reject/", views.reject, name="order-reject"),
    path("orders/<str:number>/slot/", slot_views.choose_slot, name="order-slot"),
    path("orders/<str:number>/cancel/", views.cancel, name="order-cancel"),
    path("orders/<str:number>/receipt/", views.show_receipt, name="order-receipt"),
    path("orders/<str:number>/complaint/", complaint_views.complain, name="order-complaint"),
    path(
        "orders/<str:number>/complaint/photos/<int:pk>/",
        complaint_views.show_photo,
        name="complaint-photo",
    ),
    path("pay/<uuid:bill_id>/", views.pay, name="pay"),
    path("pay/<uuid:bill_id>/return/", views.return_from_payment, name="pay-return"),
]
