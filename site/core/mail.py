"""Mails: one message in two parts, in the reader's language, dressed for mail programs."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from core.seller import get_seller

# Styles are written once in the layout and put on each element here: many mail programs read nothing else.
INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def build_message(
    *,
    template: str,
    context: Mapping[str, Any],
    to: str,
    language: str,
    message_id: str = "",
) -> EmailMultiAlternatives:
    """The mail that `emails/<template>.{subject.txt,txt,html}` describe, for one reader.

    `message_id` is the part before the @ of a Message-ID that is the same however often the mail is built.
    """
    with translation.override(language):
        seller = get_seller()
        values = {
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "language": language,
            "seller": seller,
            **context,
        }
        # One line; no-break spaces in sums stay what they are.
        subject = " ".join(re.split(r"[ \r\n]+", render_to_string(f"emails/{template}.subject.txt", values)))
        subject = subject.strip(" ")
        values["subject"] = subject
        text = render_to_string(f"emails/{template}.txt", values).strip() + "\n"
        html = INLINER.inline(render_to_string(f"emails/{template}.html", values))
    headers = {"Auto-Submitted": "auto-generated"}
    if message_id:
        headers["Message-ID"] = f"<{message_id}@{urlsplit(settings.SITE_URL).hostname}>"
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        reply_to=[seller.email] if seller.email else None,
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def get_html(message: EmailMultiAlternatives) -> str:
    """The HTML part of a mail that `build_message` made."""
    html, _kind = message.alternatives[0]
    return str(html)
