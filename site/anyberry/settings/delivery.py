"""How far ahead the shop delivers, and how long a courier's link is good."""

from .environment import env

# Slots are made for so many days after today; shoppers choose among them.
DELIVERY_DAYS_AHEAD = env.int("DELIVERY_DAYS_AHEAD", 7)
# A courier's link opens one day's stops; it dies so many hours after that day's midnight.
COURIER_LINK_HOURS = env.int("COURIER_LINK_HOURS", 6)
