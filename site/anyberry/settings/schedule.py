"""What Celery's beat starts, and when; times are Moscow's."""

from celery.schedules import crontab

SCHEDULE = {
    "publish scheduled pages": {"task": "core.tasks.publish_scheduled", "schedule": crontab(minute="*")},
    "open bills": {"task": "payments.jobs.open_waiting_bills", "schedule": crontab(minute="*")},
    "check bills": {"task": "payments.jobs.check_open_bills", "schedule": crontab(minute="*")},
    "reject bills": {"task": "payments.jobs.reject_unwanted_bills", "schedule": crontab(minute="*")},
    "send refunds": {"task": "payments.jobs.send_waiting_refunds", "schedule": crontab(minute="*")},
    "send cheques": {"task": "shop.orders.jobs.send_pending_cheques", "schedule": crontab(minute="*")},
    "report stuck cheques": {
        "task": "shop.orders.jobs.report_stuck_cheques",
        "schedule": crontab(minute="*/15"),
    },
    "send letters": {"task": "shop.orders.jobs.send_pending_letters", "schedule": crontab(minute="*")},
    "list mismatches": {"task": "shop.orders.jobs.note_mismatches", "schedule": crontab(minute="*/5")},
    # At night in Moscow; one call works for a minute and the next goes on.
    "reconcile money": {
        "task": "shop.orders.jobs.reconcile_money",
        "schedule": crontab(hour="3-6", minute="*/10"),
    },
    "check invariants": {
        "task": "shop.orders.jobs.check_invariants",
        "schedule": crontab(hour="4", minute="5"),
    },
    "reconcile orders": {"task": "shop.orders.jobs.reconcile_orders", "schedule": crontab(minute="*/5")},
    "start mailings": {"task": "home.newsletter.jobs.start_due_mailings", "schedule": crontab(minute="*")},
    "rescue mailings": {"task": "home.newsletter.jobs.rescue_mailings", "schedule": crontab(minute="*")},
    "answer subscribers": {"task": "home.newsletter.jobs.send_due_answers", "schedule": crontab(minute="*")},
    "report stuck letters": {
        "task": "home.newsletter.jobs.report_stuck_letters",
        "schedule": crontab(minute="*/15"),
    },
    "forget unconfirmed subscribers": {
        "task": "home.newsletter.jobs.forget_unconfirmed",
        "schedule": crontab(hour="4", minute="41"),
    },
    "rank berries by sales": {"task": "shop.catalog.jobs.rank_berries", "schedule": crontab(minute="17")},
    "write down searches": {"task": "search.jobs.write_search_counts", "schedule": crontab(minute="*")},
    "forget old searches": {
        "task": "search.jobs.forget_old_searches",
        "schedule": crontab(hour="4", minute="23"),
    },
}
