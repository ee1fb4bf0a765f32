"""The shop: one Django app; its subpackages carry walls, not migrations."""
