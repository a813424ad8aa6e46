"""Read and understood: what I am to read, who has read what, and asking for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import actions, links, readers
from documents.forms.fields import people_like
from documents.forms.reading import AskForm, ListForm, unit_choices, units_within
from documents.html import shown
from documents.models import Document, ReadReceipt, ReadRequirement, Version
from documents.views.finding import READING, around, asked_for
from documents.views.visiting import versions_for, visible_document, visitor
from kvalitetslosen.csv_files import CSV, written
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.access import people_at
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.lookup import suggestions

SHOWN = 200  # of what one person has to read
PER_PAGE = 25


# What I am to read


@require_GET
def to_read(request: HttpRequest) -> HttpResponse:
    """What am I to read, and by when?"""
    user = visitor(request)
    rows = readers.to_read(user, limit=SHOWN)
    done = (
        ReadReceipt.objects.filter(user=user)
        .select_related("document", "version")
        .defer("version__body", "version__text")
        .order_by("-at", "-pk")[:5]
    )
    return render(
        request,
        "documents/reading/mine.html",
        {
            "rows": rows,
            "done": done,
            "late": sum(row.is_late for row in rows),
            "leads": bool(readers.led(user)),
            **around(user, READING),
        },
    )


def on_page(user: User, document: Document, version: Version | None) -> dict[str, Any]:
    """What the document's page says of reading: whether the reader is asked, has confirmed, and may ask others."""
    if version is None or version.major is None:
        return {}
    asked = readers.to_read(user, document)
    receipt = (
        ReadReceipt.objects.filter(user=user, document=document, major=version.major).select_related("version").first()
    )
    return {
        "to_read": asked[0] if asked else None,
        "receipt": receipt,
        "may_ask": bool(readers.areas_to_ask(user, document)),
        "sees_readers": sees_readers(user, document),
    }


@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, number: str) -> HttpResponse:
    """What is new for me in it? And then: I have read and understood it."""
    user = visitor(request)
    document = visible_document(user, number)
    if request.method == "POST":
        return _confirmed(request, user, document)
    current = versions_for(user, document).in_force().first()
    if current is None:
        raise Http404
    asked = next(iter(readers.to_read(user, document)), None)
    if asked is None:
        return redirect(document)
    before = versions_before(current, asked.receipt_version_id, user)
    return render(
        request,
        "documents/reading/read.html",
        {
            "document": document,
            "version": current,
            "asked": asked,
            "shown": shown(current.body, links.targets(user, current.body), ticks=True) if current.body else None,
            "attachments": files_of(current),
            **before,
        },
    )


def versions_before(current: Version, confirmed: int | None, user: User) -> dict[str, Any]:
    """What has changed since the version the reader confirmed: what each one after it says of itself, and the text.

    Not the text where one of them took out something that nobody should read any more.
    """
    from documents.changes import changes_between

    if confirmed is None:
        return {"summaries": [current] if current.change_summary else []}
    before = Version.objects.get(pk=confirmed)
    after = Version.objects.once_in_force().filter(
        document=current.document_id, in_force_from__gt=before.in_force_from
    )
    newer = list(after.defer("body", "text").order_by("-in_force_from"))
    hidden = any(each.hides_old for each in newer)
    return {
        "summaries": [each for each in newer if each.change_summary],
        "before": before,
        "changes": None if hidden else changes_between(before, current, reader=user),
    }


