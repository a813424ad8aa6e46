"""What of the handbook stands in people's own calendars: the documents they own that are to be looked over."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from documents.models import Document
from kvalitetslosen.calendars.registry import Entry, register_calendar
from kvalitetslosen.organisation.models import User


@register_calendar("documents.reviews")
def reviews(user: User) -> Iterator[Entry]:
    rows = Document.objects.in_force().filter(owner=user, level_0=user.municipality_id, review_on__isnull=False)
    for row in rows.select_related("unit"):
        title = _("Look over %(number)s %(title)s") % {"number": row.number, "title": row.title}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.review_on, url=row.get_absolute_url())
