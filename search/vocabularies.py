"""Where vocabularies are kept: in Redis for all processes, in each process for itself.

Redis holds the version in force. Words are kept under the version that was in force before they were read, so
whatever changes meanwhile makes them old at once. Without Redis a process reads the shop's words anew once a
minute.
"""

import time
from dataclasses import dataclass
from uuid import uuid4
from zlib import crc32

from django.conf import settings
from django.core.cache import cache

from core.commits import after_commit
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
    version = get_version(language)
    kept = _kept.get(language)
    if kept and is_fresh(kept, version):
        return kept.vocabulary
    stored: Vocabulary | None = cache.get(name_words(language, version)) if version else None
    if stored is None and kept and is_being_read(language):
        return kept.vocabulary
    if stored is None:
        return read_vocabulary(language, version)
    _kept[language] = Kept(stored, version, time.monotonic())
    return stored


def get_version(language: str) -> str | None:
    """The version in force, a new one where there is none; None where Redis is away."""
    version: str | None = cache.get(name_version(language))
    if version is None:
        cache.add(name_version(language), uuid4().hex, KEPT_SECONDS)
        version = cache.get(name_version(language))
    return version


def is_fresh(kept: Kept, version: str | None) -> bool:
    """Whether this process's words are those in force; where nobody knows, whether they are young."""
    if version is None:
        return time.monotonic() - kept.at < ALONE_SECONDS
    return kept.version == version


def is_being_read(language: str) -> bool:
    """Whether another process is at it; if not, this one is from now on. Without Redis nobody else is."""
    return cache.add(name_reading(language), 1, BUILDING_SECONDS) is False


def read_vocabulary(language: str, version: str | None) -> Vocabulary:
    """Read the shop's words, for all processes as long as that version is in force."""
    vocabulary = build_vocabulary(language)
    if version:
        cache.set(name_words(language, version), vocabulary, KEPT_SECONDS)
        cache.delete(name_reading(language))
    _kept[language] = Kept(vocabulary, version, time.monotonic())
    return vocabulary


def forget_vocabularies() -> None:
    """Have the words read anew once the surrounding transaction is committed: something of them changed."""
    after_commit(_renew_versions)


def _renew_versions() -> None:
    for language, _name in settings.LANGUAGES:
        _kept.pop(language, None)  # where Redis is away this process at least knows better
        cache.set(name_version(language), uuid4().hex, KEPT_SECONDS)


def name_version(language: str) -> str:
    """The key of the version in force; another release that shapes words otherwise has its own."""
    return f"search:vocabulary:{SHAPE}:{language}"


def name_words(language: str, version: str | None) -> str:
    """The key of the words of a version."""
    return f"{name_version(language)}:{version}"


def name_reading(language: str) -> str:
    """The key that tells that a process is reading the words."""
    return f"search:building:{language}"
