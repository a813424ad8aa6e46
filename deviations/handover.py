"""What people and units answer for in the cases: for when somebody leaves, and when a unit is closed or moved."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations import figures
from deviations.actions import (
    forget_lists,
    hand_over_case,
    hand_over_sheet,
    inherit_list,
    inherit_task,
    may_be_asked,
    named_for,
    reporter_ids,
    set_duty_settings,
    whose,
    withdraw_task,
)
from deviations.models import ADVISED, Category, Deviation, DutySettings, KeptList, TallySheet, Task
from deviations.settings_actions import change_category
from deviations.whistle import handover as whistle_handover  # noqa: F401 - registers itself on import
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import Moved, UnitWork, on_unit_moved, unit_work
from kvalitetslosen.organisation.models import Role, Unit, User


def in_hand(user: User) -> QuerySet[Deviation]:
    return Deviation.objects.awaiting(user)


def count(user: User) -> int:
    return in_hand(user).count()


def move(*, user: User, to: User, by: User | None) -> None:
    """Every open case to the heir, who must lead the unit or one above it: a hand-over opens no case to a stranger.

    A case the heir reported, or that is about them, goes to the nearest other leader instead.
    """
    for deviation in in_hand(user).select_related("handling_unit").order_by("pk"):
        if not (to.standing.reaches(Role.LEADER, deviation) or _is_named(deviation, to)):
            raise ValidationError(
                _("%(name)s doesn't lead %(unit)s or a unit above it, and so can't have the cases from there."),
                params={"name": to.name, "unit": deviation.handling_unit.name},
                code="not_in_line",
            )
        hand_over_case(deviation=deviation, by=by, to=_heir(deviation, leaving=user, to=to))


def _is_named(deviation: Deviation, to: User) -> bool:
    """Whether the case's category names the heir, or a role the heir has there."""
    named = named_for(deviation.handling_unit, deviation.category) if deviation.about_id is None else None
    return named is not None and to.pk in (named.user.pk, named.acting_for.pk if named.acting_for else None)


def _heir(deviation: Deviation, *, leaving: User, to: User) -> User:
    barred = reporter_ids(deviation) | {pk for pk in (deviation.about_id,) if pk}
    if to.pk not in barred:
        return to
    found = whose(deviation.handling_unit, about=deviation.about, without=barred | {leaving.pk})
    if found is None:
        raise ValidationError(
            _("%(name)s can't handle one of the cases, and no other leader can have it. Choose somebody else."),
            params={"name": to.name},
            code="barred",
        )
    return found.user


def unseen(user: User, to: User) -> bool:
    return in_hand(user).exclude(pk__in=Deviation.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "deviations.in_hand",
        gettext_lazy("Open cases in hand"),
        count=count,
        move=move,
        unseen=unseen,
        hint=gettext_lazy("Somebody who leads the unit or a unit above it."),
        order=40,
    )
)


def asked_of(user: User) -> QuerySet[Task]:
    return Task.objects.open().filter(given_to=user)


def count_asked(user: User) -> int:
    return asked_of(user).count()


def move_asked(*, user: User, to: User, by: User | None) -> None:
    """What the person was asked in cases, to a colleague. Who can't be asked in one isn't said: it is taken back."""
    for task in asked_of(user).select_related("deviation").order_by("pk"):
        if may_be_asked(to, task.deviation):
            inherit_task(task=task, by=by, given_to=to)
        else:
            withdraw_task(task=task, by=by)


def unseen_asked(user: User, to: User) -> bool:
    return asked_of(user).exclude(pk__in=Task.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "deviations.tasks",
        gettext_lazy("What they are asked in cases"),
        count=count_asked,
        move=move_asked,
        unseen=unseen_asked,
        hint=gettext_lazy("A colleague who can answer. They may come to read what was reported, without names."),
        order=45,
    )
)


def sheets_in_hand(user: User) -> QuerySet[TallySheet]:
    return TallySheet.objects.open().filter(handler=user)


def count_sheets(user: User) -> int:
    return sheets_in_hand(user).count()


def move_sheets(*, user: User, to: User, by: User | None) -> None:
    """Every month that is not closed to the heir, who must lead the unit or one above it."""
    for sheet in sheets_in_hand(user).select_related("unit").order_by("pk"):
        if not to.standing.reaches(Role.LEADER, sheet):
            raise ValidationError(
                _("%(name)s doesn't lead %(unit)s or a unit above it, and so can't have the tally sheets from there."),
                params={"name": to.name, "unit": sheet.unit.name},
                code="not_in_line",
            )
        hand_over_sheet(sheet=sheet, by=by, to=to)


def unseen_sheets(user: User, to: User) -> bool:
    return sheets_in_hand(user).exclude(pk__in=TallySheet.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "deviations.tally_in_hand",
        gettext_lazy("Tally sheets to close"),
        count=count_sheets,
        move=move_sheets,
        unseen=unseen_sheets,
        hint=gettext_lazy("Somebody who leads the unit or a unit above it."),
        order=42,
    )
)


