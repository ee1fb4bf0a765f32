"""Order numbers: short, readable aloud, and telling nobody how many orders there are."""

import secrets

# No 0 and O, no 1, I and L, no U: nobody has to ask which one is meant, and no word comes out by chance.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def make_number() -> str:
    """A random number such as AB-7K3F9Q; that no two orders share one is the database's to say."""
    return "AB-" + "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))