def _confirmed(request: HttpRequest, user: User, document: Document) -> HttpResponse:
    """Confirm the version that was shown, and go on to the next that waits."""
    pk = request.POST.get("version", "")
    version = Version.objects.filter(document=document, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0).first()
    if version is None:
        raise Http404
    try:
        actions.confirm_reading(version=version, by=user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("documents:read", document.number)
    if left := readers.count_to_read(user):
        messages.success(
            request,
            ngettext("Noted. One more document to read.", "Noted. %(n)s more documents to read.", left) % {"n": left},
        )
        return redirect("documents:to_read")
    messages.success(request, _("Noted. You have read all you are asked to."))
    return redirect("documents:to_read" if request.POST.get("from") == "list" else document)


# Who has, and who has not


def sees_readers(user: User, document: Document) -> bool:
    """Whether there is anything to see: numbers for those who answer for it, names for those who lead people."""
    return readers.sees_numbers(user, document) or bool(readers.areas_to_ask(user, document))


def _watched(request: HttpRequest, number: str) -> tuple[User, Document]:
    user = visitor(request)
    document = visible_document(user, number)
    if not sees_readers(user, document):
        raise PermissionDenied
    return user, document


@require_GET
def reading(request: HttpRequest, number: str) -> HttpResponse:
    """Who has read it, and who has not? Names of those one leads, numbers of the rest."""
    user, document = _watched(request, number)
    people = readers.readers(document, readers.led(user))
    requirements = (
        ReadRequirement.objects.open()
        .filter(document=document)
        .select_related("asked_by", "version")
        .defer("version__body", "version__text")
        .prefetch_related("audience__unit", "audience__person")
        .order_by("due_on", "pk")
    )
    led = readers.led(user)
    left = [each for each in people if each.at is None]
    return render(
        request,
        "documents/reading/who.html",
        {
            "document": document,
            "version": versions_for(user, document).in_force().first(),
            "requirements": [
                {"row": each, "whom": whom(each, user), "may_end": may_end(each, user)} for each in requirements
            ],
            "numbers": readers.numbers([document.pk]).get(document.pk)
            if readers.sees_numbers(user, document)
            else None,
            "leads": bool(led),
            "left": left,
            "done": [each for each in people if each.at is not None],
            "to_remind": any(not each.nudged and each.user_id != user.pk for each in left),
            "may_ask": bool(readers.areas_to_ask(user, document)),
        },
    )


def whom(requirement: ReadRequirement, user: User) -> str:
    """Whom it asks, in words. People by name only to those who may know: who asked, and who leads them."""
    said = []
    hidden = 0
    led = readers.led(user)
    own = set(people_at(led).values_list("pk", flat=True)) if led else set()
    for part in requirement.audience.all():
        if part.person is not None:
            if requirement.asked_by_id == user.pk or part.person_id in own:
                said.append(part.person.name)
            else:
                hidden += 1
        elif part.unit is not None:
            role = part.get_role_display()
            said.append(f"{part.unit.name} ({role.lower()})" if role else part.unit.name)
    if hidden:
        said.append(ngettext("%(n)s person", "%(n)s people", hidden) % {"n": hidden})
    return ", ".join(said)


def may_end(requirement: ReadRequirement, user: User) -> bool:
    """Who asked, the owner, and whoever leads all the units that are asked."""
    if user.pk in (requirement.asked_by_id, requirement.document.owner_id):
        return True
    units = [part.unit for part in requirement.audience.all()]
    led = readers.led(user)
    return all(unit is not None and any(unit.is_within(top) for top in led) for unit in units)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Who is to read it, and by when?"""
    user = visitor(request)
    document = visible_document(user, number)
    if not readers.areas_to_ask(user, document):
        raise PermissionDenied
    if not Version.objects.in_force().filter(document=document).exists():
        messages.warning(request, _("It isn't in force, so there is nothing to read yet."))
        return redirect(document)
    form = AskForm(request.POST if request.method == "POST" else None, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_read(document=document, by=user, **form.what())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("They are asked. It stands on their list, and they get a mail in the morning.")
            )
            return redirect("documents:reading", number)
    return render(request, "documents/reading/ask.html", {"form": form, "document": document})


@require_GET
def find_reader(request: HttpRequest) -> HttpResponse:
    """Names of those one may ask: of the people one leads or, for an owner, of the municipality's."""
    user = visitor(request)
    if Document.objects.filter(owner=user).exists():
        rows = people_like(user, asked_for(request))
    elif led := readers.led(user):
        rows = people_like(user, asked_for(request)).filter(pk__in=people_at(led).order_by().values("pk"))
    else:
        raise PermissionDenied
    return suggestions(rows, lambda each: each.name)


@require_POST
def end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Ask them no longer."""
    user, document = _watched(request, number)
    requirement = get_object_or_404(
        ReadRequirement.objects.select_related("document").prefetch_related("audience__unit"), document=document, pk=pk
    )
    if not may_end(requirement, user):
        raise PermissionDenied
    actions.end_reading(requirement=requirement, by=user)
    messages.success(request, _("They are asked no longer. What was confirmed stays."))
    return redirect("documents:reading", number)


@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Remind those of one's people who have not read it."""
    user, document = _watched(request, number)
    if not readers.led(user):
        raise PermissionDenied
    _say_reminded(request, actions.remind_to_read(people=readers.behind(readers.led(user), document), by=user))
    return redirect("documents:reading", number)


@require_POST
def remind_all(request: HttpRequest) -> HttpResponse:
    """Remind those of one's people who have anything left."""
    user = visitor(request)
    if not readers.led(user):
        raise PermissionDenied
    _say_reminded(request, actions.remind_to_read(people=readers.behind(readers.led(user)), by=user))
    return redirect("documents:readings")


def _say_reminded(request: HttpRequest, count: int) -> None:
    if count:
        said = ngettext(
            "%(n)s person gets a mail with all they have to read.",
            "%(n)s people get a mail each with all they have to read.",
            count,
        )
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Nobody was left to remind: each gets one reminder a day."))


@require_GET
def export(request: HttpRequest, number: str) -> HttpResponse:
    """Who has and has not, of one's own people, as a file. That it was taken home is an event."""
    user, document = _watched(request, number)
    led = readers.led(user)
    if not led:
        raise PermissionDenied
    people = readers.readers(document, led)
    record(document, "documents.readers_exported", by=user, rows=len(people))
    heading = [_("Name"), _("Unit"), _("To be read by"), _("Confirmed"), _("Version")]
    rows = [
        [
            each.name,
            each.unit,
            each.due.isoformat(),
            timezone.localtime(each.at).strftime("%Y-%m-%d %H:%M") if each.at else "",
            each.version,
        ]
        for each in people
    ]
    answer = HttpResponse(written([heading, *rows]), content_type=CSV)
    name = slugify(_("Read and understood"))
    answer["Content-Disposition"] = f'attachment; filename="{name}-{slugify(document.number)}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


# What one's people are to read


@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """What are my people to read, and how far have they come?"""
    user = visitor(request)
    led = readers.led(user)
    if not led:
        raise PermissionDenied
    page = request.GET.get("side", "")
    at = PER_PAGE * (int(page) if page.isdecimal() and len(page) < 5 else 0)
    documents = list(
        readers.asked_in(led)
        .filter(pk__in=Document.objects.visible_to(user).order_by().values("pk"))
        .select_related("unit")[at : at + PER_PAGE + 1]
    )
    found = readers.numbers([each.pk for each in documents[:PER_PAGE]], led)
    late, _documents = readers.late_in(led)
    return render(
        request,
        "documents/reading/overview.html",
        {
            "rows": [
                {"document": each, "numbers": found[each.pk]} for each in documents[:PER_PAGE] if each.pk in found
            ],
            "left": any(each.left for each in found.values()),
            "late": late,
            "earlier": f"?side={at // PER_PAGE - 1}" if at else "",
            "later": f"?side={at // PER_PAGE + 1}" if len(documents) > PER_PAGE else "",
            "unit": led[-1],
        },
    )


@require_http_methods(["GET", "POST"])
def unit_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is everyone in this unit to have read, from their first day on?"""
    user = visitor(request)
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=pk)
    if not any(unit.is_within(led) for led in readers.led(user)):
        raise PermissionDenied
    form = ListForm(request.POST if request.method == "POST" else None, user=user, unit=unit)
    if request.method == "POST" and form.is_valid():
        count = 0
        chosen = Document.objects.visible_to(user).filter(pk__in=form.cleaned_data["documents"])
        for document in chosen.order_by("pk"):
            actions.ask_to_read(
                document=document, by=user, units=[unit],
                due_on=form.cleaned_data["due_on"], days=form.cleaned_data["days"],
            )  # fmt: skip
            count += 1
        messages.success(
            request,
            ngettext("%(n)s document is on the list.", "%(n)s documents are on the list.", count) % {"n": count},
        )
        return redirect("documents:unit_list", pk)
    on_list = (
        readers.asked_of_unit(unit)
        .filter(requirement__document__in=Document.objects.in_force().values("pk"))
        .select_related("requirement__document", "unit")
        .order_by("requirement__document__title", "pk")
    )
    return render(
        request,
        "documents/reading/unit.html",
        {
            "form": form,
            "unit": unit,
            "rows": on_list,
            "units": [
                (name, reverse("documents:unit_list", args=[choice]), choice == str(unit.pk))
                for choice, name in unit_choices(units_within(readers.led(user)))
            ],
            "may_add": bool(form.fields["documents"].choices),  # type: ignore[attr-defined]
        },
    )
