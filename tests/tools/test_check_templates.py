import pytest

from tools import check_templates


@pytest.fixture
def find_faults(tmp_path, monkeypatch):
    monkeypatch.setattr(check_templates, "BASE_DIR", tmp_path)

    def find(text: str, name: str = "templates/shop/page.html") -> list[str]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return list(check_templates.find_faults(path))

    return find


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<p>\n<script>alert(1)</script>", "2: inline <script>"),
        ("<script type='module'>import 'x'</script>", "1: inline <script>"),
        ("<style>p {}</style>", "1: inline <style>"),
        ('<p class="a" style="color: red">', "1: style attribute"),
        ('<p\n  style="color: red">', "2: style attribute"),
        ('<button onclick="buy()">', "1: event handler"),
        ('<button hx-on:click="buy()">', "1: event handler"),
        ('<a href="javascript:buy()">', "1: javascript: address"),
        ("<div hx-vals='js:{a: 1}'>", "1: htmx evaluates a string"),
        ("{% blocktranslate %}a\nb{% endblocktranslate %}", "blocktranslate without trimmed"),
        ("\n" * 300, "300 lines"),
    ],
)
def test_a_fault_is_found_with_its_line(find_faults, text, fault):
    (found,) = find_faults(text)

    assert fault in found


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/static/js/cart.js" defer></script>',
        '<script type="application/ld+json">{"@type": "Product"}</script>',
        '<script id="facts" type="application/json">{}</script>',
        "{# <style>p {}</style> #}",
        '{% comment %}<p style="x">{% endcomment %}',
        '<p class="style">on sale = yes</p>',
        '<any-cart data-on="x" aria-live="polite">',
        "{% blocktranslate trimmed %}a\nb{% endblocktranslate %}",
        "{% blocktranslate with a=b %}one line{% endblocktranslate %}",
        "{% blocktranslate %}one{% endblocktranslate %}\n{% blocktranslate %}two{% endblocktranslate %}",
    ],
)
def test_what_is_allowed_is_no_fault(find_faults, text):
    assert find_faults(text) == []


def test_an_email_may_carry_styles_but_no_script(find_faults):
    text = '<style>p {}</style><p style="color: red"><script>alert(1)</script>'

    (fault,) = find_faults(text, "templates/emails/cheque.html")

    assert "inline <script>" in fault
