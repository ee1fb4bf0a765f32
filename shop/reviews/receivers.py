"""What this package does when others ask for news: it tells the berry's page what buyers say."""

from accounts.registry import register_copier, register_farewell
from core.page_cache import forget_with
from shop.catalog.structured import register_description
from shop.reviews.models import Review
from shop.reviews.personal import copy_reviews, forget_reviews
from shop.reviews.structured import describe_reputation

register_description(describe_reputation)

forget_with(Review)

register_copier("reviews", copy_reviews)
register_farewell(erase=forget_reviews)
