"""How many people want a berry that the shop hasn't got, for those who buy it in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from shop.catalog.models import Berry
from shop.favorites.models import Favorite, Waiting


@dataclass(frozen=True, slots=True)
class Demand:
    """One berry: who waits for stock, who for the season, who likes it; since when the first one waits."""

    berry: Berry
    for_stock: int
    for_season: int
    unconfirmed: int
    fans: int
    since: datetime

    @property
    def total(self) -> int:
        """How many confirmed requests wait."""
        return self.for_stock + self.for_season


def list_demand() -> list[Demand]:
    """The berries for which somebody waits, the most wanted first, in three queries."""
    rows = (
        Waiting.objects.open()
        .order_by()
        .values("berry")
        .annotate(
            for_stock=Count("pk", filter=Q(status="active", moment="stock")),
            for_season=Count("pk", filter=Q(status="active", moment="season")),
            unconfirmed=Count("pk", filter=Q(status="pending")),
            since=Min("asked_at"),
        )
    )
    found = {row["berry"]: row for row in rows}
    berries = Berry.objects.in_bulk(found)
    likes = Favorite.objects.filter(berry__in=found).order_by().values_list("berry").annotate(Count("pk"))
    fans = dict(likes)
    demands = [
        Demand(
            berry=berries[pk],
            for_stock=row["for_stock"],
            for_season=row["for_season"],
            unconfirmed=row["unconfirmed"],
            fans=fans.get(pk, 0),
            since=row["since"],
        )
        for pk, row in found.items()
    ]
    return sorted(demands, key=lambda demand: (-demand.total, demand.berry.full_name))
