"""Moving many orders of the list at once.

Wagtail's bulk actions are open to everybody who may enter the admin: ours ask for the right.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from accounts.access import get_user
from shop.orders.models import Order
from shop.orders.moves import Move, list_moves
from shop.orders.office.moving import MOST_AT_ONCE, may_move, move_each, read_keys, report_moves


class MoveBulkAction(SnippetBulkAction):
    """One move, made with each of the chosen orders for itself."""

    move: Move
    template_name = "shop/orders/admin/bulk_move.html"
    request: HttpRequest

    @classproperty
    def models(cls) -> list[type[Order]]:  # noqa: N805 -- Django's classproperty
        """Orders alone."""
        return [Order]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who may not, before anything is shown, and more orders than can be looked over."""
        if not request.user.has_perm("shop.view_order") or not may_move(get_user(request), self.move):
            raise PermissionDenied
        ids = request.GET.getlist("id")
        if "all" in ids or len(ids) > MOST_AT_ONCE or not read_keys(ids):
            words = _("Choose orders one by one, %(count)d at most.") % {"count": MOST_AT_ONCE}
            messages.error(request, words)
            return redirect("wagtailsnippets_shop_order:list")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @classmethod
    def get_queryset(cls, model: type[Order], object_ids: list[str]) -> list[Order]:  # noqa: ARG003 -- Wagtail's
        """The chosen orders with their deliveries; what is no key is left out."""
        orders = Order.objects.filter(pk__in=read_keys(object_ids)).select_related("delivery__slot", "user")
        return list(orders.order_by("pk"))

    def check_perm(self, obj: Order) -> bool:
        """Whether the order stands where the move begins; who may not at all never comes this far."""
        return self.move in list_moves(obj)

    def prepare_action(self, objects: list[Order], objects_without_access: dict[str, Any]) -> Any:
        """Move each in a transaction of its own, not all in Wagtail's one, and say what came of it."""
        outcome = move_each(objects, self.move, by=get_user(self.request))
        outcome.refused += objects_without_access["items_with_no_access"]
        report_moves(self.request, outcome)
        return redirect(self.next_url)


class HandOverAction(MoveBulkAction):
    """Packed orders go to the courier."""

    move = Move.HAND_OVER
    display_name = gettext_lazy("Hand over")
    action_type = "hand_over"
    aria_label = gettext_lazy("Hand the selected orders over")
    action_priority = 10


class SetOffAction(MoveBulkAction):
    """The courier sets off with them."""

    move = Move.SET_OFF
    display_name = gettext_lazy("On the way")
    action_type = "set_off"
    aria_label = gettext_lazy("Send the selected orders off")
    action_priority = 11


class DeliverAction(MoveBulkAction):
    """They have arrived."""

    move = Move.DELIVER
    display_name = gettext_lazy("Delivered")
    action_type = "deliver"
    aria_label = gettext_lazy("Mark the selected orders as delivered")
    action_priority = 12


ACTIONS = (HandOverAction, SetOffAction, DeliverAction)
