from django.urls import path

from shop.cart import views, voucher_views

urlpatterns = [
    path("cart/", views.show_cart, name="cart"),
    path("cart/add/", views.add_pack, name="cart-add"),
    path("cart/set/", views.set_pack, name="cart-set"),
    path("cart/remove/", views.remove_pack, name="cart-remove"),
    path("cart/clear/", views.clear_lines, name="cart-clear"),
    path("cart/restore/", views.restore_removed, name="cart-restore"),
    path("cart/price/", views.accept_pack_price, name="cart-price"),
    path("cart/voucher/", voucher_views.use_voucher, name="cart-voucher"),
]
