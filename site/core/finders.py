"""One stylesheet and one script for the reader, one file per component for us.

`css/site.css` and `js/site.js` do not exist in the tree: the finder joins the component files when a
page (`runserver`) or `collectstatic` asks for them, so the source needs no build step and a first visit
needs one request each. Hashing and compressing stay with the static files storage.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage

SOURCE = Path(__file__).resolve().parents[1] / "static"
CSS_BASE = ("tokens", "fonts", "reset", "type", "layout")


def join_styles(paths: Iterable[Path]) -> str:
    """The files in order, without comments and indentation (gzip does the rest)."""
    text = "\n".join(path.read_text("utf-8") for path in paths)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip() + "\n"


def join_scripts(paths: Iterable[Path]) -> str:
    """The files in order, each in a block of its own: names of one component are not seen by another."""
    return "".join(f"{{\n{path.read_text('utf-8').strip()}\n}}\n" for path in paths)


def list_styles() -> list[Path]:
    """Base files in their order, then every component."""
    base = [SOURCE / "css" / "base" / f"{name}.css" for name in CSS_BASE]
    return base + sorted((SOURCE / "css" / "components").glob("*.css"))


def list_scripts() -> list[Path]:
    """Every custom element."""
    return sorted((SOURCE / "js" / "components").glob("*.js"))


BUNDLES: dict[str, tuple[Callable[[], list[Path]], Callable[[Iterable[Path]], str]]] = {
    "css/site.css": (list_styles, join_styles),
    "js/site.js": (list_scripts, join_scripts),
}


def write_bundle(name: str, target: Path) -> Path:
    """Join the sources of the bundle into `target`, unless it holds that already; return `target`."""
    list_sources, join = BUNDLES[name]
    text = join(list_sources())
    if not target.exists() or target.read_text("utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_suffix(f"{target.suffix}.new")
        scratch.write_text(text, "utf-8")
        scratch.replace(target)
    return target


class BundleFinder(BaseFinder):
    """Finds the bundles, joined under `BUNDLE_ROOT`."""

    def __init__(self) -> None:
        self.root = Path(settings.BUNDLE_ROOT)
        self.storage = FileSystemStorage(location=self.root)

    def check(self, **_options: Any) -> list[CheckMessage]:
        """Every base file must be there; a missing one would only show as an ugly page."""
        missing = [path.name for path in list_styles() if not path.exists()]
        return [Error(f"Missing stylesheet: {name}", id="core.E010") for name in missing]

    def find(self, path: str, find_all: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        """The joined file's place on disk, or an empty list, as Django's finders answer."""
        if path not in BUNDLES:
            return []
        found = str(write_bundle(path, self.root / path))
        return [found] if find_all else found

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every bundle, for `collectstatic`."""
        for name in BUNDLES:
            write_bundle(name, self.root / name)
            yield name, self.storage
