from django.urls import path

from shop.reviews import views

urlpatterns = [
    path("reviews/<int:berry_id>/", views.write_review, name="review"),
    path("reviews/<int:berry_id>/remove/", views.take_back, name="review-remove"),
]
