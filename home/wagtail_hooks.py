"""What the editors' part adds to the Wagtail admin, for Wagtail to find."""

from home.dashboard import hooks as dashboard_hooks
from home.journal import hooks as journal_hooks
from home.journal.comments import hooks as comment_hooks
from home.newsletter import hooks as newsletter_hooks
from home.readers import hooks as reader_hooks

__all__ = ["comment_hooks", "dashboard_hooks", "journal_hooks", "newsletter_hooks", "reader_hooks"]
