"""allauth's forms in our words and our look. Named in settings.ACCOUNT_FORMS."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kvalitetslosen.ui.forms import PageForm

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("The password you have now"),
    "password1": _("New password"),
    "password2": _("New password once more"),
}

# allauth has no nynorsk. Named here, what its forms say of themselves comes from our catalogues.
gettext_noop("You must type the same password each time.")


class AccountForm(PageForm):
    """Our labels; no placeholders, which vanish when one writes; no rules under the field: the page says them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(AccountForm, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(AccountForm, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(AccountForm, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(AccountForm, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass
