"""The catalog of every mail the shop can send, each with a sample of what it says.

An app lists its mails in a module `mail_samples`, which is read when somebody first asks for the catalog. The
developer's page `/dev/mails/` shows them, and the tests read every one in both languages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from core.mail import build_message

READER = "anna@example.com"
Builder = Callable[[str], EmailMultiAlternatives]
ContextMaker = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MailSample:
    """One mail of the catalog: `build(language)` makes it. Several may share a template."""

    name: str
    title: str | Promise
    template: str
    build: Builder


_samples: dict[str, MailSample] = {}


def register_sample(*, name: str, title: str | Promise, template: str, build: Builder) -> None:
    """Add a mail to the catalog. `name` is its address there: letters, dashes and slashes."""
    _samples[name] = MailSample(name, title, template, build)


def register_template(
    template: str, *, title: str | Promise, make_context: ContextMaker, name: str = ""
) -> None:
    """Add a mail that `core.outbox.post_mail` sends: its template, and a sample of its context by language.

    `make_context` is called with that language active.
    """

    def build(language: str) -> EmailMultiAlternatives:
        with translation.override(language):
            context = make_context(language)
        return build_message(template=template, context=context, to=READER, language=language)

    register_sample(name=name or template, title=title, template=template, build=build)


def list_samples() -> list[MailSample]:
    """The whole catalog, by name."""
    autodiscover_modules("mail_samples")
    return sorted(_samples.values(), key=lambda sample: sample.name)


def find_sample(name: str) -> MailSample | None:
    """The mail of that name, where there is one."""
    return next((sample for sample in list_samples() if sample.name == name), None)
