"""The accounts one can log in with in a trial: one per role, with the password `demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import DemoAccount

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PASSWORD = "demo"


class Login(NamedTuple):
    email: str
    role: _StrOrPromise


LOGINS = (
    Login("ansatt@aseral.example", _("Employee, home care")),
    Login("leder@aseral.example", _("Unit leader, home care")),
    Login("sjef@aseral.example", _("Head of health and care")),
    Login("radmann@aseral.example", _("Chief executive")),
    Login("kvalitet@aseral.example", _("Quality contact")),
    Login("admin@aseral.example", _("Administrator")),
    Login("verneombud@aseral.example", _("Safety representative")),
    Login("tillitsvalgt@aseral.example", _("Union representative")),
    Login("personvernombud@aseral.example", _("Data protection officer")),
    Login("ansatt@marnardal.example", _("Employee, school")),
    Login("leder@marnardal.example", _("Unit leader")),
    Login("admin@marnardal.example", _("Administrator")),
    Login("ansatt@audnedal.example", _("Employee")),
    Login("leder@audnedal.example", _("Unit leader, institution")),
    Login("admin@audnedal.example", _("Administrator")),
)


def accounts() -> list[DemoAccount]:
    """Those of the list that are in the database, as the log-in page shows them, in the list's order."""
    there = {
        user.email: user
        for user in User.objects.active()
        .filter(email__in=[login.email for login in LOGINS])
        .select_related("municipality")
        .order_by("pk")
    }
    return [
        DemoAccount(login.email, str(login.role), f"{there[login.email].name}, {there[login.email].municipality.name}")
        for login in LOGINS
        if login.email in there
    ]
