"""Editors' rich text for mail: links that work from anywhere, and the same words without markup."""

import re
from html.parser import HTMLParser

from wagtail.rich_text import expand_db_html

from home.pages.addresses import make_absolute

LOCAL_LINK = re.compile(r'(<a href=")(/[^"]*)(")')
BLOCKS = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "hr"}


def expand_for_mail(source: str) -> str:
    """The HTML of rich text with absolute links; a link to a page that is gone is plain words."""
    html = expand_db_html(source)
    return LOCAL_LINK.sub(lambda link: f"{link[1]}{make_absolute(link[2])}{link[3]}", html)


def write_as_text(html: str) -> str:
    """The words: headings and paragraphs apart, list items with a mark, addresses after their links."""
    writer = TextWriter()
    writer.feed(html)
    writer.close()
    return writer.get_text()


class TextWriter(HTMLParser):
    """Turns the markup that our editors can make into text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []  # the number of the item for ordered lists, None for others
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
        if tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append(f"\n{self.make_mark()} ")
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.link:
            self.parts.append(f" ({self.link})")
            self.link = ""

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))

    def make_mark(self) -> str:
        """What stands before an item: its number, or an asterisk."""
        number = self.lists[-1] if self.lists else None
        if number is None:
            return "*"
        self.lists[-1] = number + 1
        return f"{number + 1}."

    def get_text(self) -> str:
        lines = (line.strip(" ") for line in "".join(self.parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
