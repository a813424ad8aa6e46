"""Reports from those without a log-in: the form that is open to them, and how somebody said they may be reached."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deviations.models.choices import Kind
from deviations.models.deviation import Deviation
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # read off a poster and typed on a phone
LENGTH = 10


def new_address() -> str:
    """The last part of a form's address: nobody finds a form by trying, and one address tells nothing of another."""
    return "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))


def usual_kinds() -> list[str]:
    return [Kind.DEVIATION.value, Kind.NEAR_MISS.value, Kind.PROPOSAL.value, Kind.GOOD_PRACTICE.value]


class OpenFormQuerySet(TreeQuerySet["OpenForm"]):
    def visible_to(self, user: User) -> Self:
        """Those of the units the person keeps."""
        return self.filter(user.standing.over(Role.ADMINISTRATOR))

    def answering(self) -> Self:
        """Those that take reports. All others are as if they weren't there."""
        return self.filter(is_open=True, unit__closed_on=None)


class OpenForm(UnitScoped, Journaled):
    """A form for users, next of kin, temps and pupils of a unit and those below it, as long as it is open."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="open_form", verbose_name=_("unit"))
    slug = models.CharField(max_length=16, unique=True, default=new_address, editable=False)
    is_open = models.BooleanField(default=False)
    kinds = models.JSONField(_("what can be told"), default=usual_kinds)
    welcome = models.TextField(_("words of welcome"), blank=True)

    objects = OpenFormQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def municipality(self) -> Unit:
        return Unit.objects.get(pk=self.level_0 or 0)

    def get_absolute_url(self) -> str:
        return reverse("deviations:outside", args=[self.slug])


class Contact(models.Model):
    """How somebody without a log-in said they may be reached: for whoever has the case in hand, and for a while only.

    Kept apart from the case. Deleted some time after it is closed.
    """

    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="contact")
    name = models.CharField(_("name"), max_length=120, blank=True)
    reach = models.CharField(_("phone or e-mail"), max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name="", reach=""), name="contact_says_something")]

    def __str__(self) -> str:
        return str(self.deviation_id)
