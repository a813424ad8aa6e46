"""The verbs behind a municipality's choices about mail."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kvalitetslosen.journal.record import change, create
from kvalitetslosen.notifications.models import MailSettings, mail_settings
from kvalitetslosen.organisation.models import User


@transaction.atomic
def change_mail_settings(*, municipality_id: int, by: User, **choices: Any) -> MailSettings:
    """Set when mail goes out, and what is added to it; old and new are in the journal."""
    own = mail_settings(municipality_id)
    if not own._state.adding:
        change(own, "notifications.settings_changed", by=by, **choices)
        return own
    for name, value in choices.items():
        setattr(own, name, value)
    return create(own, "notifications.settings_changed", by=by, **choices)


def set_added_text(*, municipality_id: int, by: User, key: str, texts: dict[str, str]) -> MailSettings:
    """What the municipality adds to one message, by language; empty texts are taken away."""
    written = {language: text.strip() for language, text in texts.items() if text.strip()}
    others = {name: value for name, value in mail_settings(municipality_id).texts.items() if name != key}
    return change_mail_settings(
        municipality_id=municipality_id, by=by, texts=others | ({key: written} if written else {})
    )
