"""Mail as rows: how a letter is put together, and how it gets into the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Worded, plain_text
from kvalitetslosen.notifications.models import Email, MailSettings, mail_settings
from kvalitetslosen.organisation.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

SUBJECT_LENGTH = 200


def language_of(user: User) -> str:
    return user.language or settings.LANGUAGE_CODE


def in_every_language(write: Callable[[], str]) -> dict[str, str]:
    """What ``write`` says with each language of the product active."""
    written = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            written[language] = write()
    return written


def absolute(path: str) -> str:
    """The address of a page as it stands in a mail."""
    return f"{settings.SITE_URL}{path}" if path else ""


def letter(*, body: str, link: str = "", added: str = "", municipality: str = "") -> str:
    """The whole text of a mail in the active language: what is said, the whole link, what the municipality adds."""
    context = {"body": body, "link": link, "added": added.strip(), "municipality": municipality}
    return plain_text("notifications/email/letter.txt", context).strip() + "\n"


def compose(
    worded: Worded,
    *,
    user: User,
    context: Callable[[], dict[str, Any]],
    link: str,
    key: str,
    chosen: MailSettings | None = None,
    event: Event | None = None,
    thread: str = "",
    secret: bool = False,
) -> Email:
    """A mail for one person in that person's language, not yet stored. ``context`` is called in the language."""
    language = language_of(user)
    own = chosen or mail_settings(user.municipality_id)
    with translation.override(language):
        words, wording = context(), own.wording_of(worded.key, language)
        body, rest = worded.own_body(words, wording, language, absolute(link))
        return Email(
            user=user,
            to=user.email,
            language=language,
            name=worded.key,
            event=event,
            subject=worded.own_subject(words, wording, language)[:SUBJECT_LENGTH],
            body=letter(
                body=body,
                link=rest,
                added=own.added(worded.key, language),
                municipality=user.municipality.name,
            ),
            thread=thread,
            secret=secret,
            key=key,
        )


def queue(emails: list[Email]) -> None:
    """Store them, but for those whose ``key`` is there already, and what somebody practising would have had."""
    real = [each for each in emails if each.user is None or not each.user.practice]
    Email.objects.bulk_create(real, ignore_conflicts=True)
