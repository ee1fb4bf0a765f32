"""What this package does when others ask for news: it tells the berry's page what buyers say."""

from shop.catalog.structured import register_description
from shop.reviews.structured import describe_reputation

register_description(describe_reputation)
