"""What documents put in the menu and on the morning page."""

from __future__ import annotations

from typing import Any

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
    return Version.objects.to_approve(user).filter(document__level_0=user.municipality_id)


def to_approve(user: User) -> dict[str, Any] | None:
    """What somebody has asked the person to approve, the one that has waited longest first."""
    rows = list(
        versions_to_approve(user)
        .select_related("document", "author")
        .with_approvals()
        .defer("body", "text")
        .order_by("sent_at", "pk")[: SHOWN + 1]
    )
    if not rows:
        return None
    more = f"{reverse('documents:list')}?visning=arbeid" if len(rows) > SHOWN else ""
    return {"title": _("To approve"), "rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": more}


def to_hear(user: User) -> dict[str, Any] | None:
    """Drafts the person is asked about and hasn't answered, the first deadline first."""
    rows = list(
        Hearing.objects.to_answer(user)
        .select_related("version__document", "asked_by")
        .defer("version__body", "version__text")
        .order_by("deadline", "pk")[:SHOWN]
    )
    return {"title": _("Say what you think"), "rows": rows, "count": len(rows)} if rows else None


def to_sum_up(user: User) -> dict[str, Any] | None:
    """Hearings of the person's own drafts that are closed, with comments to answer."""
    rows = list(
        Hearing.objects.to_sum_up(user)
        .select_related("version__document", "asked_by")
        .defer("version__body", "version__text")
        .order_by("closed_at", "pk")[:SHOWN]
    )
    return {"title": _("Hearings with comments to answer"), "rows": rows, "count": len(rows)} if rows else None


def drafts_sent_back(user: User) -> VersionQuerySet:
    rows = Version.objects.filter(author=user, state=State.DRAFT, document__level_0=user.municipality_id)
    return rows.exclude(wanted="")


def changes_wanted(user: User) -> dict[str, Any] | None:
    """Drafts of the person's own that were sent back."""
    rows = list(
        drafts_sent_back(user)
        .select_related("document", "author")
        .defer("body", "text")
        .order_by("saved_at", "pk")[:SHOWN]
    )
    return {"title": _("Changes are wanted in"), "rows": rows, "count": len(rows), "more": ""} if rows else None


def comments_to_answer(user: User) -> dict[str, Any] | None:
    """What readers of the person's own documents have said, the one that has waited longest first."""
    rows = list(Comment.objects.to_answer(user).select_related("document", "author").order_by("at", "pk")[: SHOWN + 1])
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
    return Document.objects.filter(owner=user, level_0=user.municipality_id, review_on__lt=today)


def past_review(user: User) -> dict[str, Any] | None:
    """The person's own documents that should have been looked over, the longest overdue first."""
    rows = list(owned_past_review(user).order_by("review_on", "pk")[: SHOWN + 1])
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
    return Adoption.objects.filter(document__owner=user, document__level_0=user.municipality_id).behind()


def origins_changed(user: User) -> dict[str, Any] | None:
    """The person's own documents whose origin in another municipality has a new version."""
    rows = list(own_behind(user).select_related("document").order_by("document__title", "pk")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None


register_panel("documents.document", template="documents/origin.html", context=origin, order=10)
# Where it stands on the page, its template, what it shows, and the query that tells whether there is any.
SECTIONS = (
    (14, "versions", to_approve, versions_to_approve),
    (15, "comments", comments_to_answer, Comment.objects.to_answer),
    (16, "hearings", to_hear, Hearing.objects.to_answer),
    (31, "to_read", to_read, None),
    (31, "hearings", to_sum_up, Hearing.objects.to_sum_up),
    (32, "versions", changes_wanted, drafts_sent_back),
    (34, "intakes", to_look_through, intakes_to_check),
    (50, "past_review", past_review, owned_past_review),
    (52, "origins_changed", origins_changed, own_behind),
    (55, "late_readers", late_readers, None),
)
for _order, _name, _context, _found in SECTIONS:
    register_today(TodaySection(_order, f"documents/today/{_name}.html", _context, _found))
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
