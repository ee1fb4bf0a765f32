"""PostgreSQL and Redis out of wheels, for development and tests.

Where `DATABASE_URL` or `REDIS_URL` is unset, the settings ask here for an address. The first process that
asks starts the engine, later ones join it. It stops when the last of them is gone, however that one ended.
Nothing here needs Django, and production never comes here.
"""

from anyberry.engines.errors import EngineError, EngineMissing
from anyberry.engines.postgres import ensure_postgres
from anyberry.engines.redis_server import ensure_redis
from anyberry.engines.tenancy import release_engines, remove_engine

__all__ = [
    "EngineError",
    "EngineMissing",
    "ensure_postgres",
    "ensure_redis",
    "release_engines",
    "remove_engine",
]
