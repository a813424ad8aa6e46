"""How logging in works here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Administrators make accounts; nobody signs up."""

    # allauth has no nynorsk, and «incorrect» is no help.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address and the password don't belong together. Try once more."),
        "enter_current_password": _("That isn't the password you have now. Try once more."),
        "incorrect_password": _("That isn't your password. Try once more."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
