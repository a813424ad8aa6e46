"""What cases put in the menu and on the morning page."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import after_version, injuries, reports
from deviations.access import TICKING
from deviations.duty_lines import DUTY_LINES, is_dpo, soon_due, to_tell
from deviations.filters import AREA, CaseFilter, oversees
from deviations.lifecycle import SheetState, State
from deviations.models import Deviation, DeviationQuerySet, Naming, TallyChoice, TallySheet, Task, Topic
from deviations.views.analysing import found_in
from deviations.views.reflecting import leads_a_team, said_about
from deviations.whistle import pages as whistle_pages  # noqa: F401 - registers itself on import
from documents.models import Document
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.counting import median
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.ui.charts import number
from kvalitetslosen.ui.registry import (
    MenuEntry,
    TodaySection,
    UnsentForm,
    register_menu,
    register_panel,
    register_today,
    register_unsent_form,
)

SHOWN = 8
WATCHING = (Role.SAFETY_REP, Role.WORK_ENVIRONMENT, Role.OCCUPATIONAL_HEALTH)
"""Those outside the line whom arbeidsmiljøloven § 5-1 opens the register of work injuries to."""
MOST_ASKED = 50


def has_figures_only(user: User) -> bool:
    return user.standing.has(*reports.FIGURES_ONLY) and not oversees(user)


def opens_register(user: User) -> bool:
    """For whom the register has a place in the menu: leaders have it beside their reports, and a full menu already."""
    return user.standing.has(*WATCHING)


def may_tick_somewhere(user: User) -> bool:
    return user.standing.has(*TICKING)


register_menu(MenuEntry(_("Report"), "deviations:report", order=15, icon="report", action=True))
register_unsent_form(
    UnsentForm(
        "deviations:report", "deviations:report_without_net", draft="report", unless=("naming", Naming.ANONYMOUS.value)
    )
)
register_menu(MenuEntry(_("Deviations"), "deviations:list", order=20, icon="deviation"))
register_menu(
    MenuEntry(_("Tally sheet"), "deviations:tally", order=27, icon="check-circle", visible=may_tick_somewhere)
)
register_menu(MenuEntry(_("Team meeting"), "deviations:meeting", order=72, icon="people", visible=leads_a_team))
register_panel("deviations.case", template="deviations/team/in_case.html", context=said_about, order=70)
register_panel("deviations.case", template="deviations/analysis/in_case.html", context=found_in, order=60)
register_menu(MenuEntry(_("Duties to tell"), "deviations:duties", order=29, icon="clock", visible=is_dpo))
register_menu(MenuEntry(_("Work injuries"), "deviations:injuries", order=68, icon="shield", visible=opens_register))
register_menu(MenuEntry(_("Reports"), "deviations:figures", order=32, icon="chart", visible=oversees))
register_menu(MenuEntry(_("Reports"), "figures:explore", order=32, icon="chart", visible=has_figures_only))
register_tab(Tab(_("Deviations"), "deviations:figures", order=10, visible=oversees))


LINES = ByKey(lambda keys: Deviation.objects.filter(pk__in=keys).for_lines())
Rows = list[Deviation]


def in_hand(user: User, **where: Any) -> DeviationQuerySet:
    return Deviation.objects.awaiting(user).exclude(about=user).filter(**where).order_by("deadline", "pk")


def unreceived(user: User) -> DeviationQuerySet:
    return in_hand(user, state=State.REPORTED)


def to_receive(user: User, rows: Rows) -> dict[str, Any] | None:
    """Cases in the person's hands that nobody has received."""
    return section(_("To receive"), rows, "hos-meg")


def near_deadline(user: User) -> DeviationQuerySet:
    soon = timezone.now() + datetime.timedelta(days=7)
    return in_hand(
        user,
        state__in=[State.RECEIVED, State.IN_PROGRESS],
        deadline__lt=soon,
        reporter_waits_since=None,  # those stand among what the reporter waits for
    )


