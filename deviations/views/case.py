"""The page of a case: what happened, what now, who is waiting."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from deviations import access, injuries
from deviations.filters import AREA, CaseFilter
from deviations.forms.talking import AnswerForm, CommentForm, MessageForm
from deviations.history import SHOWN_FIRST
from deviations.lifecycle import LIFECYCLE, Part
from deviations.models import Answer, BroughtCase, Contact, Deviation, Source, Task, related_to
from deviations.views.duties import on_case
from deviations.views.steps import ASKS_NOTHING
from deviations.views.visiting import (
    SEES_NAME,
    answers_in,
    comments_on,
    duties_of,
    history_for,
    latest_question,
    read,
    talk_of,
    visible_case,
    visitor,
)
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.months import this_month
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import panels


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, what now, who is waiting."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    read(user.pk, deviation)
    return render(request, "deviations/case.html", case_context(user, deviation, parts, bool(request.GET.get("alt"))))


def case_context(user: User, deviation: Deviation, parts: frozenset[Part], whole: bool) -> dict[str, Any]:
    steps = access.available_steps(deviation, parts)
    primary = primary_step(deviation, steps)
    talk = talk_of(deviation, parts)
    # Whoever says that the answer didn't help is offered what one can do about it, in plain sight.
    reopen_asked = Part.REPORTER in parts and deviation.helped is False and not deviation.is_open
    tasks = tasks_in(deviation)
    duties = duties_of(deviation, parts)
    told = history_for(deviation, user, parts, limit=None if whole else SHOWN_FIRST, duties=duties)
    return {
        "deviation": deviation,
        "parts": parts,
        "is_reporter": Part.REPORTER in parts,
        "primary": primary,
        "secondary": beside(steps, primary),
        "further": [step for step in steps if step.name in FURTHER and not (step.name == "reopen" and reopen_asked)],
        "turn": whose_turn(deviation, user, parts),
        "told": told,
        "to_tell": on_case(user, deviation, parts, duties),
        "talk": talk,
        "question": latest_question(deviation, talk) if Part.REPORTER in parts else None,
        "reopen_asked": reopen_asked,
        "may_write": access.may_write(parts) and deviation.is_open and deviation.source != Source.ELSEWHERE,
        "elsewhere": elsewhere_of(deviation),
        "may_reclassify": bool(parts & {Part.HANDLER, Part.LEADER, Part.QUALITY}) and deviation.is_open,
        "contact": contact_of(deviation, user),
        "may_open_identity": access.may_open_identity(deviation, user),
        "comments": comments_on(deviation, parts),
        "may_comment": access.may_comment(deviation, parts, commented=getattr(deviation, "commented", False)),
        "comment_form": CommentForm(deviation=deviation, user=user),
        **in_register(deviation, parts),
        "files": _files(deviation, parts),
        "answers": answers_in(deviation, parts),
        "merged_here": merged_here(deviation, user),
        "related": related_cases(deviation, user) if Part.REPORTER not in parts else [],
        "may_link": access.may_link(parts),
        "may_ask_colleague": access.may_ask_colleague(deviation, parts),
        "tasks": tasks if access.reads_tasks(parts) else [],
        "also_read_by": [each.given_to.name for each in tasks if each.is_open and each.shows_id],
        "answer": answer_to_reporter(deviation) if Part.REPORTER in parts else deviation,
        "panels": panels("deviations.case", user, deviation),
        "similar": similar_cases(user, deviation) if Part.REPORTER not in parts else None,
        "may_see_name": bool(parts & SEES_NAME),
        "asks_nothing": ASKS_NOTHING,
        "message_form": MessageForm(deviation=deviation, user=user),
        "answer_form": AnswerForm(deviation=deviation, user=user),
    }


def in_register(deviation: Deviation, parts: frozenset[Part]) -> dict[str, Any]:
    """What the register of work injuries says of the case, for those who write it there."""
    if not access.may_enter_injury(deviation, parts):
        return {}
    entry = injuries.entry_of(deviation)
    return {"may_enter_injury": True, "injury": entry, "in_register": injuries.by_category(deviation)}


def elsewhere_of(deviation: Deviation) -> list[BroughtCase]:
    """The other systems the case is registered in, with its number there."""
    if not getattr(deviation, "is_elsewhere", True):
        return []
    return list(deviation.elsewhere.select_related("system").order_by("system__name", "pk"))


def contact_of(deviation: Deviation, user: User) -> Contact | None:
    """How the one who reported from outside may be reached, for whoever may read it."""
    if not access.may_reach(deviation, user):
        return None
    return Contact.objects.filter(deviation=deviation).first()


def answer_to_reporter(deviation: Deviation) -> Deviation:
    """The case whose answer the reporter reads: where their own was merged, the one it ended in, once closed."""
    last = deviation
    while last.merged_into is not None:
        last = last.merged_into
    return deviation if last.is_open else last


def merged_here(deviation: Deviation, user: User) -> list[dict[str, Any]]:
    """The cases that go on in this one, with their files, as far as the person may see them."""
    if not getattr(deviation, "took_in", False):
        return []
    rows = list(Deviation.objects.visible_to(user).filter(merged_into=deviation.pk).order_by("reported_at", "pk"))
    files = Attachment.objects.by_owner(rows)
    answers: dict[int, list[Answer]] = {}
    given = Answer.objects.filter(deviation__in=rows, unknown=False).select_related("question")
    for each in given.order_by("question__set", "question__position", "pk"):
        answers.setdefault(each.deviation_id, []).append(each)
    return [
        {
            "case": row,
            "files": files.get(row.pk, []),
            "answers": answers.get(row.pk, []),
            "may_part": deviation.is_open and bool(access.parts_of(row, user) & LIFECYCLE["unmerge"].parts),
        }
        for row in rows
    ]


def related_cases(deviation: Deviation, user: User) -> list[Deviation]:
    """Those linked to this one, as far as the person sees them."""
    if not getattr(deviation, "has_related", False):
        return []
    return list(related_to(deviation, user).for_lines().order_by("-reported_at", "-pk"))


def tasks_in(deviation: Deviation) -> list[Task]:
    """What colleagues are asked in the case, and what they answered."""
    if not getattr(deviation, "asked_colleagues", False):
        return []
    return list(deviation.tasks.select_related("given_to", "given_by").order_by("created_at", "pk"))


def _files(deviation: Deviation, parts: frozenset[Part]) -> list[Attachment]:
    """The files of the case, each with the way to remove it for those who may."""
    files = files_of(deviation)
    if access.may_remove_files(deviation, parts):
        for each in files:
            each.remove_url = reverse("deviations:remove_file", args=[deviation.reference, each.key])
    return files


def similar_cases(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """How many of the same category the unit has had in the last year, with the way to their list."""
    if deviation.category_id is None:
        return None
    since = this_month() - datetime.timedelta(days=360)
    unit = deviation.handling_unit
    query = QueryDict(mutable=True)
    query.update({
        "visning": AREA, "enhet": str(unit.pk), "kategori": str(deviation.category_id), "status": "alle",
        "fra": since.strftime("%Y-%m"),
    })  # fmt: skip
    asked = CaseFilter(  # what the list makes of the address, without asking for the unit again
        user,
        AREA,
        unit,
        status="alle",
        category=str(deviation.category_id),
        first_month=since.replace(day=1),
        query=query,
    )
    n = asked.rows().exclude(pk=deviation.pk).count()
    words = ngettext(
        "%(n)d of the same category in the last year", "%(n)d of the same category in the last year", n
    ) % {"n": n}
    return {"n": n, "url": f"{reverse('deviations:list')}?{query.urlencode()}", "words": words} if n else None


PRIMARY = ("receive_and_close", "receive", "answer", "close", "resume")


BESIDE = ("receive", "ask", "assess", "analyse", "resume", "take_over")


FURTHER = ("start", "forward", "escalate", "merge", "unmerge", "not_deviation", "make_proposal", "reopen")


def beside(steps: list[Step], primary: Step | None) -> list[Step]:
    """The buttons next to the filled one. Closing stands last while something must be done first."""
    rest = [step for step in steps if step.name in BESIDE]
    return rest + [step for step in steps if step.name == "close" and step != primary]


def primary_step(deviation: Deviation, steps: list[Step]) -> Step | None:
    """The one filled button. A serious case that lacks what only it needs has its next step further down on the page.

    Where something else is to be finished first, the page behind the button says what.
    """
    by_name = {step.name: step for step in steps}
    step = next((by_name[name] for name in PRIMARY if name in by_name), None)
    return None if step and step.name == "close" and access.lacks_what_is_serious(deviation) else step


def whose_turn(deviation: Deviation, reader: User, parts: frozenset[Part]) -> str:
    """One line: who has the case and what is waited for. The reader is «you»."""
    who = deviation.handler.name if deviation.handler else ""
    state = deviation.state
    if not deviation.is_open:
        return ""
    if not who:
        return _("Nobody has this case yet: the unit has no leader. The administrator is told.")
    if deviation.handler_id == reader.pk:
        if state == "waiting":
            return _("You have asked the reporter and wait for the answer.")
        return _("You have the case to receive.") if state == "reported" else _("You have the case.")
    if state == "waiting" and Part.REPORTER in parts:
        return _("%(who)s has asked you, and waits for your answer.") % {"who": who}
    if state == "waiting":
        return _("%(who)s has asked the reporter and waits for the answer.") % {"who": who}
    if state == "reported":
        return _("%(who)s has the case to receive.") % {"who": who}
    return _("%(who)s has the case.") % {"who": who}
