"""The message catalogues: `compile`, `check` or `update` them, in Python alone.

    tools/messages.py compile   write the .mo files that are older than their .po
    tools/messages.py check     every message of the code is in both catalogues, translated, and no other is
    tools/messages.py update    bring the catalogues up to date with the code and locale/parts/*.po

Message ids are English. The English catalogue has the ids themselves as its texts: so plurals work.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parents[1]
LOCALE_DIR = BASE_DIR / "locale"
LANGUAGES = ("ru", "en")
SOURCES = ("site", "home", "shop", "payments", "search")
TEMPLATES = "templates"
# The function's name → where its arguments have the context, the message and the plural.
FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)")
PLURALS = {
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    ),
    "en": "nplurals=2; plural=(n != 1);",
}


# Context, message, plural, line.
Found = tuple[str, str, str, int]


@dataclass(frozen=True, order=True)
class Message:
    """What the code asks a catalogue for."""

    context: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


@dataclass
class Use:
    """Where a message is used, and its plural form if any use has one."""

    plural: str
    places: list[str]


def find_messages() -> dict[Message, Use]:
    """All messages in our Python files and templates."""
    uses: dict[Message, Use] = defaultdict(lambda: Use("", []))
    for path, found in _read_sources():
        for context, text, plural, line in found:
            use = uses[Message(context, text)]
            use.plural = use.plural or plural
            use.places.append(f"{path.relative_to(BASE_DIR)}:{line}")
    return dict(uses)


def _read_sources() -> Iterator[tuple[Path, list[Found]]]:
    for folder in SOURCES:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, list(_find_in_python(path.read_text()))
    for folder in (TEMPLATES, *SOURCES):
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts:
                yield path, list(_find_in_template(path))


def _find_in_python(source: str) -> Iterator[Found]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in FUNCTIONS:
            continue
        words = [word.value if isinstance(word, ast.Constant) else None for word in node.args]
        yield from _pick(name, words, node.lineno)


def _find_in_template(path: Path) -> Iterator[Found]:
    # Django turns a template into something like Python, in which only the calls are left readable.
    from django.utils.translation.template import templatize  # noqa: PLC0415  needs Django's settings

    source = templatize(path.read_text(), origin=str(path))
    for call in CALL.finditer(source):
        words = [ast.literal_eval(word.lstrip("u")) for word in re.findall(STRING, call[2])]
        yield from _pick(call[1], words, source.count("\n", 0, call.start()) + 1)


def _pick(name: str, words: Sequence[object], line: int) -> Iterator[Found]:
    context_at, text_at, plural_at = FUNCTIONS[name]

    def get(position: int | None) -> str:
        word = words[position] if position is not None and position < len(words) else None
        return word if isinstance(word, str) else ""

    if get(text_at):
        yield get(context_at), get(text_at), get(plural_at), line


def load_catalogue(language: str) -> polib.POFile:
    path = _find_po(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.fpath = str(path)
    catalogue.metadata = {
        "Project-Id-Version": "Anyberry",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


def _find_po(language: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def _get_key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def compile_catalogues() -> None:
    """Write each .mo that is missing or older than its .po."""
    for po in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            unfinished = mo.with_suffix(".mo.new")
            polib.pofile(str(po)).save_as_mofile(str(unfinished))
            unfinished.rename(mo)


def check_catalogues() -> list[str]:
    """What is wrong with the catalogues, a sentence each; empty when nothing is."""
    uses = find_messages()
    faults = []
    for language in LANGUAGES:
        where = _find_po(language).relative_to(BASE_DIR)
        if not _find_po(language).exists():
            faults.append(f"{where} is missing: run `make messages`.")
            continue
        entries = {_get_key(entry): entry for entry in load_catalogue(language) if not entry.obsolete}
        for message, use in uses.items():
            found = _judge(entries, message, use)
            faults += [f"{where}: {fault}: {message.text!r} ({use.places[0]})" for fault in found]
        unused = entries.keys() - {message.key for message in uses}
        faults += [f"{where}: no longer used: {text!r}" for _context, text in sorted(unused)]
    return faults


def _judge(entries: dict[tuple[str, str], polib.POEntry], message: Message, use: Use) -> Iterator[str]:
    entry = entries.get(message.key)
    if entry is None:
        yield "not in the catalogue (run `make messages`)"
    elif entry.fuzzy:
        yield "fuzzy"
    elif use.plural and entry.msgid_plural != use.plural:
        yield "its plural differs from the code's"
    elif not entry.translated():
        yield "not translated"
    elif missing := _find_missing_fields(entry):
        yield f"{', '.join(sorted(missing))} unlike in the original"


def _find_missing_fields(entry: polib.POEntry) -> set[str]:
    """The placeholders that a translation has lost or invented; a plural's forms may leave the number out."""
    pattern = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}")
    original = set(pattern.findall(entry.msgid)) | set(pattern.findall(entry.msgid_plural or ""))
    if entry.msgid_plural:
        used: set[str] = set().union(*(pattern.findall(text) for text in entry.msgstr_plural.values()))
        return used - original
    return original ^ set(pattern.findall(entry.msgstr))


def update_catalogues() -> None:
    """Add what the code has, drop what it has not, and take over translations from locale/parts/."""
    uses = find_messages()
    for language in LANGUAGES:
        catalogue = load_catalogue(language)
        known = _collect_translations(catalogue, parts=language == "ru")
        catalogue.clear()
        for message in sorted(uses):
            catalogue.append(_build_entry(message, uses[message], known.get(message.key), language))
        Path(catalogue.fpath).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save()


def _collect_translations(catalogue: polib.POFile, *, parts: bool) -> dict[tuple[str, str], polib.POEntry]:
    known = {_get_key(entry): entry for entry in catalogue if entry.translated()}
    # The parts are newer: whoever writes one has just written the code.
    for path in sorted((LOCALE_DIR / "parts").glob("*.po")) if parts else []:
        known |= {_get_key(entry): entry for entry in polib.pofile(str(path)) if entry.translated()}
    return known


def _build_entry(message: Message, use: Use, known: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    # Files without lines: a line that moved is no change of the catalogue.
    files = {place.rsplit(":", 1)[0] for place in use.places}
    entry.occurrences = [(name, "") for name in sorted(files)]
    if "%(" in message.text or "%(" in use.plural:
        entry.flags.append("python-format")
    if use.plural:
        entry.msgid_plural = use.plural
        forms = {"ru": ("", "", ""), "en": (message.text, use.plural)}[language]
        entry.msgstr_plural = dict(enumerate(forms))
        if known and known.msgid_plural:
            entry.msgstr_plural = known.msgstr_plural
    else:
        entry.msgstr = message.text if language == "en" else ""
        if known and not known.msgid_plural and language != "en":
            entry.msgstr = known.msgstr
    return entry


def set_up_django() -> None:
    """As much of Django as reading templates takes. (The project's own settings would start its engines.)"""
    from django.conf import settings  # noqa: PLC0415  only two of the three commands need it

    settings.configure(USE_I18N=True)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            compile_catalogues()
        case ["check"]:
            set_up_django()
            faults = check_catalogues()
            print("\n".join(faults))
            return 1 if faults else 0
        case ["update"]:
            set_up_django()
            update_catalogues()
            compile_catalogues()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
