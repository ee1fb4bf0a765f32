"""Addresses of comments."""

from django.urls import path

from home.journal.comments import views

urlpatterns = [
    path("journal/comments/<int:page_id>/add/", views.post_comment, name="comment-add"),
    path("journal/comments/<int:comment_id>/edit/", views.edit_comment, name="comment-edit"),
    path("journal/comments/<int:comment_id>/remove/", views.remove_comment, name="comment-remove"),
]
