from django.urls import path

from shop.orders.courier import views

urlpatterns = [
    path("courier/", views.open_today, name="courier"),
    path("courier/<str:token>/", views.show_stops, name="courier-stops"),
    path("courier/<str:token>/<str:number>/", views.make_move, name="courier-move"),
    path("orders/<str:number>/delivery-photos/<int:pk>/", views.show_photo, name="delivery-photo"),
]
