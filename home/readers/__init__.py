"""How often pages are looked at: a number for a page and a day, and nothing about anybody."""
