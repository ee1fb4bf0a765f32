"""Our database engine: Django's own for PostgreSQL, asked less often whether it is still there."""
