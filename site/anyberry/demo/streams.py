"""StreamField values out of the demo's content.

Block ids are made from the place of a block, so the Russian and the English body of a page pair up block
by block, which is how their translations find each other.
"""

import json
from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

from anyberry.demo.source import DemoContentError, Record


def build_body(blocks: Iterable[Record], *, more: Sequence[Record] = ()) -> str:
    """The JSON of an article's body: blocks of the content first, then ready-made ones."""
    return dump_stream([*(build_block(block) for block in blocks), *more])


def build_block(block: Record) -> Record:
    """One block of an article."""
    kind = block["type"]
    if kind == "text":
        return {"type": kind, "value": block["value"]}
    if kind == "quotation":
        return {"type": kind, "value": {"text": block["text"], "author": block.get("author", "")}}
    if kind == "facts":
        return {"type": kind, "value": {"items": list_items(block["items"])}}
    raise DemoContentError(f"unknown block type {kind!r}")


def build_related(title: str, berry_ids: Iterable[int]) -> Record:
    """A block that shows berries of the editor's choice."""
    return {"type": "related_berries", "value": {"title": title, "berries": list_items(berry_ids)}}


def build_pictures(image_ids: Iterable[int], alts: Iterable[str]) -> str:
    """The JSON of a gallery."""
    pairs = zip(image_ids, alts, strict=True)
    return dump_stream(
        {"type": "picture", "value": {"image": pk, "alt": alt, "caption": ""}} for pk, alt in pairs
    )


def build_structs(kind: str, values: Iterable[Record]) -> str:
    """The JSON of a stream of one kind of struct: steps, questions."""
    return dump_stream({"type": kind, "value": value} for value in values)


def dump_stream(blocks: Iterable[Record]) -> str:
    """The blocks with their ids."""
    return json.dumps([{**block, "id": make_id(block["type"], place)} for place, block in enumerate(blocks)])


def list_items(values: Iterable[object]) -> list[Record]:
    """The items of a ListBlock."""
    return [
        {"type": "item", "value": value, "id": make_id("item", place)} for place, value in enumerate(values)
    ]


def make_id(kind: str, place: int) -> str:
    """The id of the block of a kind in a place: the same in every language and on every run."""
    return str(uuid5(NAMESPACE_URL, f"anyberry/demo/{kind}/{place}"))
