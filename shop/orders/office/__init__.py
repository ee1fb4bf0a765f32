"""Orders as staff work with them, in the admin."""
