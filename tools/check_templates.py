"""Hold our templates to the storefront's strict Content-Security-Policy, and to a readable size.

No inline script, style, event handler or `javascript:` address; data blocks (JSON-LD) are no scripts.
E-mails may carry styles: mail programs read nothing else.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
TEMPLATE_DIRS = ("templates", "site", "home", "shop", "payments", "search")
LONGEST = 200
DATA_TYPES = re.compile(r"""\btype\s*=\s*["']application/(ld\+)?json["']""", re.IGNORECASE)
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
RULES = {
    "inline <style>": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"""<[a-z][^<>]*?\sstyle\s*=""", re.IGNORECASE | re.DOTALL),
    "event handler": re.compile(r"""<[a-z][^<>]*?\s(hx-)?on[a-z:-]+\s*=""", re.IGNORECASE | re.DOTALL),
    "javascript: address": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
    "htmx evaluates a string": re.compile(
        r"""\bhx-(vals|headers)\s*=\s*["'](js|javascript):""", re.IGNORECASE
    ),
    "blocktranslate without trimmed": re.compile(
        # Only where the text has a line break in it: on one line there is nothing to trim.
        r"\{%\s*blocktranslate\b(?![^%]*\btrimmed\b)[^%]*%\}(?:(?!\{% endblocktranslate).)*?\n",
        re.DOTALL,
    ),
}


def find_templates() -> Iterator[Path]:
    for folder in TEMPLATE_DIRS:
        for path in sorted((BASE_DIR / folder).rglob("*.html")):
            if "templates" in path.parts:
                yield path


def find_faults(path: Path) -> Iterator[str]:
    """What a template does wrong, each as "path:line: what"."""
    # Comments keep their line breaks, so that the line numbers stay true.
    text = COMMENTS.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text())
    where = path.relative_to(BASE_DIR)
    rules = dict(RULES)
    if "emails" in path.parts:
        del rules["inline <style>"], rules["style attribute"]
    for name, rule in rules.items():
        for fault in rule.finditer(text):
            yield f"{where}:{_count_line(text, fault.end())}: {name}"
    for script in SCRIPT.finditer(text):
        if script[2].strip() and not DATA_TYPES.search(script[1]):
            yield f"{where}:{_count_line(text, script.start())}: inline <script>"
    if (lines := text.count("\n")) > LONGEST:
        yield f"{where}: {lines} lines; more than {LONGEST} are too many to read"


def _count_line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def main() -> int:
    faults = [fault for path in find_templates() for fault in find_faults(path)]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
