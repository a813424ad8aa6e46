"""What actions and measures put in the menu, on the morning page and on the page of a case."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from deviations import access as cases
from deviations.lifecycle import TAKEN
from deviations.lifecycle import Part as CasePart
from deviations.lifecycle import State as CaseState
from deviations.models import Deviation
from improvement import (
    access,
    audit_pages,  # noqa: F401 - register the list's menu entry, section and panel
    first_week,
    improvement_pages,  # noqa: F401 - register the board's menu entry, section and panels
    meeting_pages,  # noqa: F401 - register the meetings' menu entry, section and panel
    overview_pages,  # noqa: F401 - registers the overview's tab and section
    pulse_pages,  # noqa: F401 - registers the pages of the pulse
    risk_pages,  # noqa: F401 - register the list's menu entry, section and panel
    story_pages,  # noqa: F401 - registers the pages of stories
    warmth,
)
from improvement.lifecycle import EffectState
from improvement.models import Action, ActionPart, EffectCheck, Inquiry, Measure, YearTask
from improvement.whom_to_ask import handling, leading, may_ask
from kvalitetslosen.database.prepared import ByKey, Prepared
from kvalitetslosen.figures.question import Question, chosen
from kvalitetslosen.figures.registry import UNDER
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

SHOWN = 8
LATE_SHOWN = 3
NEAR = datetime.timedelta(days=7)

register_menu(MenuEntry(_("Actions"), "improvement:actions", order=30, icon="action"))
register_menu(MenuEntry(_("Year wheel"), "year:wheel", order=86, visible=access.may_plan_year, icon="calendar"))
register_menu(MenuEntry(_("Kept warm"), "keeping:overview", order=88, visible=warmth.may_look, icon="people"))
register_menu(MenuEntry(_("Measures"), "measures:list", order=82, icon="chart"))
register_menu(MenuEntry(_("Questions"), "inquiries:list", order=84, visible=may_ask, icon="chat"))


def mine_due_rows(user: User) -> QuerySet[Action]:
    """One's own, or with a part of one's own, late or due within a week."""
    due = Action.objects.filter(deadline__lte=timezone.localdate() + NEAR).values("pk")
    sooner = ActionPart.objects.waiting().of(user).filter(due_on__lte=timezone.localdate() + NEAR).values("action")
    rows = Action.objects.to_do(user).filter(Q(pk__in=due) | Q(pk__in=sooner)).exclude(deviation__about=user)
    return rows.order_by("deadline", "pk")


ACTIONS = ByKey(lambda keys: Action.objects.filter(pk__in=keys).select_related("owner", "unit"))


def mine_due(user: User, rows: list[Action]) -> dict[str, Any] | None:
    if not rows:
        return None
    more = f"{reverse('improvement:actions')}?visning=mine" if len(rows) > SHOWN else ""
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": more}


def values_due_rows(user: User) -> QuerySet[Measure]:
    return Measure.objects.late().filter(owner=user).order_by("due_on", "pk")


MEASURES = ByKey(lambda keys: Measure.objects.filter(pk__in=keys).select_related("unit", "owner"))


def values_due(user: User, rows: list[Measure]) -> dict[str, Any] | None:
    """One's own measures that miss the value of a period that is over."""
    if not rows:
        return None
    more = f"{reverse('measures:list')}?visning=mine" if len(rows) > SHOWN else ""
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": more}


OF_CASE = Prepared(
    lambda deviation: Action.objects.filter(deviation=deviation).select_related("owner").order_by("deadline", "pk"),
    deviation=int,
)


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """What is to be done in the case. Whoever may not open an action reads what it is and how it stands."""
    parts = cases.parts_of(deviation, user)
    rows = OF_CASE(deviation=deviation.pk) if getattr(deviation, "has_actions", True) else []
    may_plan = bool(parts & access.CASE_RESPONSIBLE)
    if not rows and not (may_plan and deviation.is_open):
        return None
    sees_all = bool(parts & {CasePart.HANDLER, CasePart.LEADER, CasePart.QUALITY})
    return {
        "deviation": deviation,
        "rows": [(row, sees_all or row.owner_id == user.pk) for row in rows],
        "may_plan": may_plan and deviation.is_open,
        "only_weak": may_plan and deviation.is_open and access.only_weak(rows),
    }


