"""StreamField values out of the demo's content.

Block ids are made from the place of a block, so the Russian and the English body of a page pair up block
by block, which is how their translations find each other.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from anyberry.demo.source import DemoContentError, Record

EMPTY_BUTTON = {"text": "", "place": "catalog", "page": None, "address": ""}
SECTIONS = {"steps", "zones", "questions", "action", "letters"}


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
    if kind in SECTIONS:
        return build_section(block, find_no_image)
    raise DemoContentError(f"unknown block type {kind!r}")


def find_no_image(name: str) -> int:
    """Bodies of plain words have no pictures of their own."""
    raise DemoContentError(f"a picture in a body of words: {name}")


def build_related(title: str, berry_ids: Iterable[int]) -> Record:
    """A block that shows berries of the editor's choice."""
    return {"type": "related_berries", "value": {"title": title, "berries": list_items(berry_ids)}}


def build_pictures(image_ids: Iterable[int], alts: Iterable[str]) -> str:
    """The JSON of a gallery."""
    pairs = zip(image_ids, alts, strict=True)
    return dump_stream(
        {"type": "picture", "value": {"image": pk, "alt": alt, "caption": ""}} for pk, alt in pairs
    )


def build_sections(blocks: Iterable[Record], *, find_image: Callable[[str], int]) -> str:
    """The JSON of a page made of parts; pictures are named by their files."""
    return dump_stream(build_section(block, find_image) for block in blocks)


def build_section(block: Record, find_image: Callable[[str], int]) -> Record:
    """One part of a page: its lists become lists of items, its button gets what it leaves out."""
    values: Record = {}
    for name, value in block.items():
        if name == "image":
            values[name] = find_image(value)
        elif name == "button":
            values[name] = EMPTY_BUTTON | value
        elif name != "type":
            values[name] = list_items(value) if isinstance(value, list) else value
    return {"type": block["type"], "value": values}


def build_structs(kind: str, values: Iterable[Record]) -> str:
    """The JSON of a stream of one kind of struct."""
    return dump_stream({"type": kind, "value": value} for value in values)


def build_ingredients(values: Iterable[Record], berries: Mapping[str, int]) -> str:
    """The JSON of a recipe's ingredients: berries of the shop by their code, and whatever else it takes."""
    return dump_stream(
        {"type": "berry", "value": value | {"berry": berries[value["berry"]]}}
        if "berry" in value
        else {"type": "other", "value": {"amount": None} | value}
        for value in values
    )


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
