"""Receipt lines: what no till would take is refused before anybody pays."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.receipts import ReceiptDraft, ReceiptInvalid, ReceiptLine

BERRIES = ReceiptLine("Малина, лоток 250 г", 5, Decimal("200.00"), 3)
DELIVERY = ReceiptLine("Доставка", 1, Decimal("250.00"), 11, subject="service")
DRAFT = ReceiptDraft("buyer@example.com", (BERRIES, DELIVERY))


def test_lines_that_add_up_are_good():
    DRAFT.check(Decimal("1250.00"))


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, email=""),
        replace(DRAFT, lines=()),
        replace(DRAFT, lines=(BERRIES,)),
        replace(DRAFT, lines=(BERRIES, DELIVERY, replace(DELIVERY, unit_price=Decimal("0.01")))),
        replace(DRAFT, lines=(replace(BERRIES, description=""), DELIVERY)),
        replace(DRAFT, lines=(replace(BERRIES, quantity=0), DELIVERY)),
        replace(DRAFT, lines=(replace(BERRIES, unit_price=Decimal("200.001")), DELIVERY)),
        replace(DRAFT, lines=(replace(DELIVERY, unit_price=Decimal("12.50")),) * 100),
    ],
)
def test_lines_no_till_would_take_are_refused(draft):
    with pytest.raises(ReceiptInvalid):
        draft.check(Decimal("1250.00"))


def test_what_is_written_is_read_again():
    assert ReceiptDraft.read(DRAFT.write()) == DRAFT
    assert ReceiptDraft.read(None) is None


lines = st.lists(
    st.builds(
        ReceiptLine,
        st.just("Ягода"),
        st.integers(1, 50),
        st.decimals("0.01", "9999.99", places=2),
        st.sampled_from([1, 3, 11]),
    ),
    min_size=1,
    max_size=20,
)


@given(lines, st.decimals("0.0001", "1"))
def test_a_share_always_adds_up_and_names_only_the_rates_that_were_paid(some, part):
    draft = ReceiptDraft("a@b.example", tuple(some))
    amount = max(Decimal("0.01"), (draft.total * part).quantize(Decimal("0.01")))

    share = draft.take_share(amount)

    share.check(amount)
    assert {line.vat_code for line in share.lines} <= {line.vat_code for line in some}
