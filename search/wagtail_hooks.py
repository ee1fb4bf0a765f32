"""What the search adds to the Wagtail admin, for Wagtail to find."""

from search import hooks, report_hooks

__all__ = ["hooks", "report_hooks"]
