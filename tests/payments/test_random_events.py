"""Whatever happens in whatever order, in the end our bill says what its provider says."""

import pytest

from tests.payments.stories import BillStory, tell

pytestmark = pytest.mark.django_db
QUICK, ALL = 6, 500


def test_any_order_of_events_ends_in_the_truth(account, eager_tasks):
    tell(BillStory, account, examples=QUICK)


@pytest.mark.faults
def test_five_hundred_orders_of_events_end_in_the_truth(account, eager_tasks):
    tell(BillStory, account, examples=ALL)
