"""A forgotten password: the request writes one row, whoever's address it is, and the worker looks the address up.

So nobody can tell by the answer, or by the time it takes, whether somebody has an account here. Of an address nobody
has, nothing is kept.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account import forms as allauth_forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from kvalitetslosen.notifications.backends import send_soon
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.notifications.outbox import absolute, language_of
from kvalitetslosen.notifications.people import way_in
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.account_forms import AccountForm

NAME = "notifications.password_reset"


class ResetPasswordForm(AccountForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """allauth's form, which would look the address up at once."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **_more: Any) -> str:
        email: str = self.cleaned_data["email"]
        ask(email)
        return email


def ask(address: str) -> None:
    """Have a link for choosing a password sent to the address, if it is somebody's."""
    language, key = settings.LANGUAGE_CODE[:2], f"reset:{secrets.token_hex(16)}"
    Email.objects.create(to=address, language=language, name=NAME, secret=True, key=key)
    transaction.on_commit(send_soon, robust=True)


def written(email: Email) -> bool:
    """Write the mail, as it is about to be sent; False, and no row any more, where nobody has the address."""
    user = User.objects.active().filter(email=email.to, practice=False).first()
    if user is None:
        email.delete()
        return False
    email.language = language_of(user)
    with translation.override(email.language):
        link = {"password_reset_url": absolute(way_in(user))}
        email.subject = " ".join(render_to_string("account/email/password_reset_key_subject.txt", link).split())
        email.body = render_to_string("account/email/password_reset_key_message.txt", link).strip() + "\n"
    return True
