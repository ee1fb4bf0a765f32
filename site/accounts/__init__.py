"""The people: users who sign in by e-mail, their addresses and consents."""
