"""What a validator says against a page beside its syntax: content models, references, names, values.

The words of the standard are in markup.toml. What is wrong with the syntax, html5lib's parser says.
"""

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

XML = "{http://www.w3.org/1999/xhtml}"
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HOLDS_HEADINGS = {"legend", "summary"}
ANYWHERE = {"script", "template"}
STANDARD = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def read_words(name: str) -> set[str]:
    return set(STANDARD[name].split())


def read_table(name: str) -> dict[str, set[str]]:
    return {key: set(words.split()) for key, words in STANDARD[name].items()}


BLOCKS, PHRASES = HEADINGS | read_words("blocks"), HEADINGS | read_words("phrases")
INTERACTIVE, LABELED = read_words("interactive"), read_words("labeled")
NAMELESS_INPUTS = read_words("nameless_inputs")
OBSOLETE, OBSOLETE_ATTRIBUTES = read_words("obsolete"), read_words("obsolete_attributes")
REFERENCES, AUTOCOMPLETE = read_words("references"), read_words("autocomplete")
PARENTS, CHILDREN, VALUES = read_table("parents"), read_table("children"), read_table("values")


def name_tag(element: Element) -> str:
    """`div` for an HTML element; "" for those of drawings and for comments."""
    tag = element.tag
    return tag.removeprefix(XML) if isinstance(tag, str) and tag.startswith(XML) else ""


def list_faults(tree: Element) -> list[str]:
    """A sentence for each fault of a parsed page."""
    ids = {element.get("id"): name_tag(element) for element in tree.iter() if element.get("id")}
    labels = list(tree.iter(f"{XML}label"))
    labeled = {label.get("for") for label in labels}
    labeled |= {field.get("id", field) for label in labels for field in label.iter()}
    faults = [*list_places(tree, []), *list_headings(tree)]
    for element in filter(name_tag, tree.iter()):
        faults += [*list_references(element, ids), *list_values(element), *list_names(element, labeled)]
    return faults


def list_places(element: Element, above: list[str]) -> Iterator[str]:
    """What stands where it may not, here and below."""
    tag, parent = name_tag(element), above[-1] if above else ""
    text = next((name for name in reversed(above) if name in PHRASES), "")
    if tag in BLOCKS and text and not (tag in HEADINGS and parent in HOLDS_HEADINGS):
        yield f"<{tag}> inside <{text}>"
    if tag in INTERACTIVE and element.get("type") != "hidden":
        outer = {"label"} if tag == "label" else {"a", "button"}
        yield from (f"<{tag}> inside <{name}>" for name in above if name in outer)
    if tag in PARENTS and parent not in PARENTS[tag]:
        yield f"<{tag}> in <{parent}>"
    if tag and parent in CHILDREN and tag not in CHILDREN[parent] | ANYWHERE:
        yield f"<{tag}> right in <{parent}>"
    if tag in {"dt", "dd"} and parent == "div" and above[-2:-1] != ["dl"]:
        yield f"<{tag}> outside <dl>"
    for child in element:
        yield from list_places(child, [*above, tag])


def list_headings(tree: Element) -> Iterator[str]:
    """Ranks that are left out on the way down."""
    ranks = [int(name_tag(element)[1]) for element in tree.iter() if name_tag(element) in HEADINGS]
    yield from (f"<h{rank}> right after <h{before}>" for before, rank in pairwise(ranks) if rank > before + 1)


def list_references(element: Element, ids: dict[str | None, str]) -> Iterator[str]:
    """Names of elements that are not there; a label of what can't have one."""
    tag = name_tag(element)
    for attribute in REFERENCES & set(element.keys()):
        names = (element.get(attribute) or "").split()
        missing = [name for name in names if name not in ids]
        if missing or not names:
            yield f"<{tag} {attribute}> names nothing: {missing}"
    target = ids.get(element.get("for"), "")
    if tag == "label" and target and target not in LABELED:
        yield f"<label for> names <{target}>"


def list_values(element: Element) -> Iterator[str]:
    """Values that mean nothing, and what has left the standard."""
    tag = name_tag(element)
    if tag in OBSOLETE:
        yield f"<{tag}> is obsolete"
    yield from (f"<{tag} {name}> is obsolete" for name in OBSOLETE_ATTRIBUTES & set(element.keys()))
    for name, value in element.items():
        allowed = VALUES.get(f"{tag} {name}") or VALUES.get(name)
        if allowed and value.lower() not in allowed:
            yield f"<{tag} {name}> is {value!r}"
    wrong = [word for word in element.get("autocomplete", "").split() if word not in AUTOCOMPLETE]
    if wrong:
        yield f"<{tag} autocomplete> is {wrong}"
    if not re.fullmatch(r"\S+", element.get("id", "none")):
        yield f"<{tag} id> is {element.get('id')!r}"
    if tag == "img" and (element.get("alt") is None or not element.get("src")):
        yield f"<img> without alt or src: {element.get('src')}"


def list_names(element: Element, labeled: set[object]) -> Iterator[str]:
    """A link, a button or a field that has no name to be read out."""
    tag = name_tag(element)
    is_hidden = element.get("aria-hidden") == "true"
    if is_hidden or {"aria-label", "aria-labelledby", "title"} & set(element.keys()):
        return
    if (tag == "a" and element.get("href")) or tag == "button":
        pictures = [part.get("alt") or part.get("aria-label") for part in element.iter()]
        if not "".join(element.itertext()).strip() and not any(pictures):
            yield f"<{tag}> without a name: {element.get('href') or element.get('class')}"
    is_field = tag in {"select", "textarea"} or (
        tag == "input" and element.get("type") not in NAMELESS_INPUTS
    )
    if is_field and element.get("id", element) not in labeled:
        yield f"<{tag} name={element.get('name')}> without a label"
