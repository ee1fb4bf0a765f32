"""One search over berries and articles."""