def towards_deadline(user: User, rows: Rows) -> dict[str, Any] | None:
    """Received cases in the person's hands whose deadline is near or past."""
    return section(_("Near or past the deadline"), rows, "hos-meg")


LATELY = 30  # days
NOT_HELPED_FOR = datetime.timedelta(days=14)
"""How long a closed case whose answer didn't help stands on the morning page."""


def reporters_waiting(user: User) -> DeviationQuerySet:
    """One that isn't received yet stands among those to receive."""
    lately = timezone.now() - NOT_HELPED_FOR
    return (
        Deviation.objects.filter(handler=user, reporter_waits_since__isnull=False)
        .exclude(about=user)
        .exclude(state=State.REPORTED)
        .filter(Q(closed_at=None) | Q(reporter_waits_since__gte=lately))
        .order_by("reporter_waits_since", "pk")
    )


def reporter_waits(user: User, rows: Rows) -> dict[str, Any] | None:
    """Cases in the person's hands where the reporter has answered, written, asked to have it opened, or wasn't
    helped."""
    return section(_("The reporter waits for you"), rows, "hos-meg")


def section(title: Any, rows: Rows, view: str, *, own: bool = False) -> dict[str, Any] | None:
    if not rows:
        return None
    more = reverse("deviations:list") + (f"?visning={view}" if view else "") if len(rows) > SHOWN else ""
    return {"title": title, "rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": more, "own": own}


def asked_in_mine(user: User) -> DeviationQuerySet:
    return Deviation.objects.reported_by(user).filter(state=State.WAITING).order_by("-reported_at", "-pk")


def questions_to_me(user: User, rows: Rows) -> dict[str, Any] | None:
    """One's own cases where somebody has asked and waits."""
    return section(_("Questions for you"), rows, "mine", own=True)


def answered_of_mine(user: User) -> DeviationQuerySet:
    lately = timezone.now() - datetime.timedelta(days=30)
    found = Deviation.objects.reported_by(user).filter(
        state__in=[State.CLOSED, State.NOT_DEVIATION], closed_at__gte=lately, helped=None
    )
    return found.order_by("-reported_at", "-pk")


def answers_to_me(user: User, rows: Rows) -> dict[str, Any] | None:
    """One's own cases that got their answer lately and wait for the word on whether it helped."""
    return section(_("Answers to what you reported"), rows, "mine", own=True)


def nobody_has(user: User) -> DeviationQuerySet:
    if not user.standing.has(Role.LEADER, Role.QUALITY_CONTACT):
        return Deviation.objects.none()
    return Deviation.objects.visible_to(user).open().filter(handler=None).order_by("reported_at", "pk")


def without_handler(user: User, rows: Rows) -> dict[str, Any] | None:
    """Cases nobody has, shown to the leaders and quality contacts who may see them."""
    return section(_("Nobody has these"), rows, "")


def about_safety(user: User) -> dict[str, Any] | None:
    """For a safety representative: the area's open cases about the working environment."""
    if not user.standing.has(Role.SAFETY_REP):
        return None
    return {
        "title": _("The working environment in your area"),
        "nothing": _("No case about the working environment is open in your area."),
        "advice": _("Those that are reported stand here at once. Ask at the next safety round what people have seen."),
        **watched(user, user.standing.over(Role.SAFETY_REP), Topic.HSE),
    }


def about_privacy(user: User) -> dict[str, Any] | None:
    """For a data protection officer: the municipality's open cases about privacy."""
    if not user.standing.has(Role.DPO):
        return None
    return {
        "title": _("Privacy in the municipality"),
        "nothing": _("No case about privacy is open in the municipality."),
        "advice": _("You get a mail the moment one is reported: some are to reach Datatilsynet within 72 hours."),
        **watched(user, Q(level_0=user.municipality_id), Topic.PRIVACY),
    }


