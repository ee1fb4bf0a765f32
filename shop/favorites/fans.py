"""Who wants a berry, for those who write to them."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from shop.favorites.models import Favorite


def list_fans(berry_id: int) -> QuerySet[Favorite, str]:
    """The addresses, in lower case, of active users who have the berry among their favorites; a subquery."""
    fans = Favorite.objects.filter(berry=berry_id, user__is_active=True).order_by()
    return fans.annotate(lower_email=Lower("user__email")).values_list("lower_email", flat=True)
