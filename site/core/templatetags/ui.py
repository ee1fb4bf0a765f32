"""The tags that draw the shop's components. Markup is in `templates/components/`, one file each.

Tags with a body are frames round other markup. A misspelt argument is a `TemplateSyntaxError`, because
the signatures below are the only ones there are.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, PasswordInput, RadioSelect
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.models import SellerSettings

register = template.Library()

ALERT_ICONS = {"info": "info", "success": "check-circle", "warning": "alert", "danger": "alert"}
JSON_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}
STEP_ICONS = {"done": "check", "failed": "close"}


@register.simple_tag
def sprite(name: str) -> str:
    """The address of a sign in the sprite, for `<use href>`."""
    return f"{find_sprite()}#{name}"


@cache
def find_sprite() -> str:
    """Its address, which a page with cards would ask a hundred times."""
    return static("img/icons.svg")


@register.simple_tag
def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """One sign of the sprite. Without `label` it is decoration that screen readers skip."""
    style = f"icon icon--{size}" if size else "icon"
    href = sprite(name)
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', style, label, href
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', style, href
    )


# --- Frames -----------------------------------------------------------------


@register.simple_block_tag
def panel(content: str, *, title: str = "", tone: str = "soft", level: int = 2, id: str = "") -> str:  # noqa: A002
    """A part of a page: `tone` is plain, soft or outline; `level` that of its heading."""
    values = {"content": content, "title": title, "tone": tone, "level": f"h{level:d}", "id": id}
    return render_to_string("components/panel.html", values)


@register.simple_block_tag
def alert(content: str, *, tone: str = "info", title: str = "", live: str = "") -> str:
    """A note: info, success, warning or danger; `live` is the ARIA role of one that appears by itself."""
    values = {"content": content, "tone": tone, "title": title, "live": live, "icon_name": ALERT_ICONS[tone]}
    return render_to_string("components/alert.html", values)


@register.simple_block_tag
def empty_state(content: str, *, title: str, icon: str = "berry", picture: str = "", level: int = 2) -> str:
    """What a list says when it has nothing; the body holds a sentence and a way on."""
    values = {
        "content": content,
        "title": title,
        "icon_name": icon,
        "picture": picture,
        "level": f"h{level:d}",
    }
    return render_to_string("components/empty_state.html", values)


@register.simple_block_tag
def summary(content: str, *, title: str = "") -> str:
    """Sums: rows are `<div class="summary__row"><dt>…</dt><dd>…</dd></div>`."""
    return render_to_string("components/summary.html", {"content": content, "title": title})


@register.simple_block_tag
def filter_panel(content: str, *, action: str = "", count: int | None = None, reset: str = "") -> str:
    """A GET form, folded on phones; `count` is what its button promises to show."""
    values = {"content": content, "action": action, "count": count, "reset": reset}
    return render_to_string("components/filter_panel.html", values)


# --- Forms --------------------------------------------------------------------


def choose_field_kind(field: BoundField) -> str:
    """How a form field is drawn, from its widget. One that nobody can reach is a trap for robots."""
    if field.field.widget.attrs.get("tabindex") == "-1":
        return "trap"
    kinds = (
        (CheckboxSelectMultiple, "group"),
        (RadioSelect, "group"),
        (CheckboxInput, "check"),
        (PasswordInput, "password"),
    )
    return next((kind for widget, kind in kinds if isinstance(field.field.widget, widget)), "text")


@register.inclusion_tag("components/field.html")
def field(field: BoundField, *, label: str = "", hint: str = "", kind: str = "") -> dict[str, Any]:
    """One form field: label, hint, error, control, tied together for screen readers."""
    return {
        "field": field,
        "label": label or field.label,
        "hint": hint or field.help_text,
        "kind": kind or choose_field_kind(field),
    }


@register.inclusion_tag("components/fields.html")
def fields(form: Any) -> dict[str, Any]:
    """Error summary, hidden fields and all visible fields of a form."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """All errors of a form, each a link to its field; takes the focus."""
    return {"form": form}


# --- Words and numbers ------------------------------------------------------------


@register.inclusion_tag("components/badge.html")
def badge(text: str, *, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A short word about a thing: neutral, success, warning, danger, info or berry."""
    return {"text": text, "tone": tone, "icon_name": icon}


