"""The accounts of a trial: one per role in each municipality, with the password `demo`; and the codes of its cases."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from deviations import codes
from deviations.models import CaseCode, WhistleCase
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import DemoAccount, DemoCode

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PASSWORD = "demo"


class Login(NamedTuple):
    email: str
    role: _StrOrPromise


LOGINS = (
    Login("ansatt@aseral.example", _("Employee, home care")),
    Login("leder@aseral.example", _("Unit leader, home care")),
    Login("odd.oydna@aseral.example", _("Leader of a ward, has just begun")),
    Login("sjef@aseral.example", _("Head of health and care")),
    Login("radmann@aseral.example", _("Chief executive")),
    Login("kvalitet@aseral.example", _("Quality contact")),
    Login("admin@aseral.example", _("Administrator")),
    Login("verneombud@aseral.example", _("Safety representative")),
    Login("tillitsvalgt@aseral.example", _("Union representative")),
    Login("personvernombud@aseral.example", _("Data protection officer")),
    Login("amu@aseral.example", _("Working environment committee")),
    Login("bht@aseral.example", _("Occupational health service")),
    Login("knut.lognavatn@aseral.example", _("Receives whistle-blowing")),
    Login("ansatt@marnardal.example", _("Employee, school")),
    Login("leder@marnardal.example", _("Unit leader")),
    Login("anita.stedjan@marnardal.example", _("Leader of a ward, has just begun")),
    Login("sjef@marnardal.example", _("Head of health and care")),
    Login("radmann@marnardal.example", _("Chief executive")),
    Login("kvalitet@marnardal.example", _("Quality contact")),
    Login("admin@marnardal.example", _("Administrator")),
    Login("verneombud@marnardal.example", _("Safety representative")),
    Login("tillitsvalgt@marnardal.example", _("Union representative")),
    Login("personvernombud@marnardal.example", _("Data protection officer")),
    Login("amu@marnardal.example", _("Working environment committee")),
    Login("bht@marnardal.example", _("Occupational health service")),
    Login("wenche.usland@marnardal.example", _("Receives whistle-blowing")),
    Login("ansatt@audnedal.example", _("Employee")),
    Login("leder@audnedal.example", _("Unit leader, institution")),
    Login("ranveig.slogedal@audnedal.example", _("Leader of a ward, has just begun")),
    Login("sjef@audnedal.example", _("Head of health and care")),
    Login("radmann@audnedal.example", _("Chief executive")),
    Login("kvalitet@audnedal.example", _("Quality contact")),
    Login("admin@audnedal.example", _("Administrator")),
    Login("verneombud@audnedal.example", _("Safety representative")),
    Login("tillitsvalgt@audnedal.example", _("Union representative")),
    Login("personvernombud@audnedal.example", _("Data protection officer")),
    Login("amu@audnedal.example", _("Working environment committee")),
    Login("bht@audnedal.example", _("Occupational health service")),
    Login("admin@bjelland.example", _("Administrator, has just begun")),
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
        DemoAccount(login.email, str(login.role), there[login.email].name, there[login.email].municipality.name)
        for login in LOGINS
        if login.email in there
    ]


CODED = ("AAS", "MAR", "AUD")


def demo_key(municipality: str) -> uuid.UUID:
    """The key of the form the municipality's anonymous case was sent with: what its code follows from."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.org/trial/{municipality}")


def whistle_key(municipality: str) -> uuid.UUID:
    """The same for the municipality's whistle-blowing case."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.org/trial/{municipality}/whistle")


def demo_codes() -> list[DemoCode]:
    """The codes of those anonymous cases and whistle-blowing cases that are in the database."""
    issued = {each.hash: each.code for each in (codes.issue(demo_key(municipality)) for municipality in CODED)}
    there = CaseCode.objects.filter(hash__in=issued).select_related("deviation__unit").order_by("pk")
    told = {each.hash: each.code for each in (codes.issue(whistle_key(municipality)) for municipality in CODED)}
    whistles = WhistleCase.objects.filter(code_hash__in=told).select_related("municipality").order_by("pk")
    return [
        *(DemoCode(issued[each.hash], each.deviation.unit.name) for each in there),
        *(DemoCode(told[each.code_hash], each.municipality.name, "whistle") for each in whistles),
    ]
