"""One stylesheet and one script, joined from the components' files."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.checks import run_checks

from core.finders import BUNDLES, BundleFinder, join_scripts, join_styles, list_styles


@pytest.fixture
def finder(settings, tmp_path):
    settings.BUNDLE_ROOT = tmp_path
    return BundleFinder()


def test_every_stylesheet_of_a_component_is_in_the_bundle(finder):
    text = Path(finder.find("css/site.css")).read_text()

    assert "--color-berry" in text
    assert ".berry-card" in text
    assert text.index("--color-berry:") < text.index(".berry-card")


def test_comments_and_indentation_do_not_travel(tmp_path):
    path = tmp_path / "a.css"
    path.write_text("/* why */\n.a {\n  color: red;\n}\n")

    assert join_styles([path]) == ".a {\ncolor: red;\n}\n"


def test_names_of_one_script_are_hidden_from_the_others(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.js").write_text("const same = 1;\n")

    assert join_scripts(sorted(tmp_path.iterdir())) == "{\nconst same = 1;\n}\n{\nconst same = 1;\n}\n"


def test_a_changed_component_changes_the_bundle(finder, monkeypatch, tmp_path):
    path = tmp_path / "one.css"
    path.write_text(".one { color: red }")
    monkeypatch.setitem(BUNDLES, "css/site.css", (lambda: [path], join_styles))
    before = Path(finder.find("css/site.css")).read_text()

    path.write_text(".two { color: red }")

    assert ".one" in before
    assert Path(finder.find("css/site.css")).read_text() == ".two { color: red }\n"


def test_other_files_are_left_to_other_finders(finder):
    assert finder.find("css/base/tokens.css") == []
    assert finder.find("css/site.css", find_all=True) == [finder.find("css/site.css")]


def test_collectstatic_gets_both_bundles(finder):
    assert sorted(path for path, _storage in finder.list(None)) == ["css/site.css", "js/site.js"]
    assert all(storage.exists(path) for path, storage in finder.list(None))


def test_the_pages_can_ask_for_them():
    assert finders.find("css/site.css")
    assert finders.find("js/site.js")


def test_a_missing_base_file_is_told_at_the_start(monkeypatch):
    gone = list_styles()[0].with_name("gone.css")
    monkeypatch.setattr("core.finders.list_styles", lambda: [gone])

    assert "core.E010" in {error.id for error in run_checks(tags=["staticfiles"])}


def test_a_first_visit_is_light(finder):
    """DESIGN §7: CSS ≤ 15 kB, JS ≤ 25 kB in all, compressed."""
    page_css = max(list_styles()[0].parents[1].glob("pages/*.css"), key=lambda path: path.stat().st_size)
    css = Path(finder.find("css/site.css")).read_bytes() + page_css.read_bytes()
    js = Path(finder.find("js/site.js")).read_bytes()
    js += Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()

    assert len(gzip.compress(css)) <= 15_000
    assert len(gzip.compress(js)) <= 25_000