def watched(user: User, place: Q, topic: Topic) -> dict[str, Any]:
    """The newest open cases, for those who watch over and don't handle: none of it counts as waiting for them."""
    rows = Deviation.objects.visible_to(user).open().filter(place, topic=topic, about=None).for_lines()
    found = list(rows.order_by("-reported_at", "-pk")[: SHOWN + 1])
    query = f"visning={AREA}" if len(found) > SHOWN else f"visning={AREA}&status=alle"
    return {
        "rows": found[:SHOWN],
        "is_more": len(found) > SHOWN,
        "url": f"{reverse('deviations:list')}?{query}",
    }


def the_units(user: User) -> dict[str, Any] | None:
    """For those whose units have leaders of their own: what is late there, each number that of its list."""
    if not user.standing.has(Role.LEADER, Role.QUALITY_CONTACT):
        return None
    counts = (
        CaseFilter.of(user, QueryDict(f"visning={AREA}"))
        .rows()
        .aggregate(
            late=Count("pk", filter=Q(deadline__lt=timezone.now())),
            unreceived=Count("pk", filter=Q(state=State.REPORTED)),
            with_others=Count("pk", filter=~Q(handler=user)),
        )
    )
    return counts | {"url": f"{reverse('deviations:list')}?visning={AREA}"} if counts["with_others"] else None


BESIDE_HOW_IT_GOES: list[Callable[[User], tuple[str, str] | None]] = []
"""Filled by modules above: what they have to say of how it goes, in a few words, and the address of more."""


def how_it_goes(user: User) -> dict[str, Any] | None:
    """For leaders: how many were reported lately, and how soon a person answered."""
    if not user.standing.has(Role.LEADER):
        return None
    since = timezone.now() - datetime.timedelta(days=LATELY)
    days = (
        CaseFilter.of(user, QueryDict(f"visning={AREA}&status=alle"))
        .rows()
        .filter(reported_at__gte=since)
        .annotate(days=WorkdaysBetween("reported_at", "first_answer_at"))
        .order_by()
        .values_list("days")
        .annotate(n=Count("pk"))
    )
    found = dict(days)
    reported = sum(found.values())
    found.pop(None, None)
    middle = median(found)
    # A median may be two and a half; which word follows it depends on whole numbers only.
    return {
        "reported": reported,
        "days": LATELY,
        "median": middle,
        "written": number(middle),
        "several": 1 if middle == 1 else 2,
        "beside": [words for each in BESIDE_HOW_IT_GOES if (words := each(user))],
    }


def at_a_glance(user: User) -> dict[str, Any] | None:
    """For union representatives and the working environment committee: how many this year, never which.

    The explorer's own words, so that no small number is told here that is kept back there.
    """
    if not user.standing.has(*reports.FIGURES_ONLY):
        return None
    asked = f"om=avvik&enhet={user.municipality_id}&per=alt&del=ingen"
    return {"sentence": Answer.to(Question.asked(user, QueryDict(asked))).sentence}


def work_injuries(user: User) -> dict[str, Any] | None:
    """For those the register of work injuries is open to by law: how many are in it this year, and the way there."""
    if not opens_register(user):
        return None
    year = timezone.localdate().year
    counts = injuries.rows(user, year).aggregate(n=Count("pk"), undescribed=Count("pk", filter=Q(injury=None)))
    return counts | {"year": year}


def my_tasks(user: User) -> QuerySet[Task]:
    return Task.objects.of(user).order_by("deadline", "pk")


def asked_of_me(user: User, rows: list[Task]) -> dict[str, Any] | None:
    """What somebody who handles a case asks of the person. All of it: there is no other list of it."""
    return {"rows": rows} if rows else None


def sheets_to_close(user: User) -> QuerySet[TallySheet]:
    if not user.standing.has(Role.LEADER):
        return TallySheet.objects.none()
    return TallySheet.objects.open().ended().filter(handler=user).order_by("month", "pk")


def months_to_close(user: User, rows: list[TallySheet]) -> dict[str, Any] | None:
    """Tally sheets of months that are over, for whoever is to close them."""
    return {"rows": rows[:SHOWN], "more": len(rows) > SHOWN} if rows else None


LEARNT_FOR = datetime.timedelta(days=14)
"""How long what was learnt from a month of ticks stands on the morning page."""


