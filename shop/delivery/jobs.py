"""Periodic work on delivery."""

from celery import shared_task

from shop.delivery.planning import plan_slots


@shared_task(ignore_result=True)
def plan_days_ahead() -> int:
    """Make the slots of the days ahead; how many were missing."""
    return plan_slots()
