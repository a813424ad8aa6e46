"""How logging in works here: allauth for the forms and the links, axes for what happens after wrong passwords."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from allauth.account import auth_backends
from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.models import UserSession
from axes.utils import reset
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import User, person_with_standing


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which finds out who asks for a page together with what they may see on it."""

    def user_can_authenticate(self, user: User) -> bool:
        """Nobody logs in as somebody invented for practising."""
        return not user.practice and bool(super().user_can_authenticate(user))

    def get_user(self, user_id: int) -> User | None:
        user = person_with_standing(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Administrators make accounts; nobody signs up, and nobody changes their own address."""

    # allauth has no nynorsk, so that what it may say here is said in our words.
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "enter_current_password": _("That isn't the password you have now."),
        "incorrect_password": _("The password is wrong."),
        "invalid_login": _("The e-mail address or the password is wrong."),
        "invalid_password_reset": _("The link doesn't work any more."),
        "too_many_login_attempts": _("That was many tries in a short time. Wait a few minutes and try again."),
        "rate_limited": _("That was many tries in a short time. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the configured address: what a request says of its host is not to be mailed to anybody."""
        uid, _dash, token = key.partition("-")
        return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', args=[uid, token])}"

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's language, which need not be that of the page where somebody asked for it."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        with translation.override(language):
            message: EmailMessage = self.render_mail(template_prefix, email, context)
            message.send()

    def set_password(self, user: User, password: str) -> None:
        """Chosen by its owner, proven by the old one or by a mailed link: other sessions end, a lock opens.

        Whoever comes by the link may have lost the account to somebody: what that one made to read by ends too.
        """
        user.set_password(password)
        with transaction.atomic():
            user.save(update_fields=["password"])
            record(user, "organisation.password_chosen", by=user)
            if self.request is None or not self.request.user.is_authenticated:
                for forget in actions.on_locked_out:
                    forget(user)
        reset(username=user.email)
        here = self.request.session.session_key if self.request else None
        for session in UserSession.objects.filter(user=user).exclude(session_key=here).order_by("pk"):
            session.end()


def log_in_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """Whose wrong passwords are counted: the address as typed, however it is cased. Named in ``settings``."""
    given = dict(credentials or {})
    name = given.get("email") or given.get("login") or given.get("username")
    if not name and request is not None:
        name = request.POST.get("login")
    return str(name).strip().lower()[:255] if name else None


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost of our own proxies saw, never what the sender claims."""
    said = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT and len(said) >= settings.PROXY_COUNT:
        address = said[-settings.PROXY_COUNT]
    try:
        return str(ip_address(address))
    except ValueError:  # a Unix socket, or a proxy that adds a port
        return "127.0.0.1"
