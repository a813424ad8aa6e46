"""The lists somebody follows, in the weekly mail: how many cases, and the way there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from deviations import kept_lists
from deviations.filters import CaseFilter
from deviations.models import MOST_FOLLOWED, Following, KeptList
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.digest import DigestSection, register_section
from kvalitetslosen.notifications.messages import plain_text
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.models import User

COUNTED = 1000  # cases of one list are counted exactly up to here


@register_section
class ListsThisWeek(DigestSection):
    """Counted as the reader would see the list. Named by its filter, not by what somebody called it."""

    order = 12

    def people(self, municipality_id: int, clock: Clock) -> Collection[int]:
        rows = Following.objects.filter(user__municipality=municipality_id)
        return set(rows.values_list("user", flat=True))

    def paragraph(self, user: User, clock: Clock) -> str:
        followed = Following.objects.filter(user=user).values("kept_list")
        rows = list(KeptList.objects.visible_to(user).filter(pk__in=followed).order_by("name", "pk")[:MOST_FOLLOWED])
        if not rows:
            return ""
        said = kept_lists.described(user, [row.query for row in rows])
        lines: list[dict[str, Any]] = [
            {
                "words": words.words,
                "count": counted(CaseFilter.of(user, QueryDict(row.query)).rows().order_by()[: COUNTED + 1].count()),
                "gone": words.gone,
                "link": absolute(row.get_absolute_url()),
            }
            for row, words in zip(rows, said, strict=True)
        ]
        return plain_text("deviations/email/lists.txt", {"lines": lines})


def counted(n: int) -> str:
    if n > COUNTED:
        return gettext("more than %(n)s cases") % {"n": COUNTED}
    return ngettext("%(n)s case", "%(n)s cases", n) % {"n": n} if n else gettext("no cases")
