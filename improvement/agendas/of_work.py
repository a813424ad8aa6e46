"""What an agenda says of the work itself: actions and whether they helped, charts, questions, procedures, learning."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deviations.models import Kind, Reflection
from documents.models import Document, DocumentQuerySet, ReadRequirement, Version
from improvement.agendas.making import Making, Source, few, register_source
from improvement.audit_lifecycle import AuditState
from improvement.lifecycle import EffectState, InquiryState, State
from improvement.meeting_access import who_does_it
from improvement.meeting_lifecycle import MeetingState
from improvement.models import (
    Action,
    AgendaItem,
    Audience,
    Audit,
    EffectCheck,
    Forum,
    ForumKind,
    Improvement,
    Inquiry,
    LearningStory,
    Measure,
    Meeting,
)
from improvement.series import all_series
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.dates import written

LOOKED_AT = 20  # measures
LISTED = 12  # actions from last time


def actions_last(making: Making) -> str:
    """What the forum decided before: open, or ended since the meeting before this. The meetings' own words.

    The first management review has decided nothing yet: there it is how far the actions of the whole area are.
    """
    rows = Action.objects.about_no_leader().filter(agenda_item__meeting__forum=making.forum)
    rows = rows.select_related("owner__municipality")
    since = making.previous.starts_at if making.previous else timezone.now()
    wanted = rows.filter(Q(closed_at=None) | Q(closed_at__gte=since)).order_by("deadline", "pk")
    lines, members = [], {each.pk for each in making.members}
    for action in wanted[:LISTED]:
        state = action.get_state_display() if not action.is_overdue else _("late")
        who = who_does_it(action, making.forum, members)
        lines.append(f"– {action.what} ({who}, {written(action.deadline)}): {str(state).lower()}")
    if not lines and making.is_first_review:
        return _actions_here(making)
    return "\n".join(lines)


def _actions_here(making: Making) -> str:
    """How many were planned and done in the period, and what waits now, as whoever makes the agenda sees them."""
    here = Action.objects.visible_to(making.user).in_subtree(making.unit).about_no_leader()
    found = here.order_by().aggregate(
        planned=Count("pk", filter=making.within("created_at")),
        done=Count("pk", filter=making.within("closed_at") & Q(state=State.DONE)),
        open=Count("pk", filter=Q(closed_at=None)),
        late=Count("pk", filter=Q(closed_at=None, deadline__lt=timezone.localdate())),
    )
    if not any(found.values()):
        return ""
    words = _(
        "Actions planned in the period: %(planned)d, done: %(done)d. Open now: %(open)d, of them late: %(late)d."
    )
    return words % found


def improvement(making: Making) -> str:
    """Whether it led to anything: actions done, and what looking at the effect showed."""
    here = Action.objects.visible_to(making.user).in_subtree(making.unit).about_no_leader()
    done = here.filter(making.within("closed_at"), state=State.DONE).count()
    said = []
    if done:
        said.append(ngettext("%(n)d action was done.", "%(n)d actions were done.", done) % {"n": done})
    finished = Improvement.objects.visible_to(making.user).in_subtree(making.unit).filter(making.within("finished_at"))
    if n := finished.count():
        said.append(ngettext("%(n)d improvement was finished.", "%(n)d improvements were finished.", n) % {"n": n})
    return " ".join([*said, effects(making)]).strip()


def effects(making: Making) -> str:
    """What was seen of the effect in the period, and what waits to be looked at."""
    here = EffectCheck.objects.visible_to(making.user).in_subtree(making.unit).about_no_leader()
    judged = here.filter(making.within("judged_at"))
    worked = judged.filter(state=EffectState.EFFECTIVE).count()
    not_worked = judged.filter(state=EffectState.INEFFECTIVE).count()
    waiting = here.open().count()
    said = []
    if worked or not_worked:
        said.append(
            _("It was looked at whether actions worked: %(worked)d of %(all)d did.")
            % {"worked": worked, "all": worked + not_worked}
        )
    if waiting:
        said.append(
            ngettext("%(n)d effect waits to be looked at.", "%(n)d effects wait to be looked at.", waiting)
            % {"n": waiting}
        )
    return " ".join(said)


def _here(user: User, meeting: Meeting) -> bool:
    unit = meeting.forum.unit
    return unit.municipality_id == user.municipality_id and any(
        user.standing.reaches(role, unit) for role in (Role.LEADER, Role.QUALITY_CONTACT)
    )


def _actions_link(user: User, meeting: Meeting) -> str:
    return f"{reverse('improvement:actions')}?visning=ferdige" if _here(user, meeting) else ""


def signals(making: Making) -> str:
    """Which charts show more than chance. A chart is named where every member may open it."""
    rows = Measure.objects.visible_to(making.user).in_subtree(making.unit).followed()
    measures = list(rows.select_related("unit", "category").order_by("name", "pk")[:LOOKED_AT])
    if not measures:
        return ""
    read = all_series(measures, making.user, for_all=True)  # as everybody in the forum may read them
    told = {pk: " ".join(series.told) for pk, series in read.items() if series.chart.signals}
    if not told:
        return _("No chart shows more than chance.")
    open_to_all = Measure.objects.filter(pk__in=told)
    for member in making.members:
        open_to_all = open_to_all.visible_to(member)
    listed = set(open_to_all.values_list("pk", flat=True))
    named = [f"{each.name}: {told[each.pk]}" for each in measures if each.pk in listed]
    rest = len(told) - len(named)
    if rest:
        named.append(
            ngettext("%(n)d chart shows more than chance.", "%(n)d charts show more than chance.", rest) % {"n": rest}
        )
    return "\n".join(named)


def _measures_link(user: User, meeting: Meeting) -> str:
    return reverse("measures:list") if _here(user, meeting) else ""


def questions(making: Making) -> str:
    """How often leaders asked each other. What was asked and answered stays with the two."""
    rows = Inquiry.objects.visible_to(making.user).in_subtree(making.unit).filter(making.within("asked_at"))
    rows = rows.filter(deviation__about=None).exclude(state=InquiryState.WITHDRAWN)
    asked, answered = rows.count(), rows.exclude(state=InquiryState.ASKED).count()
    if not asked:
        return ""
    said = ngettext(
        "%(asked)d question was asked between leaders, and %(answered)d is answered.",
        "%(asked)d questions were asked between leaders, and %(answered)d are answered.",
        asked,
    ) % {"asked": asked, "answered": answered}
    return f"{said} " + _("Who answered tells what they learnt.")


def _questions_link(user: User, meeting: Meeting) -> str:
    return reverse("inquiries:list") if _here(user, meeting) else ""


def rules(making: Making) -> str:
    """New and changed procedures tell of what has changed."""
    changed = Version.objects.filter(making.within("in_force_from"), document__in=_documents(making).values("pk"))
    n = changed.aggregate(n=Count("document", distinct=True))["n"]  # one that changed twice is one
    if not n:
        return ""
    said = ngettext("%(n)d procedure is new or changed.", "%(n)d procedures are new or changed.", n) % {"n": n}
    return f"{said} " + _("What has changed in law, organisation and risk?")


def _documents(making: Making) -> DocumentQuerySet:
    return Document.objects.filter(level_0=making.unit.municipality_id).in_subtree(making.unit)


def documents(making: Making) -> str:
    """How many procedures are in force, how many past their review, and how many somebody asked to have read."""
    rows = _documents(making)
    in_force, past = rows.in_force().count(), rows.past_review().count()
    required = ReadRequirement.objects.open().filter(document__in=rows.values("pk"))
    asked = required.aggregate(n=Count("document", distinct=True))["n"]
    return _(
        "%(all)d procedures and other documents are in force, and %(past)d of them are past their review. "
        "For %(asked)d of them people are asked to confirm that they have read them."
    ) % {"all": in_force, "past": past, "asked": asked}


def _documents_link(user: User, meeting: Meeting) -> str:
    return reverse("documents:keeping") if _here(user, meeting) else ""


def audits(making: Making) -> str:
    """The audits that became final, by title and result where every member reads that; and meetings about audits."""
    final = Audit.objects.in_subtree(making.unit).filter(making.within("final_at"), state=AuditState.FINAL)
    told = final
    for member in making.members:
        told = told.filter(pk__in=(Audit.objects.visible_to(member) | Audit.objects.told_to(member)).values("pk"))
    lines = [
        _("– %(title)s, %(unit)s: %(n)d not as it should be, %(better)d can become better.")
        % {
            "title": row.title,
            "unit": row.unit.name,
            "n": getattr(row, "n_not", 0),
            "better": getattr(row, "n_observation", 0),
        }
        for row in told.with_counts().select_related("unit").order_by("final_at", "pk")[:LISTED]
    ]
    if rest := final.exclude(pk__in=told.values("pk")).count():
        lines.append(_("– Final audits that not everybody here may read: %(n)d.") % {"n": rest})
    held = Meeting.objects.minuted().filter(
        making.within("starts_at"), forum__kind=ForumKind.AUDIT, forum__level_0=making.unit.municipality_id
    )
    n = held.filter(forum__in=_forums_below(making)).count()
    if n:
        lines.append(ngettext("%(n)d audit was held.", "%(n)d audits were held.", n) % {"n": n})
    if not lines:
        return ""
    return "\n".join([*lines, _("What was found, and how far are we with it?")])


def _audits_link(user: User, meeting: Meeting) -> str:
    return f"{reverse('audits:list')}?visning=ferdige"


def _forums_below(making: Making) -> QuerySet[Any]:
    return Forum.objects.in_subtree(making.unit).values("pk")


def story(making: Making) -> str:
    """The latest story from elsewhere that the forum hasn't had, one that every member may read."""
    rows = LearningStory.objects.published_for(making.user)
    if making.forum.is_across:
        rows = rows.filter(audience=Audience.NETWORK, network=making.forum.network_id)
    else:
        # Told to a unit's own it would be from here, and those of other units couldn't read it.
        rows = rows.exclude(audience=Audience.UNIT).exclude(pk__in=LearningStory.objects.in_subtree(making.unit))
    had = AgendaItem.objects.filter(meeting__forum=making.forum, kind="story").exclude(meeting=making.meeting)
    titles = {words.partition("»")[0].removeprefix("«") for words in had.values_list("words", flat=True)}
    found = rows.exclude(title__in=titles).order_by("-published_at", "-pk").first()
    if found is None:
        return ""
    return f"«{found.title}» " + _("Read it aloud: could it happen here, and what would we try?")


