"""Reviews of berries, by people who bought them."""
