"""The search in OpenSearch or Elasticsearch, for a shop that outgrows PostgreSQL: what its settings name.

An index for each language, its words reduced as ours are: small letters, е for ё, stems, no stop words. Plain
data, for settings to read: nothing here needs Django.
"""

from typing import Any

OPENSEARCH = "wagtail.search.backends.opensearch3"
STEMMERS = {
    "ru": ("russian", "english"),
    "en": ("english",),
}  # Russian titles have English words in them, too


def describe_backends(
    *urls: str, backend: str = OPENSEARCH, prefix: str = "anyberry", **options: Any
) -> dict[str, dict[str, Any]]:
    """WAGTAILSEARCH_BACKENDS for the cluster at these addresses; `options` are the backend's own."""
    return {
        "default" if language == "ru" else language: {
            "BACKEND": backend,
            "URLS": list(urls),
            "INDEX_PREFIX": f"{prefix}_{language}_",
            "INDEX_SETTINGS": describe_index(language),
            **options,
        }
        for language in STEMMERS
    }


def describe_index(language: str) -> dict[str, Any]:
    """How an index reads the words of the language: whole words by the default analyzer, and beginnings."""
    stemmers = STEMMERS[language]
    filters = {f"{name}_stop": {"type": "stop", "stopwords": f"_{name}_"} for name in stemmers}
    filters |= {f"{name}_stem": {"type": "stemmer", "language": name} for name in stemmers}
    whole = {"type": "custom", "tokenizer": "standard", "char_filter": ["yo"]}
    return {
        "settings": {
            "analysis": {
                "char_filter": {"yo": {"type": "mapping", "mappings": ["ё => е", "Ё => Е"]}},
                "filter": filters,
                "analyzer": {
                    "default": whole | {"filter": ["lowercase", *filters]},
                    "edgengram_analyzer": {"char_filter": ["yo"]},  # the rest of it is the library's
                },
            }
        }
    }