def _stories_link(user: User, meeting: Meeting) -> str:
    return reverse("stories:list")


def learning(making: Making) -> str:
    """What teams talked about, what was proposed, what went well; what was made better, and told of to others."""
    held = Reflection.objects.held().filter(making.within_days("held_on"), deviation__in=making.cases.values("pk"))
    counts = making.count(
        making.cases.filter(making.within("reported_at")),
        proposals=Q(kind=Kind.PROPOSAL),
        good=Q(kind=Kind.GOOD_PRACTICE),
    )
    meetings = Meeting.objects.filter(
        making.within("starts_at"), state=MeetingState.APPROVED, forum__in=_forums_below(making)
    )
    improved = Improvement.objects.visible_to(making.user).in_subtree(making.unit).filter(making.within("finished_at"))
    # Told within a unit only, others aren't to know that there is a story.
    told = LearningStory.objects.in_subtree(making.unit).filter(making.within("published_at"))
    told = told.published_for(making.user).exclude(audience=Audience.UNIT)
    if making.unit.depth:
        told = told.exclude(hides_unit=True)  # counted here it would say which unit it comes from
    said = _("Improvements finished: %(improved)d. Stories told: %(told)d.") % {
        "improved": improved.count(),
        "told": told.count(),
    }
    return f"{said} " + _(
        "Talked about in teams: %(held)s. Proposals: %(proposals)s. Good practices: %(good)s. Meetings with minutes: "
        "%(meetings)s."
    ) % {
        "held": few(held.count()),
        "proposals": few(counts["proposals"]),
        "good": few(counts["good"]),
        "meetings": meetings.count(),
    }


