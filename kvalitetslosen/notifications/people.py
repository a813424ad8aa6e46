"""What people are told about their own account and parts. The organisation itself knows nothing of mail."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.access import is_administrator, may_have_deputies
from kvalitetslosen.organisation.actions import SIGHT_OF_CASES
from kvalitetslosen.organisation.handover import responsibilities
from kvalitetslosen.organisation.models import Deputy, Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import leader_for, quality_coordinators_of
from kvalitetslosen.ui.dates import full

MUNICIPALITY = Placeholder("municipality", "kommune", "kommune", "municipality", lambda: "Solvik")
EMAIL = Placeholder("email", "epost", "epost", "email", lambda: "kari@solvik.example")
NEW_LINK = Placeholder("again_link", "ny_lenke", "ny_lenkje", "new_link", lambda: absolute(reverse("today")) + "…")
PRINCIPAL = Placeholder("principal", "for_hvem", "for_kven", "for_whom", lambda: "Kari Nordmann")
FIRST = Placeholder("first", "fra", "frå", "from", lambda: full(timezone.localdate()))
LAST = Placeholder("last", "til", "til", "to", lambda: full(timezone.localdate() + datetime.timedelta(days=14)))


def way_in(user: User) -> str:
    """The page for choosing a password: works once, for three days, and no longer than the address stays the same."""
    token = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})


@register
class Invited(Message):
    """The way in for somebody who has no password: a link for choosing one, good once and for three days."""

    name = "invited"
    template = "notifications"
    label = _("When a person gets an account, or a new link for choosing a password")
    events = ("organisation.person_added", "organisation.person_invited")
    in_app = False
    secret = True
    placeholders = (MUNICIPALITY, EMAIL, NEW_LINK)

    def recipients(self, event: Event, subject: User) -> Iterable[User | None]:
        asked = event.type == "organisation.person_invited" or event.data.get("invite", False)
        return [subject] if asked else []

    def may_see(self, event: Event, subject: User, user: User) -> bool:
        return user.pk == subject.pk

    def still_wanted(self, event: Event, subject: User, user: User) -> bool:
        return not subject.has_usable_password() or event.type == "organisation.person_invited"

    def context(self, event: Event, subject: User, user: User) -> dict[str, Any]:
        again = absolute(reverse("account_reset_password"))
        return {"municipality": user.municipality.name, "email": user.email, "again_link": again}

    def url(self, event: Event, subject: User, user: User) -> str:
        return way_in(user)


def old_address(event: Event) -> str | None:
    """The address the person had before the event; None where it stayed the same."""
    old, new = event.old_and_new("email")
    return str(old) if old != new else None


@register
class NewAddress(Message):
    """To the new address of an account somebody else changed: a link for choosing a password, the only way in."""

    name = "new_address"
    template = "notifications"
    label = _("When a person gets another e-mail address, to the new one")
    events = ("organisation.person_changed",)
    in_app = False
    secret = True
    placeholders = (MUNICIPALITY, EMAIL, NEW_LINK)

    def recipients(self, event: Event, subject: User) -> Iterable[User | None]:
        return [subject] if old_address(event) else []

    def may_see(self, event: Event, subject: User, user: User) -> bool:
        return user.pk == subject.pk

    def still_wanted(self, event: Event, subject: User, user: User) -> bool:
        return bool(event.old_and_new("email")[1] == subject.email)

    def context(self, event: Event, subject: User, user: User) -> dict[str, Any]:
        again = absolute(reverse("account_reset_password"))
        return {"municipality": user.municipality.name, "email": user.email, "again_link": again}

    def url(self, event: Event, subject: User, user: User) -> str:
        return way_in(user)


@register
class LeftAddress(Message):
    """To the old address, which whoever changed it may not read. It doesn't name the new one."""

    name = "left_address"
    template = "notifications"
    fixed = True
    events = ("organisation.person_changed",)
    in_app = False
    tells_doer = True

    def recipients(self, event: Event, subject: User) -> Iterable[User | None]:
        return [subject] if old_address(event) else []

    def address(self, event: Event, user: User) -> str:
        return old_address(event) or user.email

    def may_see(self, event: Event, subject: User, user: User) -> bool:
        return user.pk == subject.pk

    def context(self, event: Event, subject: User, user: User) -> dict[str, Any]:
        return {
            "municipality": user.municipality.name,
            "by": str(event.by or user.municipality.name),
            "own": event.by_id == user.pk,
        }

    def url(self, event: Event, subject: User, user: User) -> str:
        return ""


@register
class AddressOfReader(Message):
    """To the quality coordinator and the leader above: another address lets somebody into cases now."""

    name = "address_of_reader"
    template = "notifications"
    fixed = True
    events = ("organisation.person_changed",)

    def recipients(self, event: Event, subject: User) -> Iterable[User | None]:
        if event.by_id in (None, subject.pk) or not old_address(event):
            return []
        roles = Membership.objects.not_ended(timezone.localdate()).filter(user=subject, role__in=SIGHT_OF_CASES)
        return [watcher for each in roles.select_related("unit").order_by("pk") for watcher in who_watches(each)]

    def may_see(self, event: Event, subject: User, user: User) -> bool:
        return user.municipality_id == subject.municipality_id

    def context(self, event: Event, subject: User, user: User) -> dict[str, Any]:
        return {"by": str(event.by), "name": subject.name}

    def url(self, event: Event, subject: User, user: User) -> str:
        return reverse("today")


