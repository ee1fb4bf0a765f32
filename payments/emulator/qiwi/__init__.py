"""QIWI, to the letter of its documents."""