def _improvements_link(user: User, meeting: Meeting) -> str:
    return reverse("improvements:board") if _here(user, meeting) else ""


def competence(making: Making) -> str:
    """Causes and cases tell of staffing where categories do; the rest whoever leads knows."""
    rows = making.cases.filter(
        making.within("reported_at"), category__base="health-and-safety-of-employees/staffing-and-working-hours"
    )
    said = _("Cases about staffing and working hours: %(n)s.") % {"n": few(rows.count())}
    return f"{said} " + _("Do we have the people, the skills and the means?")


for source in (
    Source("actions_last", gettext_lazy("Actions from last time"), actions_last, across=True),
    Source("improvement", gettext_lazy("Did it lead to improvement?"), improvement, _actions_link),
    Source(
        "effects", gettext_lazy("Did the actions work?"), effects, _actions_link, alone=True, covers=("improvement",)
    ),
    Source("signals", gettext_lazy("Signals on charts"), signals, _measures_link),
    Source("story", gettext_lazy("One story from elsewhere"), story, _stories_link, across=True),
    Source("questions", gettext_lazy("Questions and answers"), questions, _questions_link),
    Source("rules", gettext_lazy("Changes in law, organisation and risk"), rules, alone=True),
    Source("documents", gettext_lazy("Procedures"), documents, _documents_link, alone=True),
    Source("audits", gettext_lazy("Supervision and audits"), audits, _audits_link, alone=True),
    Source("learning", gettext_lazy("Improvement and learning"), learning, _improvements_link, alone=True),
    Source("competence", gettext_lazy("Competence, staffing and resources"), competence, alone=True),
):
    register_source(source)
