"""A colleague one names, and the day something is to be done by."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import Membership, Role, User

LATEST = datetime.timedelta(days=3650)  # beyond that it is a slip of the finger


def colleagues_like(user: User, text: str) -> QuerySet[User]:
    """People of one's own municipality who work there now, with the unit each works in; also by e-mail."""
    name = text.split(" (")[0].strip()
    place = (
        Membership.objects.on(timezone.localdate())
        .filter(user=OuterRef("pk"))
        .order_by(Case(When(role=Role.EMPLOYEE, then=Value(0)), default=Value(1)), "-unit__depth", "pk")
        .values("unit__name")[:1]
    )
    begins = Case(When(name__istartswith=name, then=Value(0)), default=Value(1))
    return (
        User.objects.visible_to(user)
        .active()
        .filter(Q(name__icontains=name) | Q(email__iexact=name))
        .annotate(place=Subquery(place))
        .order_by(begins, "name", "pk")
    )


def person_label(user: User) -> str:
    """A colleague as people know them: the name, and what or where they work."""
    where = user.title or getattr(user, "place", None)
    return f"{user.name} ({where})" if where else user.name


def not_past(day: datetime.date) -> None:
    today = timezone.localdate()
    if day < today:
        raise ValidationError(_("The date has been already. By when is it to be done?"), code="past")
    if day > today + LATEST:
        raise ValidationError(_("That is more than ten years ahead. Is the year right?"), code="far")
