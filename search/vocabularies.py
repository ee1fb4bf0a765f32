"""Where vocabularies are kept: in Redis for all processes, in each process for itself.

Redis holds the version in force. Without Redis a process reads the shop's words anew once a minute.
"""

import time
from dataclasses import dataclass
from uuid import uuid4
from zlib import crc32

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from core.redis_health import is_away
from search.vocabulary import Vocabulary, build_vocabulary

KEPT_SECONDS = 3600
ALONE_SECONDS = 60  # how long a process trusts its own where Redis is away
BUILDING_SECONDS = 10
SHAPE = crc32(",".join(Vocabulary.__dataclass_fields__).encode())


@dataclass(frozen=True, slots=True)
class Kept:
    """A vocabulary in this process's memory."""

    vocabulary: Vocabulary
    version: str | None
    at: float


_kept: dict[str, Kept] = {}


def get_vocabulary(language: str) -> Vocabulary:
    """The words of the shop as they are now, from the nearest place that has them."""
    version: str | None = cache.get(name_version(language))
    kept = _kept.get(language)
    if kept and is_fresh(kept, version):
        return kept.vocabulary
    stored: Vocabulary | None = cache.get(name_words(language, version)) if version else None
    if stored is None and kept and not cache.add(f"search:building:{language}", 1, BUILDING_SECONDS):
        return kept.vocabulary  # another process is at it
    if stored is None:
        return refresh_vocabulary(language)
    _kept[language] = Kept(stored, version, time.monotonic())
    return stored


def is_fresh(kept: Kept, version: str | None) -> bool:
    """Whether this process's words are those in force; where nobody knows, whether they are young."""
    if version is None and is_away():
        return time.monotonic() - kept.at < ALONE_SECONDS
    return version is not None and kept.version == version


def refresh_vocabulary(language: str) -> Vocabulary:
    """Read the shop's words and put them in force for all processes."""
    version = uuid4().hex
    vocabulary = build_vocabulary(language)
    cache.set(name_words(language, version), vocabulary, KEPT_SECONDS)
    cache.set(name_version(language), version, KEPT_SECONDS)
    cache.delete(f"search:building:{language}")
    _kept[language] = Kept(vocabulary, version, time.monotonic())
    return vocabulary


def forget_vocabularies() -> None:
    """Have the words read anew once the surrounding transaction is committed: something of them changed."""
    transaction.on_commit(_drop_versions, robust=True)


def _drop_versions() -> None:
    for language, _name in settings.LANGUAGES:
        _kept.pop(language, None) if is_away() else cache.delete(name_version(language))


def name_version(language: str) -> str:
    """The key of the version in force; another release that shapes words otherwise has its own."""
    return f"search:vocabulary:{SHAPE}:{language}"


def name_words(language: str, version: str | None) -> str:
    """The key of the words of a version."""
    return f"{name_version(language)}:{version}"
