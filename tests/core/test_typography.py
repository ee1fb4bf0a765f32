import pytest
from django.template import Context, Template

from core.templatetags.typography import bound


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("и в лоток попадают", "и~в~лоток попадают"),
        ("Смородина и крыжовник", "Смородина и~крыжовник"),
        ("Не ешьте всё", "Не~ешьте всё"),
        ("чай-то и", "чай-то и"),
        ("белки 1,5 г, до 2 недель", "белки 1,5~г, до~2~недель"),
        ("при 0–4 °C", "при 0–\N{WORD JOINER}4~°C"),
        ("сезон — октябрь", "сезон~— октябрь"),
        ("a berry of ours", "a berry of ours"),
        ("", ""),
    ],
)
def test_what_belongs_together_is_bound(text, shown):
    assert bound(text) == shown.replace("~", "\N{NO-BREAK SPACE}")


def test_what_an_editor_wrote_stays_escaped():
    drawn = Template("{% load typography %}{{ text|bound }}").render(Context({"text": "и <b>"}))

    assert drawn == "и\N{NO-BREAK SPACE}&lt;b&gt;"