def categories_of(user: User) -> QuerySet[Category]:
    return Category.objects.filter(handler=user)


def count_categories(user: User) -> int:
    return categories_of(user).count()


def move_categories(*, user: User, to: User, by: User | None) -> None:
    """The heir gets the new cases of the categories instead."""
    for category in categories_of(user).order_by("pk"):
        change_category(category=category, by=by, handler=to)


def named_in(user: User) -> QuerySet[DutySettings]:
    return DutySettings.objects.filter(Q(doctor=user) | Q(ict=user))


def count_named(user: User) -> int:
    return named_in(user).count()


def move_named(*, user: User, to: User, by: User | None) -> None:
    """Whoever takes over is told of outbreaks and of ICT events from now on."""
    for row in named_in(user).order_by("pk"):
        heir = {field: to for field in ADVISED.values() if getattr(row, f"{field}_id") == user.pk}
        set_duty_settings(municipality_id=row.municipality_id, by=by, **heir)


handover.register(
    handover.Responsibility(
        "deviations.categories",
        gettext_lazy("Categories whose cases they get"),
        count=count_categories,
        move=move_categories,
        which=lambda user: [each.whole_label for each in categories_of(user).select_related("parent").order_by("pk")],
        order=38,  # before the cases, which the heir may then have
    )
)

handover.register(
    handover.Responsibility(
        "deviations.duty_contact",
        gettext_lazy("Is told of outbreaks or ICT events"),
        count=count_named,
        move=move_named,
        unseen=lambda user, to: False,
        hint=gettext_lazy("The municipal doctor, or the contact for ICT."),
        order=44,
    )
)


def shared_lists(user: User) -> QuerySet[KeptList]:
    return KeptList.objects.shared().filter(owner=user)


def count_lists(user: User) -> int:
    return shared_lists(user).count()


def move_lists(*, user: User, to: User, by: User | None) -> None:
    """The lists go on for those they are shared with. The heir must be one of them."""
    for kept in shared_lists(user).select_related("shared_with").order_by("pk"):
        if not KeptList.objects.visible_to(to).filter(pk=kept.pk).exists():
            raise ValidationError(
                _("%(name)s doesn't work in %(unit)s, and so can't have the lists of cases shared there."),
                params={"name": to.name, "unit": kept.shared_with.name if kept.shared_with else ""},
                code="not_there",
            )
        inherit_list(kept=kept, by=by, owner=to)


handover.register(
    handover.Responsibility(
        "deviations.lists",
        gettext_lazy("Lists of cases shared with a unit"),
        count=count_lists,
        move=move_lists,
        hint=gettext_lazy("Somebody in the unit. Lists nobody else sees are deleted."),
        order=46,
    )
)
handover.on_left.append(forget_lists)


def open_in(unit: Unit) -> int:
    return Deviation.objects.open().filter(handling_unit=unit).count()


def lying_here() -> Exists:
    """Whether the unit of a row has open cases."""
    return Exists(Deviation.objects.open().filter(handling_unit=OuterRef("pk")))


unit_work.append(UnitWork(gettext_lazy("Open cases"), count=open_in, needs_leader=lying_here))


def open_months_in(unit: Unit) -> int:
    return TallySheet.objects.open().filter(unit=unit).count()


def unclosed_here() -> Exists:
    """Whether the unit of a row has months to close."""
    return Exists(TallySheet.objects.open().filter(unit=OuterRef("pk")))


unit_work.append(UnitWork(gettext_lazy("Tally sheets to close"), count=open_months_in, needs_leader=unclosed_here))


def carry_figures(moves: Sequence[Moved]) -> None:
    """Let the counts follow a unit that moved: out of the units it was under, into those it is under now.

    Several at once may lie in each other; then all is counted anew.
    """
    if len(moves) > 1:
        figures.rebuild()
        return
    for moved in moves:
        before, after = set(moved.above_before), set(moved.above)
        shifts = [*((pk, -1) for pk in sorted(before - after)), *((pk, 1) for pk in sorted(after - before))]
        with connection.cursor() as cursor:
            for unit_id, sign in shifts:
                cursor.execute(
                    "INSERT INTO deviations_figurecount (unit_id, month, measure, value, n) "
                    "SELECT %s, month, measure, value, %s * n FROM deviations_figurecount WHERE unit_id = %s "
                    "ON CONFLICT (unit_id, measure, month, value) "
                    "DO UPDATE SET n = deviations_figurecount.n + excluded.n",
                    [unit_id, sign, moved.unit.pk],
                )
        figures.count_days_anew({moved.unit.pk, *(before ^ after)})


on_unit_moved.append(carry_figures)
