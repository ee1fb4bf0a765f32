"""The news this app sends up.

`bill_changed` is sent inside the transaction that changed the bill, with `bill` (its row locked) and
`previous` (its old status). A receiver that raises undoes the change; the provider is asked again later.

`refund_changed` is sent in the same way, with `refund` and `previous`, where a refund is done or failed.
"""

from django.dispatch import Signal

bill_changed = Signal()
refund_changed = Signal()
