"""What the style guide shows: invented values that bring every state of every component on one page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _


class SampleForm(forms.Form):
    """Every kind of field; the style guide submits it with mistakes."""

    name = forms.CharField(label="Name", help_text="As on the door.")
    email = forms.EmailField(label="E-mail")
    comment = forms.CharField(label="Comment", required=False, widget=forms.Textarea)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    zone = forms.ChoiceField(label="Zone", choices=[("in", "Moscow"), ("out", "Outside")])
    slot = forms.ChoiceField(
        label="Slot", choices=[("1", "10:00–14:00"), ("2", "14:00–18:00")], widget=forms.RadioSelect
    )
    pay = forms.ChoiceField(
        label="Payment", choices=[("card", "Card"), ("cash", "Cash")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree to the offer")


def make_samples() -> dict[str, Any]:
    """The context of the style guide."""
    return {
        "form": SampleForm(),
        "wrong_form": SampleForm({"email": "berry", "agree": ""}),
        "cards": make_cards(),
        "page_obj": make_page(),
        "trail": [(_("Front page"), "/"), (_("Catalog"), "/catalog/"), (_("Raspberries"), "")],
        "steps": make_steps(),
        "months": [6, 7, 8],
        "tones": ["info", "success", "warning", "danger"],
        "badge_tones": ["neutral", "success", "warning", "danger", "info", "berry"],
        "seasons": ["in_season", "ends_soon", "starts_soon", "out_of_season"],
        "amounts": [Decimal(390), Decimal("1234.50"), Decimal(1250000)],
        "colors": [
            *(
                "bg",
                "sunken",
                "picture",
                "text",
                "muted",
                "line",
                "line-strong",
                "berry",
                "berry-text",
                "berry-soft",
            ),
            *("leaf", "leaf-soft", "sun", "sun-soft", "danger", "danger-soft", "info", "info-soft", "focus"),
        ],
        "article": {
            "title": _("Raspberries"),
            "url": "#",
            "lead": "Five signs of a ripe berry that you can see in a shop.",
            "date": timezone.localdate(),
            "picture": {"url": static("img/hero.jpg"), "width": 1200, "height": 900},
        },
    }


def make_cards() -> list[dict[str, Any]]:
    """Cards in all states: plenty, the last ones, sold out, in the cart, no picture, a long name."""
    card = {
        "title": _("Raspberries"),
        "url": "#",
        "picture": {"url": static("img/hero.jpg"), "width": 1200, "height": 900},
        "price": Decimal(390),
        "price_per_kg": Decimal(780),
        "weight_g": 500,
        "left": 20,
        "season_state": "in_season",
    }
    states: list[dict[str, Any]] = [
        {},
        {"left": 3, "season_state": "ends_soon", "is_favorite": True},
        {"left": 0, "season_state": "out_of_season"},
        {"in_cart": 2, "season_state": "starts_soon"},
        {"picture": None, "season_state": ""},
        {
            "title": "Supercalifragilisticexpialidocious Raspberries",
            "price": Decimal("12345.50"),
            "weight_g": 1500,
        },
    ]
    return [card | state | {"pack_id": key, "berry_id": key} for key, state in enumerate(states, start=1)]


def make_page() -> Page[int]:
    """The fifth page of twelve."""
    return Paginator(range(120), 10).page(5)


def make_steps() -> list[dict[str, Any]]:
    """An order on its way."""
    now = timezone.now()
    return [
        {"title": "Accepted", "state": "done", "at": now - timedelta(hours=3)},
        {"title": "Paid", "state": "done", "at": now - timedelta(hours=2)},
        {"title": "Packing", "state": "current", "text": "Until 14:00"},
        {"title": "Delivered", "state": "todo"},
        {"title": "Refunded", "state": "failed"},
    ]
