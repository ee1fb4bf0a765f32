"""What the journal adds to an account."""

from accounts.registry import register_copier, register_farewell
from home.journal.comments.personal import copy_comments, forget_comments

register_copier("comments", copy_comments)
register_farewell(erase=forget_comments)
