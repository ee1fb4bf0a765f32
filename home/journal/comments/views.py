"""Comments: written, changed and taken back by their authors."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import get_user, shoppers_only
from core.languages import get_active_language
from core.limits import TooOften
from home.journal.comments.forms import CommentForm
from home.journal.comments.models import Comment
from home.journal.comments.services import change_comment, write_comment
from home.journal.models import ArticlePage

ANCHOR = "#comments"


@require_POST
@shoppers_only
def post_comment(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take a comment under an article."""
    page = get_object_or_404(ArticlePage.objects.live(), pk=page_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show_form(request, form, page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if not form.is_robot:
            write_comment(
                user=get_user(request),
                page=page,
                text=form.cleaned_data["text"],
                language=get_active_language(),
            )
    except TooOften:
        return refuse_haste(request, form, page)
    return thank(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def edit_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The author's own comment, to be changed."""
    comment = find_comment(request, comment_id)
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"text": comment.text})
    if request.method != "POST":
        return show_form(request, form, comment.page, comment=comment)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show_form(request, form, comment.page, comment=comment, status=status)
    try:
        change_comment(comment=comment, text=form.cleaned_data["text"])
    except TooOften:
        return refuse_haste(request, form, comment.page, comment=comment)
    return thank(request, comment.page)


@require_POST
@shoppers_only
def remove_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take the author's own comment back."""
    comment = find_comment(request, comment_id)
    comment.delete()
    messages.success(request, _("Your comment is gone."))
    return redirect(f"{comment.page.get_url(request)}{ANCHOR}")


def find_comment(request: HttpRequest, comment_id: int) -> Comment:
    """The visitor's own comment; anybody else's is not found."""
    comments = Comment.objects.filter(user=get_user(request)).select_related("page", "user")
    return get_object_or_404(comments, pk=comment_id)


def show_form(
    request: HttpRequest,
    form: CommentForm,
    page: ArticlePage,
    *,
    comment: Comment | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The form on a page of its own."""
    context = {
        "form": form,
        "heading": _("Your comment"),
        "article": page,
        "article_url": page.get_url(request),
        "remove_url": reverse("home:comment-remove", args=[comment.pk]) if comment else "",
    }
    return TemplateResponse(request, "home/comment_form.html", context, status=status)


def refuse_haste(
    request: HttpRequest, form: CommentForm, page: ArticlePage, *, comment: Comment | None = None
) -> HttpResponse:
    """Nothing was stored, and when to come back."""
    form.add_error(None, _("You have written a lot just now. Wait ten minutes and send it again."))
    return show_form(request, form, page, comment=comment, status=HTTPStatus.TOO_MANY_REQUESTS)


def thank(request: HttpRequest, page: ArticlePage) -> HttpResponse:
    """Back to the article, and what happens next."""
    messages.success(request, _("Thank you. Your comment appears as soon as we have read it."))
    return redirect(f"{page.get_url(request)}{ANCHOR}")
