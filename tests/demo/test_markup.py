"""The checks of `tests.demo.markup` find what is wrong, and let pass what is right."""

import html5lib
import pytest

from tests.demo.markup import list_faults

WRONG = {
    "<div><span><div></div></span></div>": "<div> inside <span>",
    "<button><h2>x</h2></button>": "<h2> inside <button>",
    '<a href="/"><button>x</button></a>': "<button> inside <a>",
    "<label>x<label>y</label></label>": "<label> inside <label>",
    "<div><li>x</li></div>": "<li> in <div>",
    "<ul><div>x</div></ul>": "<div> right in <ul>",
    "<div><dt>x</dt></div>": "<dt> outside <dl>",
    "<h1>x</h1><h3>y</h3>": "<h3> right after <h1>",
    '<label for="x">y</label>': "<label for> names nothing: ['x']",
    '<label for="x">y</label><div id="x"></div>': "<label for> names <div>",
    '<p aria-describedby="x y" id="x"></p>': "<p aria-describedby> names nothing: ['y']",
    "<center>x</center>": "<center> is obsolete",
    '<table cellpadding="1"></table>': "<table cellpadding> is obsolete",
    '<button type="go">x</button>': "<button type> is 'go'",
    '<p aria-live="loud"></p>': "<p aria-live> is 'loud'",
    '<input aria-label="x" autocomplete="mail">': "<input autocomplete> is ['mail']",
    '<p id="a b"></p>': "<p id> is 'a b'",
    '<img src="/x.png">': "<img> without alt or src: /x.png",
    '<a href="/x/"><span></span></a>': "<a> without a name: /x/",
    '<input name="x">': "<input name=x> without a label",
}
RIGHT = """
<h1>x</h1><h2>y</h2><h3>z</h3><h2>y</h2>
<dl><div><dt>x</dt><dd><p>y</p></dd></div></dl>
<a href="/"><div><h3>x</h3></div></a><a href="/"><img src="/x.png" alt="x"></a>
<label>x <input name="x"></label><label for="y">y</label><select id="y"><option>1</option></select>
<details><summary><h3>x</h3></summary><p>y</p></details>
<button type="button" aria-expanded="false" aria-controls="menu"><svg aria-label="x"></svg></button>
<ul id="menu"><li><any-thing><p>x</p></any-thing></li></ul>
"""


def parse(text):
    return html5lib.parse(f"<!doctype html><title>x</title>{text}")


@pytest.mark.parametrize("text", WRONG)
def test_a_fault_is_found(text):
    assert list_faults(parse(text)) == [WRONG[text]]


def test_a_sound_page_has_none():
    assert list_faults(parse(RIGHT)) == []
