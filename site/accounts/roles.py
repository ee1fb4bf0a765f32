"""The names of the staff's groups. What each may do is in the migration that makes them.

Owners have no group: they are superusers.
"""

EDITORS = "Редакторы"
MODERATORS = "Модераторы"
MANAGERS = "Менеджеры"
PACKERS = "Сборщики"
COURIERS = "Курьеры"
