"""How often pages are looked at and berries put into carts: numbers by day, and nothing about anybody."""
