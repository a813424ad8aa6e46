"""What in the handbook somebody should do something with: one list a fault, each bounded, each one question."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import likeness, links
from documents.models import (
    Document,
    DocumentQuerySet,
    ReadReceipt,
    ReadRequirement,
    Version,
    answered_for,
    never_found,
    never_opened,
)
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, User
from kvalitetslosen.ui.dates import full

SHOWN = 15
LONG_ENOUGH = datetime.timedelta(days=14)  # for somebody to have read it


@dataclass(frozen=True)
class Row:
    document: Document
    said: str = ""
    url: str = ""  # of the step that mends it; empty for whoever may not take it
    reviews: bool = False  # the step is the review, in one tap


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    advice: str
    step: str  # the words on the button
    rows: list[Row]
    all: str = ""  # where the rest is

    @property
    def count(self) -> int:
        return min(len(self.rows), SHOWN)

    @property
    def more(self) -> bool:
        return len(self.rows) > SHOWN


def may_keep(user: User) -> bool:
    """Whether the person answers for any document. A query for those with no role that does."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT) or Document.objects.filter(owner=user).exists()


def kept(user: User) -> DocumentQuerySet:
    """The documents in force that the person owns or answers for."""
    return Document.objects.filter(Q(owner=user) | answered_for(user), level_0=user.municipality_id).in_force()


def _writes(user: User, document: Document) -> bool:
    return document.owner_id == user.pk or user.standing.reaches(Role.LEADER, document)


def _rows(found: DocumentQuerySet, *order: str) -> list[Document]:
    return list(found.select_related("unit", "owner").order_by(*order, "pk")[: SHOWN + 1])


def past_review_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    return documents.past_review()


def past_review(user: User) -> Group:
    rows = _rows(past_review_of(kept(user)), "review_on")
    return Group(
        "revisjon",
        _("Past their review"),
        _("Readers see that it should have been looked over. Is it still right?"),
        _("Reviewed, no change needed"),
        [
            Row(
                each,
                _("due on %(day)s, %(name)s owns it")
                % {"day": full(each.review_on or timezone.localdate()), "name": each.owner.name},
                reviews=_writes(user, each),
            )
            for each in rows
        ],
    )


def _line() -> Q:
    """A role in the document's unit, below it, or above it."""
    where = Q()
    for level in LEVELS:
        where |= Q(unit=OuterRef(level)) | Q(**{f"unit__{level}": OuterRef("unit")})
    return where


def orphans(user: User) -> Group:
    """The owner can't log in any more, or has nothing to do with the unit, above or below, any longer."""
    of_owner = Membership.objects.on(timezone.localdate()).filter(user=OuterRef("owner"))
    found = kept(user).filter(Q(owner__is_active=False) | ~Exists(of_owner.filter(_line())))
    return Group(
        "eier",
        _("The owner is gone"),
        _("Nobody is reminded, and readers get no answer."),
        _("Choose a new owner"),
        [
            Row(
                each,
                (_("%(name)s has left") if not each.owner.is_active else _("%(name)s works elsewhere now"))
                % {"name": each.owner.name},
                reverse("documents:particulars", args=[each.number]) if _writes(user, each) else "",
            )
            for each in _rows(found, "title")
        ],
    )


