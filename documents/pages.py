"""What documents put in the menu and on the morning page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents import access, readers, shelf
from documents.lifecycle import AdoptionState, State
from documents.models import (
    Adoption,
    AdoptionQuerySet,
    Comment,
    Document,
    DocumentQuerySet,
    Hearing,
    Intake,
    IntakeQuerySet,
    Version,
    VersionQuerySet,
)
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.ui.registry import (
    MenuEntry,
    TodaySection,
    register_menu,
    register_panel,
    register_today,
    register_worker_script,
)

SHOWN = 8

register_worker_script("js/handbook-worker.js")
register_menu(MenuEntry(_("Handbook"), "documents:list", order=25, icon="handbook"))


def versions_to_approve(user: User) -> VersionQuerySet:
    rows = Version.objects.to_approve(user).filter(document__level_0=user.municipality_id)
    return rows.order_by("sent_at", "pk")


def versions(keys: Sequence[int]) -> dict[int, Version]:
    """As the lines of the morning page show them."""
    rows = Version.objects.filter(pk__in=keys).select_related("document", "author").with_approvals()
    return {row.pk: row for row in rows.defer("body", "text").order_by("pk")}


def to_approve(user: User, rows: list[Version]) -> dict[str, Any] | None:
    """What somebody has asked the person to approve, the one that has waited longest first."""
    if not rows:
        return None
    more = f"{reverse('documents:list')}?visning=arbeid" if len(rows) > SHOWN else ""
    return {"title": _("To approve"), "rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": more}


HEARINGS = ByKey(
    lambda keys: (
        Hearing.objects.filter(pk__in=keys)
        .select_related("version__document", "asked_by")
        .defer("version__body", "version__text")
    )
)


def hearings_to_answer(user: User) -> QuerySet[Hearing]:
    return Hearing.objects.to_answer(user).order_by("deadline", "pk")


def to_hear(user: User, found: list[Hearing]) -> dict[str, Any] | None:
    """Drafts the person is asked about and hasn't answered, the first deadline first."""
    rows = found[:SHOWN]
    return {"title": _("Say what you think"), "rows": rows, "count": len(rows)} if rows else None


def hearings_to_sum_up(user: User) -> QuerySet[Hearing]:
    return Hearing.objects.to_sum_up(user).order_by("closed_at", "pk")


def to_sum_up(user: User, found: list[Hearing]) -> dict[str, Any] | None:
    """Hearings of the person's own drafts that are closed, with comments to answer."""
    rows = found[:SHOWN]
    return {"title": _("Hearings with comments to answer"), "rows": rows, "count": len(rows)} if rows else None


def drafts_sent_back(user: User) -> VersionQuerySet:
    rows = Version.objects.filter(author=user, state=State.DRAFT, document__level_0=user.municipality_id)
    return rows.exclude(wanted="").order_by("saved_at", "pk")


def changes_wanted(user: User, found: list[Version]) -> dict[str, Any] | None:
    """Drafts of the person's own that were sent back."""
    rows = found[:SHOWN]
    return {"title": _("Changes are wanted in"), "rows": rows, "count": len(rows), "more": ""} if rows else None


COMMENTS = ByKey(lambda keys: Comment.objects.filter(pk__in=keys).select_related("document", "author"))


def open_comments(user: User) -> QuerySet[Comment]:
    return Comment.objects.to_answer(user).order_by("at", "pk")


def comments_to_answer(user: User, rows: list[Comment]) -> dict[str, Any] | None:
    """What readers of the person's own documents have said, the one that has waited longest first."""
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


def to_read(user: User) -> dict[str, Any] | None:
    """What the person is asked to read, the first date first."""
    rows = readers.to_read(user, limit=SHOWN + 1)
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


def late_readers(user: User) -> dict[str, Any] | None:
    """For leaders: how many of their people are late. It is told nobody above: each sees it for those they lead."""
    units = readers.led(user)
    if not units:
        return None
    people, documents = readers.late_in(units)
    return {"people": people, "documents": documents} if people else None


def owned_past_review(user: User) -> DocumentQuerySet:
    today = timezone.localdate()  # only what is in force has a date
    rows = Document.objects.filter(owner=user, level_0=user.municipality_id, review_on__lt=today)
    return rows.order_by("review_on", "pk")