@register.inclusion_tag("components/badge.html")
def season_badge(state: str) -> dict[str, Any]:
    """The season in words; nothing for a state without news."""
    badges = {
        "in_season": (_("In season"), "success", "sun"),
        "ends_soon": (_("Season ends soon"), "warning", "clock"),
        "starts_soon": (_("Coming soon"), "info", "calendar"),
        "out_of_season": (_("Out of season"), "neutral", "snow"),
    }
    text, tone, icon_name = badges.get(str(state), ("", "neutral", ""))
    return {"text": text, "tone": tone, "icon_name": icon_name}


@register.inclusion_tag("components/stock_note.html", takes_context=True)
def stock_note(context: Context, left: int) -> dict[str, Any]:
    """Stock in words: in stock, the last few with their number, or sold out; the settings say what is few."""
    if left <= 0:
        return {"text": _("Sold out"), "state": "none"}
    if left <= find_few(context):
        return {"text": ngettext("%(left)s left", "%(left)s left", left) % {"left": left}, "state": "few"}
    return {"text": _("In stock"), "state": "plenty"}


def find_few(context: Context) -> int:
    """From how many packs left the shop says how many; read once a request."""
    settings_of = context.get("settings")
    seller = settings_of["core"]["SellerSettings"] if settings_of else SellerSettings()
    return int(seller.low_stock)


@register.inclusion_tag("components/price_line.html")
def price_line(
    *,
    price: Decimal,
    weight_g: int | None = None,
    per_kg: Decimal | None = None,
    old: Decimal | None = None,
    size: str = "",
) -> dict[str, Any]:
    """«500 г · 390 ₽ · 780 ₽/кг»."""
    return {"price": price, "weight_g": weight_g, "per_kg": per_kg, "old": old, "size": size}


@register.inclusion_tag("components/season_strip.html")
def season_strip(months: Collection[int]) -> dict[str, Any]:
    """Twelve months, those of the season filled, the current one ringed."""
    now = timezone.localdate().month
    return {
        "months": [
            {
                "short": str(MONTHS_3[number])[:3],
                "name": MONTHS[number],
                "is_on": number in months,
                "is_now": number == now,
            }
            for number in range(1, 13)
        ]
    }


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Sequence[Any]) -> dict[str, Any]:
    """What has happened and what comes next: steps with `title`, `state`, and perhaps `at` and `text`."""
    return {"steps": steps, "icons": STEP_ICONS}


# --- Ways through the site -----------------------------------------------------------


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way from the front page to here, visible and as BreadcrumbList."""
    request = context.get("request")
    elements = []
    for position, (title, url) in enumerate(items, start=1):
        element: dict[str, Any] = {"@type": "ListItem", "position": position, "name": str(title)}
        if url:
            element["item"] = request.build_absolute_uri(url) if request else url
        elements.append(element)
    data = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": elements}
    return {"items": items, "data": data}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Links to the pages of a list; the rest of the query string is kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "request": context.get("request"),
        "page": page,
        "numbers": numbers,
        "gap": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/share_links.html")
def share_links(url: str, title: str) -> dict[str, Any]:
    """Links that share a page; `url` is absolute. No foreign script is loaded."""
    return {"url": url, "title": title}


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """A value of a dictionary, or nothing."""
    return mapping.get(key, "")


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Structured data for search engines; no text in it can end the script element."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.simple_tag
def absolute(url: str) -> str:
    """The full address of a path of this site; a full address stays as it is."""
    return urljoin(f"{settings.SITE_URL}/", url)


@register.simple_tag
def site_path(path: str = "") -> str:
    """The address of a page in the active language: Russian at the root, English under /en/."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return f"/{path}" if language == settings.LANGUAGE_CODE else f"/{language}/{path}"
