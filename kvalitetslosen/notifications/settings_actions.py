"""The verbs behind a municipality's choices about mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from kvalitetslosen.journal.record import change, create
from kvalitetslosen.notifications.models import MailSettings, mail_settings
from kvalitetslosen.notifications.wording import Wording
from kvalitetslosen.organisation.models import User


@transaction.atomic
def change_mail_settings(*, municipality_id: int, by: User, **choices: Any) -> MailSettings:
    """Set when mail goes out, and what it says; old and new are in the journal."""
    own = mail_settings(municipality_id)
    if not own._state.adding:
        change(own, "notifications.settings_changed", by=by, **choices)
        return own
    for name, value in choices.items():
        setattr(own, name, value)
    return create(own, "notifications.settings_changed", by=by, **choices)


def set_words(
    *, municipality_id: int, by: User, key: str, added: Mapping[str, str], wordings: Mapping[str, Wording]
) -> MailSettings:
    """What the municipality adds to one message, and says instead of its words, by language. Empty is taken away."""
    own = mail_settings(municipality_id)
    texts = {language: text.strip() for language, text in added.items() if text.strip()}
    said = {language: asdict(wording) for language, wording in wordings.items() if wording.subject or wording.body}
    return change_mail_settings(
        municipality_id=municipality_id,
        by=by,
        texts=_instead(own.texts, key, texts),
        wordings=_instead(own.wordings, key, said),
    )


def use_standard_words(*, municipality_id: int, by: User, key: str) -> MailSettings:
    """Back to the standard text of a message in every language. What is added to it stays."""
    wordings = _instead(mail_settings(municipality_id).wordings, key, {})
    return change_mail_settings(municipality_id=municipality_id, by=by, wordings=wordings)


def _instead(texts: Mapping[str, Any], key: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """All the texts, with those of one message exchanged; without the message where nothing is written."""
    others = {name: value for name, value in texts.items() if name != key}
    return others | ({key: dict(written)} if written else {})
