"""The list of internal audits, planning one, its page and report, and the steps of its life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.lifecycle import WITH_OUTCOME
from deviations.models import Deviation
from deviations.views.visiting import visitor
from documents.models import Document
from improvement import actions, audit_access
from improvement.audit_lifecycle import AUDIT, AUDITORS, AUDITORS_WORK, AuditState
from improvement.forms import auditing as forms
from improvement.models import Answer, Audit, AuditPoint
from improvement.views.stepping import StepPage, back_to
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.answers import on_paper

PER_PAGE = 50
TOLD = 40
VIEWS = {"": None, "ferdige": AuditState.FINAL, "avlyste": AuditState.CANCELLED}


@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Those one may see, the nearest first; of the final ones, those of where one works as well."""
    user = visitor(request)
    view = request.GET.get("visning", "")
    view = view if view in VIEWS else ""
    rows = Audit.objects.visible_to(user)
    if view == "ferdige":
        rows = rows | Audit.objects.told_to(user)
    rows = rows.filter(state=VIEWS[view]) if view else rows.current()
    units = list(Unit.objects.filter(pk__in=rows.values("unit")).order_by("name", "pk")[:100])
    asked = request.GET.get("enhet", "")
    unit = next((each for each in units if str(each.pk) == asked), None)
    if unit:
        rows = rows.in_subtree(unit)
    late = AuditPoint.objects.late().filter(audit=OuterRef("pk"), deviation__in=_counted(user).values("pk"))
    only_waiting = view == "ferdige" and request.GET.get("svar") == "sent"
    if only_waiting:
        rows = rows.filter(Exists(late))
    rows = rows.annotate(waits=Exists(late))
    rows = rows.with_counts().select_related("unit", "owner").order_by("held_on" if not view else "-held_on", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    here = reverse("audits:list")
    kept = {"visning": view, "enhet": asked if unit else "", "svar": "sent" if only_waiting else ""}

    def at(number: int) -> str:
        return f"?{urlencode({name: value for name, value in kept.items() if value} | {'side': number})}"

    return render(
        request,
        "improvement/audits/list.html",
        {
            "rows": page.object_list,
            "view": view,
            "tabs": [
                (_("Current"), here, not view),
                (_("Final"), f"{here}?visning=ferdige", view == "ferdige"),
                (_("Cancelled"), f"{here}?visning=avlyste", view == "avlyste"),
            ],
            "units": units,
            "unit": unit,
            "only_waiting": only_waiting,
            "previous": at(page.previous_page_number()) if page.has_previous() else None,
            "following": at(page.next_page_number()) if page.has_next() else None,
            "may_plan": audit_access.may_plan_audits(user),
        },
    )


def _counted(user: User) -> Any:
    """The cases whose standing the person may know; none about a leader."""
    return Deviation.objects.visible_to(user).filter(about=None)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan an audit of one unit, or one of each of several."""
    user = visitor(request)
    if not audit_access.may_plan_audits(user):
        raise PermissionDenied
    form = forms.PlanForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            planned = [actions.plan_audit(by=user, **each) for each in form.planned()]
        except (actions.CannotHave, actions.CannotAudit):
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, _("It is planned, and the leader and the auditors are told."))
            return redirect(back_to(user, planned[0], reverse("audits:list")) if len(planned) == 1 else "audits:list")
    return render(request, "improvement/audits/plan.html", {"form": form})


# One audit


def visible_audit(user: User, pk: int) -> Audit:
    """The audit, or 404 for whoever may not see it."""
    rows = Audit.objects.visible_to(user).select_related("owner", "unit", "commented_by", "final_by")
    return get_object_or_404(rows.prefetch_related("auditors"), pk=pk)


def not_now(request: HttpRequest, audit: Audit, user: User, step: str) -> HttpResponse | None:
    """403 for whom the step never is; what is said where it isn't open now, or to an auditor who leads there now."""
    parts = audit_access.parts_in_audit(audit, user)
    if not AUDIT[step].parts & parts:
        raise PermissionDenied
    if step in AUDITORS_WORK and audit_access.leads_it_now(parts):
        messages.warning(request, _("You lead what is audited now, and nobody audits what they lead."))
        return redirect(audit)
    return None if audit.state in AUDIT[step].sources else too_late(request, audit)


@dataclass(frozen=True)
class Seen:
    """A point as one reader reads it: the case it became and the procedure behind it, where they may see them."""

    point: AuditPoint
    case: Deviation | None
    document: Document | None

    @property
    def outcome(self) -> str:
        return self.case.outcome if self.case and self.case.state in WITH_OUTCOME else ""

    @property
    def is_late(self) -> bool:
        return self.case is not None and self.case.pk == self.point.deviation_id and self.point.is_late


def points_of(audit: Audit, user: User) -> list[Seen]:
    """In a constant number of questions."""
    points = list(audit.points.select_related("requirement__source", "deviation").order_by("number"))
    wanted = {pk for point in points for pk in (point.deviation_id, point.came_from_id) if pk}
    cases = {row.pk: row for row in Deviation.objects.visible_to(user).filter(pk__in=wanted)} if wanted else {}
    behind = {point.document_id for point in points if point.document_id}
    documents = {row.pk: row for row in Document.objects.visible_to(user).filter(pk__in=behind)} if behind else {}
    return [
        Seen(
            point,
            cases.get(point.deviation_id or 0) or cases.get(point.came_from_id or 0),
            documents.get(point.document_id or 0),
        )
        for point in points
    ]


FURTHER = ("begin", "comment", "take_back", "change", "appoint", "hand_over", "cancel")
LEADING = ("begin", "send", "comment", "finish", "finish_without")


@require_GET
def audit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan, the checklist with what was found, the report. Colleagues read title and result when it is final."""
    user = visitor(request)
    if not Audit.objects.visible_to(user).filter(pk=pk).exists():
        told = Audit.objects.told_to(user).with_counts().select_related("unit").filter(pk=pk).first()
        if told is not None:
            return render(request, "improvement/audits/told.html", {"audit": told})
    audit = visible_audit(user, pk)
    parts = audit_access.parts_in_audit(audit, user)
    steps = {step.name: step for step in audit_access.audit_steps(audit, parts)}
    points = points_of(audit, user)
    sees = audit_access.sees_answers(audit, parts)
    leading = next((steps[name] for name in LEADING if name in steps), None)
    early = audit.state == AuditState.PLANNED and audit.held_on > timezone.localdate()
    if leading and (early or (leading.name == "send" and not audit.summary)):
        leading = None
    if leading and leading.name == "comment" and audit.comment:
        leading = steps.get("finish")
    waiting = [seen.point for seen in points if not seen.point.answer]
    return render(
        request,
        "improvement/audits/audit.html",
        {
            "audit": audit,
            "points": points,
            "sees": sees,
            "counts": counted(points) if sees and audit.state != AuditState.PLANNED else [],
            "unreported": sum(seen.point.answer == Answer.NOT and not seen.point.deviation_id for seen in points),
            "next_point": waiting[0] if waiting and "answer" in steps else None,
            "waiting": len(waiting),
            "steps": steps,
            "leading": leading,
            "form": STEPS[leading.name].form(audit=audit, user=user, note_label=leading.note_label)
            if leading
            else None,
            "further": [steps[name] for name in FURTHER if name in steps and steps[name] != leading],
            "is_auditor": bool(parts & AUDITORS),
            "leads_it_now": audit.is_current and audit_access.leads_it_now(parts),
            "told": tell(_told(audit, sees).order_by("-number")[:TOLD], user),
        },
    )


SILENT = ("improvement.audit_answered",)  # too many to tell: each stands at its point
FOUND = ("improvement.audit_finding_reported",)


def _told(audit: Audit, sees: bool) -> Any:
    events = Event.objects.about(audit).select_related("by")
    return events.exclude(type__in=SILENT if sees else SILENT + FOUND)


def counted(points: list[Seen]) -> list[tuple[str, str, int]]:
    """How many points have each answer, those with none left out."""
    found = [(each, sum(seen.point.answer == each for seen in points)) for each in Answer]
    return [(each.value, str(each.label), n) for each, n in found if n]


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """What the auditors say of the whole."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    if refused := not_now(request, audit, user, "write"):
        return refused
    form = forms.ReportForm(request.POST if request.method == "POST" else None, audit=audit)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_report(audit=audit, by=user, **form.written())
        except actions.WrittenMeanwhile:
            form.add_error(None, _("Somebody else wrote here meanwhile. Read it, and save again."))
            form.read_again(Audit.objects.get(pk=pk).edits)
        except StepRefused:
            return too_late(request, visible_audit(user, pk))
        else:
            messages.success(request, _("Kept. Send it to the leader when you are done."))
            return redirect(audit)
    return render(request, "improvement/audits/write.html", {"form": form, "audit": audit})


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist before, the report after, as a PDF: what this reader may read."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    points = points_of(audit, user)
    sees = audit_access.sees_answers(audit, audit_access.parts_in_audit(audit, user))
    context = {
        "audit": audit,
        "points": points,
        "sees": sees,
        "findings": [seen for seen in points if seen.point.is_finding] if sees else [],
        "counts": counted(points) if sees else [],
    }
    # The theme is somebody's words, and a file's name is seen by more than its content: the unit and the day.
    name = f"{audit.unit.name} {audit.held_on:%Y-%m-%d}"
    return on_paper(request, "improvement/audits/paper.html", context, name=name, back=audit.get_absolute_url())


# Its steps


STEPS: dict[str, StepPage] = {
    "begin": StepPage(
        forms.NoQuestionsForm, actions.begin_audit, gettext_lazy("It has begun. Take one point at a time.")
    ),
    "send": StepPage(
        forms.SendForm,
        actions.send_report,
        gettext_lazy("The leader reads it now, and comments."),
        gettext_lazy("Points without an answer are sent as not looked at."),
    ),
    "comment": StepPage(
        forms.CommentForm,
        actions.comment_on,
        gettext_lazy("Your comment stands in the report. The auditors are told."),
    ),
    "take_back": StepPage(
        forms.NoteForm,
        actions.take_report_back,
        gettext_lazy("It is yours again. Put it right, and send it anew."),
    ),
    "finish": StepPage(
        forms.NoQuestionsForm,
        actions.approve_report,
        gettext_lazy("The report is final. Colleagues in the unit can read title and result."),
        gettext_lazy("Nothing is changed in it from then on, and colleagues in the unit read title and result."),
    ),
    "finish_without": StepPage(
        forms.NoteForm,
        actions.approve_without_comment,
        gettext_lazy("The report is final. Colleagues in the unit can read title and result."),
        gettext_lazy("The leader had their time, and nothing came."),
    ),
    "change": StepPage(forms.ChangeForm, actions.change_audit, gettext_lazy("It is changed.")),
    "appoint": StepPage(forms.PersonForm, actions.appoint, gettext_lazy("They are an auditor now, and are told.")),
    "hand_over": StepPage(forms.GiveForm, actions.give_audit, gettext_lazy("They lead it from now on, and are told.")),
    "cancel": StepPage(
        forms.NoteForm, actions.cancel_audit, gettext_lazy("It is cancelled; those it concerns are told.")
    ),
}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step of the table."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    if refused := not_now(request, audit, user, name):
        return refused
    how = STEPS[name]
    row = AUDIT.find(name, audit.state)
    if row is None or row not in audit_access.audit_steps(audit, audit_access.parts_in_audit(audit, user)):
        return too_late(request, audit)
    options: dict[str, Any] = {"audit": audit, "user": user}
    if row.note is not Note.NONE:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(audit=audit, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused:
            return too_late(request, visible_audit(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except (actions.CannotHave, actions.CannotAudit):
            form.add_error("person", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            return redirect(back_to(user, audit, reverse("audits:list")))
    context = {"form": form, "audit": audit, "step": row, "lead": how.lead}
    return render(request, "improvement/audits/step.html", context)


@require_POST
def dismiss(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody is no auditor any more."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    if not AUDIT["dismiss"].parts & audit_access.parts_in_audit(audit, user):
        raise PermissionDenied
    try:
        actions.dismiss(audit=audit, by=user, person=person)
    except StepRefused:
        return too_late(request, visible_audit(user, pk))
    messages.success(request, _("They are no auditor any more."))
    return redirect(audit)
