"""What every process and thread of the shop has in common."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache


@pytest.mark.django_db
def test_threads_share_one_cache():
    cache.set("seen by all", 1)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(cache.get, "seen by all").result() == 1
