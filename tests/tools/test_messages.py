import gettext
import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tools import messages

CODE = """
title = _("Berries")
title = _("Sweet "
          "berries")
count = ngettext("%(n)s berry", "%(n)s berries", n)
verb = pgettext("verb", "Order")
label = gettext_lazy("Add to cart")
nothing = _(variable)
"""
TEMPLATE = """{% load i18n %}
{% translate "Cart" %} {% translate "May" context "month" as may %}
{% blocktranslate trimmed count n=lines %}
  {{ n }} line
{% plural %}
  {{ n }} lines
{% endblocktranslate %}
<a title="{{ _("Close") }}" href="{{ x|default:_("it's here") }}">
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project: one module, one template, no catalogues."""
    monkeypatch.setattr(messages, "BASE_DIR", tmp_path)
    monkeypatch.setattr(messages, "LOCALE_DIR", tmp_path / "locale")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "cart.html").write_text(TEMPLATE)
    return tmp_path


def translate_all(project: Path) -> polib.POFile:
    messages.update_catalogues()
    catalogue = polib.pofile(str(project / "locale/ru/LC_MESSAGES/django.po"))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(range(3), entry.msgid_plural)
        else:
            entry.msgstr = f"по-русски: {entry.msgid}"
    catalogue.save()
    return catalogue


def test_messages_of_code_and_templates_are_found(project):
    found = {(message.context, message.text): use.plural for message, use in messages.find_messages().items()}

    assert found == {
        ("", "Berries"): "",
        ("", "Sweet berries"): "",
        ("", "%(n)s berry"): "%(n)s berries",
        ("verb", "Order"): "",
        ("", "Add to cart"): "",
        ("", "Cart"): "",
        ("month", "May"): "",
        ("", "%(n)s line"): "%(n)s lines",
        ("", "Close"): "",
        ("", "it's here"): "",
    }


def test_complete_catalogues_have_no_faults(project):
    translate_all(project)

    assert messages.check_catalogues() == []


def test_missing_catalogues_are_named(project):
    faults = messages.check_catalogues()

    assert faults == [
        "locale/ru/LC_MESSAGES/django.po is missing: run `make messages`.",
        "locale/en/LC_MESSAGES/django.po is missing: run `make messages`.",
    ]


def spoil(catalogue: polib.POFile, how: str) -> None:
    entry = catalogue.find("Berries")
    lines = catalogue.find("%(n)s line")
    match how:
        case "fuzzy":
            entry.flags.append("fuzzy")
        case "untranslated":
            entry.msgstr = ""
        case "untranslated form":
            lines.msgstr_plural[1] = ""
        case "missing":
            catalogue.remove(entry)
        case "unused":
            catalogue.append(polib.POEntry(msgid="Nuts", msgstr="Орехи"))
        case "invented field":
            lines.msgstr_plural[0] = "%(number)s строка"
    catalogue.save()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("fuzzy", "fuzzy: 'Berries'"),
        ("untranslated", "not translated: 'Berries'"),
        ("untranslated form", "not translated: '%(n)s line'"),
        ("missing", "not in the catalogue (run `make messages`): 'Berries' (shop/models.py:2)"),
        ("unused", "no longer used: 'Nuts'"),
        ("invented field", "%(number)s unlike in the original"),
    ],
)
def test_each_kind_of_fault_is_told(project, how, words):
    spoil(translate_all(project), how)

    (fault,) = messages.check_catalogues()

    assert words in fault


def test_an_update_keeps_translations_and_drops_what_is_unused(project):
    spoil(translate_all(project), "unused")

    messages.update_catalogues()

    catalogue = polib.pofile(str(project / "locale/ru/LC_MESSAGES/django.po"))
    assert catalogue.find("Berries").msgstr == "по-русски: Berries"
    assert catalogue.find("Nuts", include_obsolete_entries=True) is None


def test_an_update_takes_over_the_parts(project):
    (project / "locale/parts").mkdir(parents=True)
    part = polib.POFile()
    part.append(polib.POEntry(msgid="Berries", msgstr="Ягоды"))
    part.save(str(project / "locale/parts/catalog.po"))

    messages.update_catalogues()

    catalogue = polib.pofile(str(project / "locale/ru/LC_MESSAGES/django.po"))
    assert catalogue.find("Berries").msgstr == "Ягоды"


def test_compiled_catalogues_speak(project):
    translate_all(project)

    messages.compile_catalogues()

    english = gettext.translation("django", str(project / "locale"), ["en"])
    assert english.ngettext("%(n)s berry", "%(n)s berries", 1) == "%(n)s berry"
    assert english.ngettext("%(n)s berry", "%(n)s berries", 5) == "%(n)s berries"
    russian = gettext.translation("django", str(project / "locale"), ["ru"])
    assert russian.gettext("Berries") == "по-русски: Berries"


def test_the_catalogues_of_the_project_are_compiled_without_msgfmt():
    result = subprocess.run(
        [sys.executable, "tools/messages.py", "compile"],
        env={**os.environ, "PATH": os.devnull},
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert Path("locale/ru/LC_MESSAGES/django.mo").exists()
