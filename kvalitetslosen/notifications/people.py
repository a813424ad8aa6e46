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
from kvalitetslosen.organisation.models import Deputy, User
from kvalitetslosen.ui.dates import full

MUNICIPALITY = Placeholder("municipality", "kommune", "kommune", "municipality", lambda: "Solvik")
EMAIL = Placeholder("email", "epost", "epost", "email", lambda: "kari@solvik.example")
NEW_LINK = Placeholder("again_link", "ny_lenke", "ny_lenkje", "new_link", lambda: absolute(reverse("today")) + "…")
PRINCIPAL = Placeholder("principal", "for_hvem", "for_kven", "for_whom", lambda: "Kari Nordmann")
FIRST = Placeholder("first", "fra", "frå", "from", lambda: full(timezone.localdate()))
LAST = Placeholder("last", "til", "til", "to", lambda: full(timezone.localdate() + datetime.timedelta(days=14)))


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
        token = default_token_generator.make_token(user)
        return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})


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
