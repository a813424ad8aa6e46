"""The form that is open to those without a log-in, and what they said of themselves."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deviations.models import Contact, Deviation, OpenForm
from kvalitetslosen.journal.record import change, create, record
from kvalitetslosen.organisation.models import Unit, User

CONTACT_KEPT = datetime.timedelta(days=30)
"""After closing: time for the case to be opened again. GDPR article 5 (1) e: no longer than it is needed for."""


@transaction.atomic
def make_open_form(*, unit: Unit, by: User | None) -> OpenForm:
    """A form for the unit, shut until it is opened. The one it has, where it has one."""
    standing = Unit.objects.standing_still(unit.pk)
    if found := OpenForm.objects.filter(unit=unit).first():
        return found
    form = OpenForm()
    form.place_in(standing)
    return create(form, "deviations.form_made", by=by)


def change_open_form(*, form: OpenForm, by: User | None, **fields: Any) -> None:
    change(form, "deviations.form_changed", by=by, **fields)


def open_form(*, form: OpenForm, by: User | None) -> None:
    change(form, "deviations.form_opened", by=by, is_open=True)


def close_form(*, form: OpenForm, by: User | None) -> None:
    """Who scans the code or has the address from now on meets nothing there; cases and codes stay."""
    change(form, "deviations.form_closed", by=by, is_open=False)


def leave_contact(*, deviation: Deviation, name: str, reach: str) -> None:
    """What somebody says of themselves, in the transaction of their report. No event: the journal is for ever."""
    if name or reach:
        Contact.objects.get_or_create(deviation=deviation, defaults={"name": name, "reach": reach})


def forget_contacts(now: datetime.datetime | None = None) -> int:
    """Delete what was kept to reach people by, a while after their case, and the one it went on in, was closed."""
    now = now or timezone.now()
    ended = Q(deviation__closed_at__lt=now - CONTACT_KEPT)
    goes_on = Q(deviation__merged_into__isnull=False) & ~Q(deviation__merged_into__closed_at__lt=now - CONTACT_KEPT)
    forgotten = 0
    for contact in Contact.objects.filter(ended).exclude(goes_on).select_related("deviation").order_by("pk"):
        with transaction.atomic():
            deleted, _rows = Contact.objects.filter(pk=contact.pk).delete()
            if deleted:
                record(contact.deviation, "deviations.contact_forgotten", by=None, at=now)
                forgotten += 1
    return forgotten