@register
class RoleOpensCases(Message):
    """To the quality coordinator and the leader above: nobody comes to see cases unseen.

    Sent even if it was taken back a minute later.
    """

    name = "role_opens_cases"
    template = "notifications"
    fixed = True
    events = ("organisation.role_granted",)

    def recipients(self, event: Event, subject: Membership) -> Iterable[User | None]:
        if event.by_id is None or subject.role not in SIGHT_OF_CASES or event.data.get("imported"):
            return []
        return who_watches(subject)

    def may_see(self, event: Event, subject: Membership, user: User) -> bool:
        return user.municipality_id == subject.unit.municipality_id

    def context(self, event: Event, subject: Membership, user: User) -> dict[str, Any]:
        return {
            "by": str(event.by),
            "name": subject.user.name,
            "role": subject.get_role_display(),
            "unit": subject.unit.name,
            "first": full(subject.valid_from),
        }

    def url(self, event: Event, subject: Membership, user: User) -> str:
        return reverse("today")


@register
class ImportOpensCases(Message):
    """The same about a spreadsheet: one message for all the roles in it."""

    name = "import_opens_cases"
    template = "notifications"
    fixed = True
    events = ("organisation.imported",)

    def recipients(self, event: Event, subject: Unit) -> Iterable[User | None]:
        roles = Membership.objects.filter(pk__in=event.data.get("opening", [])).select_related("user", "unit")
        return [watcher for membership in roles.order_by("pk") for watcher in who_watches(membership)]

    def may_see(self, event: Event, subject: Unit, user: User) -> bool:
        return user.municipality_id == subject.pk

    def context(self, event: Event, subject: Unit, user: User) -> dict[str, Any]:
        roles = Membership.objects.filter(pk__in=event.data["opening"]).select_related("user", "unit")
        lines = [f"{each.user.name}: {each.get_role_display()}, {each.unit.name}" for each in roles.order_by("pk")]
        return {"by": str(event.by), "lines": lines}

    def url(self, event: Event, subject: Unit, user: User) -> str:
        return reverse("today")


def who_watches(membership: Membership) -> list[User]:
    """The quality coordinators and the nearest leader above, never the one who got the role.

    Above a leader's own unit; where there is nobody (the top of the tree), the leaders beside.
    """
    watchers = {user.pk: user for user in quality_coordinators_of(membership.unit.municipality_id)}
    got_it, unit = membership.user_id, membership.unit
    found = membership.role == Role.LEADER and leader_for(unit, without={got_it}, above=True)
    if found := found or leader_for(unit, without={got_it}):
        leader = found.acting_for or found.user
        watchers[leader.pk] = leader
    watchers.pop(got_it, None)
    return list(watchers.values())


@register
class StandsIn(Message):
    """To the one who stands in for somebody, from which day to which. A period that is over concerns nobody."""

    name = "stands_in"
    template = "notifications"
    label = _("When somebody is to stand in for another")
    events = ("organisation.deputy_appointed",)
    placeholders = (PRINCIPAL, FIRST, LAST)

    def recipients(self, event: Event, subject: Deputy) -> Iterable[User | None]:
        return [subject.deputy]

    def may_see(self, event: Event, subject: Deputy, user: User) -> bool:
        return user.pk == subject.deputy_id

    def still_wanted(self, event: Event, subject: Deputy, user: User) -> bool:
        return not subject.withdrawn and subject.valid_to >= timezone.localdate()

    def context(self, event: Event, subject: Deputy, user: User) -> dict[str, Any]:
        return {
            "principal": subject.principal.name,
            "first": full(subject.valid_from),
            "last": full(subject.valid_to),
        }

    def url(self, event: Event, subject: Deputy, user: User) -> str:
        return reverse("today")


@register
class DeputyChosen(Message):
    """To the one somebody stands in for, and to the quality coordinator, when another than they decided it.

    Sent even if it was taken back a minute later: what came in that minute went to the deputy.
    """

    name = "deputy_chosen"
    template = "notifications"
    fixed = True
    events = ("organisation.deputy_appointed",)

    def recipients(self, event: Event, subject: Deputy) -> Iterable[User | None]:
        if event.by_id in (None, subject.principal_id):
            return []
        coordinators = quality_coordinators_of(subject.principal.municipality_id)
        return [subject.principal, *(each for each in coordinators if each.pk != subject.deputy_id)]

    def may_see(self, event: Event, subject: Deputy, user: User) -> bool:
        return user.municipality_id == subject.principal.municipality_id

    def context(self, event: Event, subject: Deputy, user: User) -> dict[str, Any]:
        return {
            "by": str(event.by),
            "own": user.pk == subject.principal_id,
            "principal": subject.principal.name,
            "deputy": subject.deputy.name,
            "first": full(subject.valid_from),
            "last": full(subject.valid_to),
        }

    def url(self, event: Event, subject: Deputy, user: User) -> str:
        has_the_page = may_have_deputies(user) or is_administrator(user)
        return reverse("organisation:deputies" if has_the_page else "today")


@register
class HandedOver(Message):
    """To the one who answered for it, while they still work here: who has it from now on, and who decided so."""

    name = "handed_over"
    template = "notifications"
    fixed = True
    events = ("organisation.handed_over",)

    def recipients(self, event: Event, subject: User) -> Iterable[User | None]:
        return [subject]

    def may_see(self, event: Event, subject: User, user: User) -> bool:
        return user.pk == subject.pk

    def context(self, event: Event, subject: User, user: User) -> dict[str, Any]:
        heirs: dict[str, int] = event.data["heirs"]
        names = {heir.pk: heir.name for heir in User.objects.filter(pk__in=heirs.values())}
        groups = [each for each in responsibilities() if each.key in heirs]
        lines = [f"{each.name}: {names[heirs[each.key]]}" for each in groups]
        return {"by": str(event.by or subject.municipality.name), "lines": lines}

    def url(self, event: Event, subject: User, user: User) -> str:
        return reverse("today")
