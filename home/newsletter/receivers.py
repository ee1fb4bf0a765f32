"""What the newsletter adds to an account."""

from accounts.registry import Panel, register_copier, register_farewell, register_panel
from home.newsletter.personal import copy_subscription, describe_switch, forget_subscriber

register_panel(Panel(template="home/newsletter/_switch.html", describe=describe_switch))
register_copier("newsletter", copy_subscription)
register_farewell(erase=forget_subscriber)
