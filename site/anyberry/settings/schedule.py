"""What Celery's beat starts, and when; times are Moscow's."""

from celery.schedules import crontab

SCHEDULE = {
    "publish scheduled pages": {"task": "core.tasks.publish_scheduled", "schedule": crontab(minute="*")},
    "send mails": {"task": "core.jobs.send_pending_mails", "schedule": crontab(minute="*")},
    "send text messages": {"task": "core.jobs.send_pending_texts", "schedule": crontab(minute="*")},
    "settle doubtful mails": {"task": "core.jobs.settle_doubtful", "schedule": crontab(minute="*/5")},
    "forget old mails": {"task": "core.jobs.forget_old_mail", "schedule": crontab(hour="4", minute="53")},
    "open bills": {"task": "payments.jobs.open_waiting_bills", "schedule": crontab(minute="*")},
    "check bills": {"task": "payments.jobs.check_open_bills", "schedule": crontab(minute="*")},
    "reject bills": {"task": "payments.jobs.reject_unwanted_bills", "schedule": crontab(minute="*")},
    "send refunds": {"task": "payments.jobs.send_waiting_refunds", "schedule": crontab(minute="*")},
    "send settlement receipts": {
        "task": "payments.jobs.send_waiting_settlements",
        "schedule": crontab(minute="*"),
    },
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
    "mend prices of lists": {"task": "shop.catalog.jobs.mend_prices", "schedule": crontab(minute="*")},
    # Every hour: a night that was missed is made up for in the morning.
    "plan delivery slots": {
        "task": "shop.delivery.jobs.plan_days_ahead",
        "schedule": crontab(minute="7"),
    },
    "write down views": {"task": "home.readers.jobs.write_views", "schedule": crontab(minute="*")},
    "forget old views": {
        "task": "home.readers.jobs.forget_old_counts",
        "schedule": crontab(hour="4", minute="29"),
    },
    "rank berries by sales": {"task": "shop.catalog.jobs.rank_berries", "schedule": crontab(minute="17")},
    "tell who waits for stock": {"task": "shop.favorites.jobs.tell_stock", "schedule": crontab(minute="*/5")},
    # A season begins with a month; nobody is written to at night.
    "tell who waits for a season": {
        "task": "shop.favorites.jobs.tell_season",
        "schedule": crontab(hour="9-12", minute="3"),
    },
    "forget who waited": {
        "task": "shop.favorites.jobs.forget_waiting",
        "schedule": crontab(hour="4", minute="47"),
    },
    "write down searches": {"task": "search.jobs.write_search_counts", "schedule": crontab(minute="*")},
    "forget old searches": {
        "task": "search.jobs.forget_old_searches",
        "schedule": crontab(hour="4", minute="23"),
    },
}
