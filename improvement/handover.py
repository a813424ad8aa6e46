"""What people and units answer for here: for when somebody leaves, and when a unit is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement import (  # noqa: F401 - register what audits, risk and stories ask of an heir
    audit_handover,
    risk_handover,
    story_handover,
)
from improvement.actions import (
    CannotHave,
    end_rhythm,
    hand_over_asked,
    hand_over_asker,
    inherit,
    inherit_check,
    inherit_forum,
    inherit_improvement,
    inherit_part,
    inherit_task,
    remove_member,
    succeed,
)
from improvement.heirs import heir_of
from improvement.meeting_lifecycle import MeetingState
from improvement.models import (
    Action,
    ActionPart,
    EffectCheck,
    Forum,
    Improvement,
    Inquiry,
    InquiryRhythm,
    Measure,
    Meeting,
    YearTask,
)
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import UnitWork, unit_work
from kvalitetslosen.organisation.models import Unit, User


def owned(user: User) -> QuerySet[Action]:
    return Action.objects.open().filter(owner=user)


def count(user: User) -> int:
    return owned(user).count()


def move(*, user: User, to: User, by: User | None) -> None:
    """Every open action to the heir, or to whom ``heir_of`` gives it."""
    for action in owned(user).select_related("deviation__handler", "unit").order_by("pk"):
        inherit(action=action, by=by, owner=heir_of(action, leaving=user, to=to))


def unseen(user: User, to: User) -> bool:
    return owned(user).exclude(pk__in=Action.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.actions",
        gettext_lazy("Open actions"),
        count=count,
        move=move,
        unseen=unseen,
        hint=gettext_lazy("A colleague who can do them. They see the actions, not the cases behind."),
        order=50,
    )
)


def parts_left(user: User) -> QuerySet[ActionPart]:
    return ActionPart.objects.waiting().filter(owner=user)


def count_parts(user: User) -> int:
    return parts_left(user).count()


def move_parts(*, user: User, to: User, by: User | None) -> None:
    """To the heir, but for a part in a case about them: that goes to whoever does the whole, or as an action would."""
    for part in parts_left(user).select_related("action__deviation__handler", "action__unit", "action__owner"):
        inherit_part(part=part, by=by, owner=heir_of(part.action, leaving=user, to=to))


def unseen_parts(user: User, to: User) -> bool:
    return parts_left(user).exclude(action__in=Action.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.parts",
        gettext_lazy("Parts of actions"),
        count=count_parts,
        move=move_parts,
        unseen=unseen_parts,
        hint=gettext_lazy("A colleague who can do them. They see the actions, not the cases behind."),
        order=50,
    )
)


def open_in(unit: Unit) -> int:
    return Action.objects.open().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Open actions"), count=open_in))


def measured(user: User) -> QuerySet[Measure]:
    return Measure.objects.followed().filter(owner=user)


def count_measures(user: User) -> int:
    return measured(user).count()


def move_measures(*, user: User, to: User, by: User | None) -> None:
    for measure in measured(user).order_by("pk"):
        try:
            succeed(measure=measure, by=by, owner=to)
        except CannotHave:
            raise ValidationError(
                _("%(name)s can't have one of the measures. Choose somebody else."),
                params={"name": to.name},
                code="barred",
            ) from None


def unseen_measures(user: User, to: User) -> bool:
    return measured(user).exclude(pk__in=Measure.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.measures",
        gettext_lazy("Measures"),
        count=count_measures,
        move=move_measures,
        unseen=unseen_measures,
        hint=gettext_lazy("A colleague who enters the values from now on."),
        order=52,
    )
)


def followed_in(unit: Unit) -> int:
    return Measure.objects.followed().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Measures"), count=followed_in))


def looked_at(user: User) -> QuerySet[EffectCheck]:
    return EffectCheck.objects.waiting().filter(owner=user)


def count_checks(user: User) -> int:
    return looked_at(user).count()


def move_checks(*, user: User, to: User, by: User | None) -> None:
    for check in looked_at(user).select_related("deviation__handler", "unit").order_by("pk"):
        inherit_check(check=check, by=by, owner=heir_of(check, leaving=user, to=to))


def unseen_checks(user: User, to: User) -> bool:
    return looked_at(user).exclude(pk__in=EffectCheck.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.effects",
        gettext_lazy("Effects to look at"),
        count=count_checks,
        move=move_checks,
        unseen=unseen_checks,
        hint=gettext_lazy("A colleague who can see whether it worked."),
        order=51,
    )
)


def asked_or_asking(user: User) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.to_answer(user) | Inquiry.objects.to_read(user)
    return rows | Inquiry.objects.waiting().filter(asker=user)


def count_inquiries(user: User) -> int:
    return asked_or_asking(user).count() + InquiryRhythm.objects.going().filter(asker=user).count()


def move_inquiries(*, user: User, to: User, by: User | None) -> None:
    """Questions and answers to the heir; what is asked every month ends, since the heir asks as they see fit."""
    for inquiry in asked_or_asking(user).order_by("pk"):
        if inquiry.asked_id == user.pk:
            hand_over_asked(inquiry=inquiry, by=by, to=to)
        else:
            hand_over_asker(inquiry=inquiry, by=by, to=to)
    for rhythm in InquiryRhythm.objects.going().filter(asker=user).order_by("pk"):
        end_rhythm(rhythm=rhythm, by=by)


def unseen_inquiries(user: User, to: User) -> bool:
    return asked_or_asking(user).exclude(pk__in=Inquiry.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.inquiries",
        gettext_lazy("Questions between leaders"),
        count=count_inquiries,
        move=move_inquiries,
        unseen=unseen_inquiries,
        hint=gettext_lazy("Whoever leads the unit from now on. What is asked every month ends."),
        order=54,
    )
)


def led(user: User) -> QuerySet[Improvement]:
    return Improvement.objects.working().filter(owner=user)


def count_improvements(user: User) -> int:
    return led(user).count()


def move_improvements(*, user: User, to: User, by: User | None) -> None:
    for improvement in led(user).order_by("pk"):
        try:
            inherit_improvement(improvement=improvement, by=by, owner=to)
        except CannotHave:
            raise ValidationError(
                _("%(name)s can't have one of the improvements. Choose somebody else."),
                params={"name": to.name},
                code="barred",
            ) from None


def unseen_improvements(user: User, to: User) -> bool:
    return led(user).exclude(pk__in=Improvement.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.improvements",
        gettext_lazy("Improvements"),
        count=count_improvements,
        move=move_improvements,
        unseen=unseen_improvements,
        hint=gettext_lazy("A colleague who leads the work from now on. They don't see the cases behind it."),
        order=53,
    )
)


def improved_in(unit: Unit) -> int:
    return Improvement.objects.working().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Improvements"), count=improved_in))


def tasks_left(user: User) -> QuerySet[YearTask]:
    return YearTask.objects.waiting().filter(owner=user)


def count_tasks(user: User) -> int:
    return tasks_left(user).count()


def move_tasks(*, user: User, to: User, by: User | None) -> None:
    for task in tasks_left(user).select_related("unit").order_by("pk"):
        inherit_task(task=task, by=by, owner=to)


def unseen_tasks(user: User, to: User) -> bool:
    return tasks_left(user).exclude(pk__in=YearTask.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.year",
        gettext_lazy("Tasks of the year wheel"),
        count=count_tasks,
        move=move_tasks,
        unseen=unseen_tasks,
        hint=gettext_lazy("Whoever leads the unit from now on."),
        order=55,
    )
)


def led_forums(user: User) -> QuerySet[Forum]:
    """Those that meet, and those that have ended with minutes nobody has approved."""
    held = Meeting.objects.filter(state=MeetingState.HELD).values("forum")
    return Forum.objects.filter(Q(ended_at=None) | Q(pk__in=held), leader=user)


def count_forums(user: User) -> int:
    return led_forums(user).count()


def move_forums(*, user: User, to: User, by: User | None) -> None:
    for forum in led_forums(user).select_related("leader").order_by("pk"):
        inherit_forum(forum=forum, by=by, to=to)


def unseen_forums(user: User, to: User) -> bool:
    return led_forums(user).exclude(pk__in=Forum.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.forums",
        gettext_lazy("Forums and meetings"),
        count=count_forums,
        move=move_forums,
        unseen=unseen_forums,
        hint=gettext_lazy("Whoever leads the meetings from now on. They read the minutes so far."),
        order=56,
    )
)


def going_in(unit: Unit) -> int:
    return Forum.objects.going().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Forums"), count=going_in))


def take_out(user: User) -> None:
    """Who leaves is in no forum, and invited to nothing, any more: they would see it again if they came back."""
    for forum in Forum.objects.filter(members=user).order_by("pk"):
        if not remove_member(forum=forum, by=None, user=user):
            forum.members.remove(user)  # they led one that has ended
    for invited in (Improvement.invited, Measure.invited):
        invited.through._default_manager.filter(user=user).delete()


handover.on_left.append(take_out)