def ticking(user: User) -> dict[str, Any] | None:
    """The way to the tally sheet for those who work where one ticks, and what was learnt lately from the ticks."""
    home = user.standing.home
    if home is None or not user.standing.has(Role.EMPLOYEE):
        return None
    here = TallyChoice.objects.in_line(home.ancestor_ids).filter(unit__closed_on=None)
    since = timezone.now() - LEARNT_FOR
    closed = TallySheet.objects.filter(unit=home, state=SheetState.CLOSED, closed_at__gte=since).order_by("-month")
    learnt = closed.first()
    return {"learnt": learnt} if learnt or here.exists() else None


for order, context, rows in (
    (10, to_receive, unreceived),
    (12, without_handler, nobody_has),
    (15, reporter_waits, reporters_waiting),
    (20, towards_deadline, near_deadline),
    (30, questions_to_me, asked_in_mine),
    (40, answers_to_me, answered_of_mine),
):
    register_today(TodaySection(order, "deviations/today/cases.html", context, rows, LINES))
register_today(TodaySection(5, "deviations/today/duties.html", to_tell, soon_due, DUTY_LINES))
for order, watching in ((50, about_safety), (52, about_privacy)):
    register_today(TodaySection(order=order, template="deviations/today/watched.html", context=watching))
register_today(TodaySection(order=16, template="deviations/today/units.html", context=the_units))
register_today(TodaySection(order=70, template="deviations/today/how_it_goes.html", context=how_it_goes, aside=True))
TASKS = ByKey(lambda keys: Task.objects.filter(pk__in=keys).select_related("given_by"))
SHEETS = ByKey(lambda keys: TallySheet.objects.filter(pk__in=keys).select_related("unit"))
register_today(TodaySection(24, "deviations/today/tasks.html", asked_of_me, my_tasks, TASKS, most=MOST_ASKED))
register_today(TodaySection(26, "deviations/today/months_to_close.html", months_to_close, sheets_to_close, SHEETS))
register_today(TodaySection(order=60, template="deviations/today/tally.html", context=ticking, aside=True))
register_today(TodaySection(order=56, template="deviations/today/injuries.html", context=work_injuries))
register_today(TodaySection(order=54, template="deviations/today/figures.html", context=at_a_glance))
register_setting_page(
    SettingPage(
        _("Deadlines and categories"),
        _("How long a case may take, when somebody is reminded, and what cases are sorted by."),
        "deviations:settings",
        order=10,
    )
)
register_setting_page(
    SettingPage(
        _("Duties to tell"),
        _("Who inside is told at once, and from when a new rule of the law holds."),
        "deviations:duty_settings",
        order=11,
    )
)


def pointing_to(user: User, document: Document) -> dict[str, Any] | None:
    """How many cases say that the document wasn't followed, and whether there are fewer since the last version.

    For those who answer for it, of the cases they may see.
    """
    if document.owner_id != user.pk and not any(
        user.standing.reaches(role, document) for role in (Role.LEADER, Role.QUALITY_CONTACT)
    ):
        return None
    query = QueryDict(f"visning={AREA}&status=alle&prosedyre={document.pk}")
    rows = CaseFilter.of(user, query).rows()
    n = rows.count()
    if not n:
        return None
    figures = after_version.before_and_after(document, rows)
    return {
        "n": n,
        "url": f"{reverse('deviations:list')}?{query.urlencode()}",
        "figures": figures,
        "drawn": after_version.drawn(figures) if figures else "",
    }


register_panel("documents.document", template="deviations/document_panel.html", context=pointing_to, order=20)
register_setting_page(
    SettingPage(
        _("From other systems"),
        _("Cases and counts from care records, building upkeep and the like: by spreadsheet, or sent by themselves."),
        "deviations:other_systems",
        order=13,
    )
)
register_setting_page(
    SettingPage(
        _("Open forms"),
        _("Where users, next of kin, temps and pupils can tell without logging in, with link and QR code."),
        "deviations:open_forms",
        order=12,
    )
)