def unread_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Somebody was asked a while ago, and nobody has confirmed the version that applies."""
    asked = ReadRequirement.objects.open().filter(
        document=OuterRef("pk"), asked_on__lte=timezone.localdate() - LONG_ENOUGH
    )
    confirmed = ReadReceipt.objects.filter(
        document=OuterRef("pk"),
        major__in=Version.objects.in_force().filter(document=OuterRef("document")).values("major"),
    )
    return documents.filter(Exists(asked), ~Exists(confirmed))


def never_confirmed(user: User) -> DocumentQuerySet:
    """Those of the documents the person answers for."""
    return unread_of(kept(user))


def unread(user: User) -> Group:
    return Group(
        "ulest",
        _("Nobody has read it"),
        _("Somebody was asked two weeks ago or more, and nobody has confirmed."),
        _("Who is asked?"),
        [
            Row(each, "", reverse("documents:reading", args=[each.number]))
            for each in _rows(never_confirmed(user), "title")
        ],
    )


def unasked_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """The type says that it is to be read, and nobody is asked to."""
    asked = ReadRequirement.objects.open().filter(document=OuterRef("pk"))
    return documents.filter(~Exists(asked), type__asks_reading=True)


def unasked(user: User) -> Group:
    return Group(
        "ikke-bedt",
        _("To be read, and nobody is asked"),
        _("The type of document says that it is to be read and confirmed."),
        _("Ask somebody to read it"),
        [_to_ask(user, each) for each in _rows(unasked_of(kept(user)), "title")],
    )


def unopened_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """In force long enough for somebody to have opened it, and nobody but the owner has, nor confirmed it."""
    read = ReadReceipt.objects.filter(document=OuterRef("pk")).exclude(user=OuterRef("owner"))
    return _settled(never_opened(documents)).filter(~Exists(read))


def unopened(user: User) -> Group:
    return Group(
        "uapnet",
        _("Nobody has opened it"),
        _("In force for two weeks or more. Do those it is for know of it, or is it needed no more?"),
        _("Ask somebody to read it"),
        [_to_ask(user, each) for each in _rows(unopened_of(kept(user)), "title")],
    )


def unfound_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Opened, but never from a search."""
    return _settled(never_found(documents)).exclude(pk__in=never_opened(documents).order_by().values("pk"))


def unfound(user: User) -> Group:
    return Group(
        "ikke-funnet",
        _("Nobody finds it by searching"),
        _("It is opened, but never from a search. A title with the words people use helps."),
        _("Write a new version"),
        [
            Row(each, "", reverse("documents:document", args=[each.number]) if _writes(user, each) else "")
            for each in _rows(unfound_of(kept(user)), "title")
        ],
    )


def _settled(found: QuerySet[Document]) -> DocumentQuerySet:
    """Those that have been in force for a while."""
    since = timezone.now() - LONG_ENOUGH
    return cast(
        "DocumentQuerySet",
        found.filter(Exists(Version.objects.once_in_force().filter(document=OuterRef("pk"), in_force_from__lt=since))),
    )


def _to_ask(user: User, document: Document) -> Row:
    may = document.owner_id == user.pk or user.standing.has(Role.LEADER)
    return Row(document, "", reverse("documents:ask_to_read", args=[document.number]) if may else "")


def alike(user: User) -> Group:
    """Two that may be one."""
    mine, parameters = kept(user).order_by().values("pk").query.sql_with_params()
    rows = []
    for pair in likeness.pairs(user, mine, parameters):
        # The one that may be withdrawn is the one the row leads from.
        first, second = pair.first, pair.second
        if not _writes(user, first) and _writes(user, second):
            first, second = second, first
        rows.append(
            Row(
                first,
                (
                    _("has the title of %(number)s, %(unit)s")
                    if pair.same_title
                    else _("says much of what %(number)s says, %(unit)s")
                )
                % {"number": second.number, "unit": second.unit.name},
                reverse("documents:step", args=[first.number, "withdraw"]) if _writes(user, first) else "",
            )
        )
    return Group(
        "like",
        _("Much alike"),
        _("Two documents on one thing end up saying different things. Keep one."),
        _("Withdraw it"),
        rows,
    )


def broken(user: User) -> Group:
    """What applies links to something that doesn't, or isn't there."""
    found = list(links.broken(user).order_by("version__document__title", "version", "pk")[: SHOWN + 1])
    known = links.known_of(user, [each.target_id for each in found if each.target_id])
    return Group(
        "lenker",
        _("Broken links"),
        _("A reader who follows one gets no further. Write a new version with the right one."),
        "",
        [Row(each.version.document, links.in_words(each, links.reason(each, known))) for each in found],
        reverse("documents:broken_links"),
    )


def groups(user: User) -> list[Group]:
    """Every list that has something in it. The same number of queries however many documents there are."""
    found: Iterable[Any] = (
        make(user) for make in (past_review, orphans, broken, alike, unread, unasked, unopened, unfound)
    )
    return [each for each in found if each.rows]


def past_review_among(user: User, numbers: Iterable[str]) -> set[str]:
    """Which of the numbers on a page of the handbook are past their review: readers are told. One query."""
    rows = Document.objects.filter(
        level_0=user.municipality_id, number__in=list(numbers), review_on__lt=timezone.localdate()
    )
    return set(rows.order_by().values_list("number", flat=True))
