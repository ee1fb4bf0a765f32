"""What other parts of the shop say about berries.

The catalog may not import cart and favorites, so they register here.
"""

from collections.abc import Callable, Set

from accounts.models import User

Marker = Callable[[User], Set[int]]
_markers: dict[str, Marker] = {}


def register_marker(name: str, find_berry_ids: Marker) -> None:
    """Let `find_berry_ids` (user → ids of berries) answer for the mark `name`, such as "in_cart"."""
    _markers[name] = find_berry_ids


def get_marked(name: str, user: User | None) -> Set[int]:
    """The ids of the berries that carry the mark for the user; none for a guest or an unknown mark."""
    find_berry_ids = _markers.get(name)
    return find_berry_ids(user) if find_berry_ids and user else frozenset()
