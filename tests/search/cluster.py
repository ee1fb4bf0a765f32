"""A search backend that compiles for OpenSearch and Elasticsearch as the library does, and asks nobody.

What both have in common needs no client: `CLUSTER` stands for it, notes each question and answers with the
pages it was told to.
"""

from typing import Any

from modelsearch.backends.elasticsearchbase import ElasticsearchBaseSearchBackend


class Cluster:
    """The client, as far as the library uses it to search."""

    def __init__(self, **_options: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self.page_ids: list[int] = []

    def search(self, *, body: dict[str, Any], **params: Any) -> dict[str, Any]:
        """The pages, whatever is asked."""
        assert "scroll" not in params, "nothing is left open at the cluster"
        self.asked.append(body["query"]["bool"])
        part = self.page_ids[params["from_"] :][: params["size"]]
        return {"hits": {"hits": [{"fields": {"pk": [str(pk)]}, "_score": 2.5} for pk in part]}}

    def count(self, **_params: Any) -> dict[str, int]:
        """How many pages that are."""
        return {"count": len(self.page_ids)}

    def index(self, *_args: Any, **_params: Any) -> None:
        """Nothing is kept."""

    def delete(self, **_params: Any) -> None:
        """Nothing is kept."""


CLUSTER = Cluster()


class SearchBackend(ElasticsearchBaseSearchBackend):
    """Wagtail's backend with our client."""

    NotFoundError = LookupError

    def client_class(self, **_options: Any) -> Cluster:
        """The one that tests look at."""
        return CLUSTER

    def bulk(self, *_args: Any, **_params: Any) -> None:
        """Nothing is kept."""