DOCUMENTS = ByKey(lambda keys: Document.objects.filter(pk__in=keys))


def past_review(user: User, rows: list[Document]) -> dict[str, Any] | None:
    """The person's own documents that should have been looked over, the longest overdue first."""
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


def intakes_to_check(user: User) -> IntakeQuerySet:
    return Intake.objects.visible_to(user).filter(stage=Intake.Stage.CHECKING)


def to_look_through(user: User) -> dict[str, Any] | None:
    """Imports whose files are read and wait for the person to say what is to be taken in."""
    if not access.may_begin(user):
        return None
    rows = list(intakes_to_check(user).order_by("created_at", "pk")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None


def find_procedure(user: User) -> dict[str, Any]:
    """The way to the procedures, and to those one has chosen oneself."""
    return {"favourites": shelf.favourites(user)[:SHOWN]}


def origin(user: User, document: Document) -> dict[str, Any] | None:
    """Where the document began in another municipality, for those who answer for it."""
    if not access.may_read_old(access.parts_in(document, user)):
        return None
    found = Adoption.objects.filter(document=document).with_newest().select_related("origin").first()
    if found is None:
        return None
    newest = getattr(found, "newest_id", None)
    behind = found.state == AdoptionState.FOLLOWING and newest not in (None, found.follows_id)
    return {"adoption": found, "behind": behind, "municipality": access.municipality_of(found.origin)}


def own_behind(user: User) -> AdoptionQuerySet:
    return (
        Adoption.objects.filter(document__owner=user, document__level_0=user.municipality_id)
        .behind()
        .order_by("document__title", "pk")
    )


ADOPTIONS = ByKey(lambda keys: Adoption.objects.filter(pk__in=keys).select_related("document"))


def origins_changed(user: User, found: list[Adoption]) -> dict[str, Any] | None:
    """The person's own documents whose origin in another municipality has a new version."""
    rows = found[:SHOWN]
    return {"rows": rows, "count": len(rows)} if rows else None


register_panel("documents.document", template="documents/origin.html", context=origin, order=10)
# Where it stands on the page, its template, what it shows, the rows of it, and how they are fetched.
SECTIONS: tuple[tuple[int, str, Any, Any, Any], ...] = (
    (14, "versions", to_approve, versions_to_approve, versions),
    (15, "comments", comments_to_answer, open_comments, COMMENTS),
    (16, "hearings", to_hear, hearings_to_answer, HEARINGS),
    (31, "to_read", to_read, None, None),
    (31, "hearings", to_sum_up, hearings_to_sum_up, HEARINGS),
    (32, "versions", changes_wanted, drafts_sent_back, versions),
    (34, "intakes", to_look_through, intakes_to_check, None),
    (50, "past_review", past_review, owned_past_review, DOCUMENTS),
    (52, "origins_changed", origins_changed, own_behind, ADOPTIONS),
    (55, "late_readers", late_readers, None, None),
)
for _order, _name, _context, _found, _lines in SECTIONS:
    register_today(TodaySection(_order, f"documents/today/{_name}.html", _context, _found, _lines))
register_today(TodaySection(65, "documents/today/find.html", find_procedure, aside=True))
register_setting_page(
    SettingPage(
        _("Types of document"),
        _("Their numbers, templates and intervals, and what must be filled in."),
        "documents:types",
        order=19,
    )
)
register_setting_page(
    SettingPage(
        _("Review of documents"),
        _("When owners are reminded to look their documents over, and when their leader is told."),
        "documents:settings",
        order=20,
    )
)
register_setting_page(
    SettingPage(
        _("Subjects of the handbook"),
        _("What documents are sorted by, besides units."),
        "documents:subjects",
        order=21,
    )
)
register_setting_page(
    SettingPage(
        _("Words that mean the same"),
        _("So that search finds a procedure by another word for it."),
        "documents:synonyms",
        order=22,
    )
)
register_setting_page(
    SettingPage(
        _("Asked for and not found"),
        _("What several people have looked for in the handbook in vain."),
        "documents:missed",
        order=23,
    )
)