def before_closing(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """A last thought beside the form that closes a case: is there anything that makes the right thing easier?"""
    return {"deviation": deviation} if access.only_weak(OF_CASE(deviation=deviation.pk)) else None


register_today(
    TodaySection(
        order=25, template="improvement/today/actions.html", context=mine_due, rows=mine_due_rows, lines=ACTIONS
    )
)


def late_here_rows(user: User) -> QuerySet[Action]:
    """What others are late with where one leads."""
    if not user.standing.has(Role.LEADER):
        return Action.objects.none()
    late = Action.objects.visible_to(user).overdue().filter(user.standing.over(Role.LEADER))
    return late.exclude(owner=user).order_by("deadline", "pk")


def late_here(user: User, rows: list[Action]) -> dict[str, Any] | None:
    if not rows:
        return None
    return {"rows": rows[:LATE_SHOWN], "count": len(rows[:LATE_SHOWN]), "more": len(rows) > LATE_SHOWN}


register_today(
    TodaySection(
        order=28,
        template="improvement/today/late.html",
        context=late_here,
        rows=late_here_rows,
        lines=ACTIONS,
        most=LATE_SHOWN + 1,
    )
)


def effects_open_rows(user: User) -> QuerySet[EffectCheck]:
    return EffectCheck.objects.open().filter(owner=user).exclude(deviation__about=user).order_by("opens_on", "pk")


EFFECTS = ByKey(lambda keys: EffectCheck.objects.filter(pk__in=keys).select_related("unit", "owner"))


def effects_open(user: User, rows: list[EffectCheck]) -> dict[str, Any] | None:
    """What one is to look at now: did it work?"""
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


EFFECTS_OF_CASE = Prepared(
    lambda deviation: (
        EffectCheck.objects.filter(deviation=deviation).select_related("owner").order_by("created_at", "pk")
    ),
    deviation=int,
)


def effects_in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """Whether it worked, as the person may know: the reporter reads what was seen, the others the plan as well."""
    parts = cases.parts_of(deviation, user)
    may_plan = bool(parts & access.CASE_RESPONSIBLE) and deviation.state not in (
        CaseState.MERGED,
        CaseState.NOT_DEVIATION,
    )
    planned = EFFECTS_OF_CASE(deviation=deviation.pk) if getattr(deviation, "has_effects", True) else []
    rows = [row for row in planned if row.state != EffectState.DROPPED]
    sees_all = bool(parts & {CasePart.HANDLER, CasePart.LEADER, CasePart.QUALITY})
    if not sees_all:
        rows = [row for row in rows if row.words or row.owner_id == user.pk]
    if not rows and not may_plan:
        return None
    return {
        "deviation": deviation,
        "rows": [(row, sees_all or row.owner_id == user.pk) for row in rows],
        "may_plan": may_plan and not any(row.is_waiting for row in rows),
        "serious": deviation.is_serious and deviation.is_open,
        "is_next": deviation.state in TAKEN and cases.lacks_what_is_serious(deviation),
    }


register_today(
    TodaySection(
        order=26,
        template="improvement/today/effects.html",
        context=effects_open,
        rows=effects_open_rows,
        lines=EFFECTS,
    )
)
register_panel("deviations.case", template="improvement/effects/case_panel.html", context=effects_in_case, order=55)
register_today(
    TodaySection(
        order=27, template="improvement/today/measures.html", context=values_due, rows=values_due_rows, lines=MEASURES
    )
)
register_panel("deviations.closing", template="improvement/only_weak.html", context=before_closing)
register_panel("deviations.case", template="improvement/case_panel.html", context=in_case)


def new_leader(user: User) -> dict[str, Any] | None:
    """Five small tasks for whoever has just begun to lead; gone when they are done or put away."""
    week = first_week.of(user)
    return {"week": week} if week and week.left else None


register_today(
    TodaySection(
        order=3,  # the first of what doesn't wait
        template="improvement/today/first_week.html",
        context=new_leader,
        rows=first_week.beginnings,
        aside=True,
    )
)


# The year wheel


def year_rows(user: User) -> QuerySet[YearTask]:
    """One's own of this month, and what is late."""
    return YearTask.objects.waiting().come(timezone.localdate()).filter(owner=user).order_by("month", "pk")


YEAR_TASKS = ByKey(lambda keys: YearTask.objects.filter(pk__in=keys).select_related("unit"))


def year_now(user: User, rows: list[YearTask]) -> dict[str, Any] | None:
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


register_today(
    TodaySection(order=29, template="improvement/today/year.html", context=year_now, rows=year_rows, lines=YEAR_TASKS)
)


# Questions between leaders: that somebody asks stands before everything one plans oneself.


def inquiries_rows(user: User) -> QuerySet[Inquiry]:
    return (Inquiry.objects.to_answer(user) | Inquiry.objects.to_read(user)).order_by("due_on", "pk")


INQUIRIES = ByKey(lambda keys: Inquiry.objects.filter(pk__in=keys).select_related("unit", "asker", "asked"))


def inquiries(user: User, rows: list[Inquiry]) -> dict[str, Any] | None:
    """What one is asked, and the answers one hasn't read."""
    if not rows:
        return None
    return {
        "to_answer": [row for row in rows[:SHOWN] if row.asked_id == user.pk],
        "to_read": [row for row in rows[:SHOWN] if row.asker_id == user.pk],
        "more": len(rows) > SHOWN,
        "count": len(rows[:SHOWN]),
    }


ASKED_IN_CASE = Prepared(
    lambda deviation: (
        Inquiry.objects.filter(deviation=deviation)
        .select_related("asker", "asked", "unit", "upper")
        .order_by("-asked_at", "-pk")[:40]
    ),
    deviation=int,
)


def asked_in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """The leader above asks whoever has the case, in one tap; and what was asked, for those who may see it."""
    parts = cases.parts_of(deviation, user)
    if not parts & access.CASE_RESPONSIBLE:
        return None
    leads = {unit.pk for unit in user.standing.units(Role.LEADER)}
    # Who has a part here sees the case; of its questions one's own, and what is asked right below where one leads.
    asked = ASKED_IN_CASE(deviation=deviation.pk) if getattr(deviation, "was_asked_about", True) else []
    rows = [row for row in asked if user.pk in (row.asker_id, row.asked_id) or row.upper.parent_id in leads]
    may = deviation.is_open and may_ask(user) and handling(user, deviation) is not None
    if not rows and not may:
        return None
    return {"rows": rows, "deviation": deviation, "may_ask": may}


def ask_about_unit(user: User, unit: Unit) -> dict[str, Any] | None:
    """From the figures of a unit: one tap to ask whoever leads it; of what one leads oneself, one of those below."""
    if not may_ask(user):
        return None
    return _asking(user, unit, {}, has_below=Unit.objects.active().filter(parent=unit.pk).exists)


def _asking(user: User, unit: Unit, about: dict[str, str], has_below: Callable[[], bool]) -> dict[str, Any] | None:
    whom = leading(user, unit)
    leads = any(unit.is_within(led) for led in user.standing.units(Role.LEADER))
    if whom is None and not (leads and has_below()):
        return None
    said = ({"enhet": str(unit.pk)} if whom else {}) | about
    url = reverse("inquiries:ask") + (f"?{urlencode(said)}" if said else "")
    return {"url": url, "name": whom.asked.name if whom else ""}


def ask_about_figures(user: User, question: Question) -> dict[str, Any] | None:
    """From any figure: one tap to ask whoever leads where it is of, or one of those below."""
    if not may_ask(user):
        return None
    below = chosen(question, UNDER)
    unit = question.unit
    if len(below) == 1 and (one := next(iter(below))).isdecimal():
        unit = Unit.objects.active().filter(parent=unit.pk, pk=int(one)).first() or unit
    categories = chosen(question, "kategori") or chosen(question, "hovedkategori")
    about = {"kategori": next(iter(categories))} if len(categories) == 1 else {}
    return _asking(user, unit, about, has_below=lambda: bool(question.below))


register_today(
    TodaySection(
        order=8, template="improvement/today/inquiries.html", context=inquiries, rows=inquiries_rows, lines=INQUIRIES
    )
)
register_panel("deviations.case", template="improvement/inquiries/case_panel.html", context=asked_in_case, order=60)
for _slot in ("deviations.report", "reports.live"):
    register_panel(_slot, template="improvement/inquiries/figures_panel.html", context=ask_about_unit)
register_panel("figures.answer", template="improvement/inquiries/figures_panel.html", context=ask_about_figures)
