"""Learning stories: the list, one story in every state of its life, writing it, reading it for privacy."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.forms.fields import CategoryChoices
from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import actions, story_access
from improvement.forms.telling import AnswerAskerForm, AskTellerForm, ReaderForm, StoryForm, WantForm
from improvement.frozen import Frozen
from improvement.models import Adoption, Improvement, LearningStory, StoryQuestion
from improvement.privacy import Reading
from improvement.story_begins import beginning, beginning_from_improvement
from improvement.story_lifecycle import StoryState
from improvement.struggles import Struggles, subjects_of
from improvement.views.stepping import back_to
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Unit, User

PER_PAGE = 25
PUBLISHED, MINE = "alle", "mine"
LONGEST = 100  # of what is searched for
SEARCHED = ("title", "happened", "made_sense", "changed", "helped")


HEADINGS: dict[str, Any] = {
    "title": gettext_lazy("The title"),
    "happened": gettext_lazy("What happened"),
    "made_sense": gettext_lazy("Why it made sense then"),
    "changed": gettext_lazy("What we changed"),
    "helped": gettext_lazy("Did it help?"),
}


def _searched(text: str) -> Q:
    """Every word somewhere in the story."""
    found = Q()
    for word in text.split()[:6]:
        anywhere = Q()
        for field in SEARCHED:
            anywhere |= Q(**{f"{field}__icontains": word})
        found &= anywhere
    return found


@require_GET
def story_list(request: HttpRequest) -> HttpResponse:
    """What have others learnt that we could use?"""
    user = visitor(request)
    views = [(PUBLISHED, _("To read")), (MINE, _("Mine"))]
    view = MINE if request.GET.get("visning") == MINE else PUBLISHED
    text = request.GET.get("q", "").strip()[:LONGEST]
    categories = CategoryChoices(user).rows
    subjects = subjects_of(categories)
    chosen = next((each for each in subjects if str(each.pk) == request.GET.get("tema", "")), None)
    struggles: Struggles | None = None
    if view == MINE:
        rows = LearningStory.objects.told_by(user).order_by("-created_at", "-pk")
    else:
        rows = LearningStory.objects.published_for(user)
        struggles = Struggles.of(user, subjects, {row.pk: row.parent_id or row.pk for row in categories})
        rows = struggles.ordered(rows)
    if text:
        rows = rows.filter(_searched(text))
    if chosen:
        rows = rows.filter(chosen.where)
    here = reverse("stories:list")
    page = Paginator(rows.with_counts().select_related("unit", "category__parent"), PER_PAGE).get_page(
        request.GET.get("side")
    )
    return render(
        request,
        "improvement/stories/list.html",
        {
            "page_of_stories": page,
            "view": view,
            "tabs": [(label, f"{here}?visning={name}", name == view) for name, label in views],
            "names": _municipalities(list(page.object_list)),
            "here": user.municipality_id,
            "text": text,
            "subjects": [(str(each.pk), each.label, each is chosen) for each in subjects],
            "is_filtered": bool(text or chosen),
            "why": struggles.why if struggles and not (text or chosen) else "",
            "previous": _side(request.GET, page.previous_page_number()) if page.has_previous() else None,
            "following": _side(request.GET, page.next_page_number()) if page.has_next() else None,
            "may_tell": story_access.may_tell(user),
        },
    )


def _side(query: QueryDict, number: int) -> str:
    address = query.copy()
    address["side"] = str(number)
    return "?" + address.urlencode()


def _municipalities(rows: list[LearningStory]) -> dict[int, str]:
    """What the municipalities of the rows are called."""
    wanted = {row.level_0 or 0 for row in rows}
    return dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


# Writing


def _case_asked_for(user: User, reference: str) -> Deviation | None:
    """Raises ``Http404`` for a case the person doesn't see, ``PermissionDenied`` where they may not tell of it."""
    if not reference:
        return None
    rows = Deviation.objects.visible_to(user).select_related("handling_unit", "category__parent", "handler")
    deviation = get_object_or_404(rows, reference=reference)
    if not story_access.may_tell_from(deviation, user):
        raise PermissionDenied
    return deviation


def _improvement_asked_for(user: User, pk: str) -> Improvement | None:
    """The same for an improvement."""
    if not pk:
        return None
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    improvement = get_object_or_404(Improvement.objects.visible_to(user).select_related("unit"), pk=int(pk))
    if not story_access.may_tell_from_improvement(improvement, user):
        raise PermissionDenied
    return improvement


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin to tell: from a closed case, or of a unit one leads or coordinates."""
    user = visitor(request)
    deviation = _case_asked_for(user, request.GET.get("sak", ""))
    improvement = _improvement_asked_for(user, request.GET.get("forbedring", "")) if deviation is None else None
    if deviation is None and improvement is None and not story_access.may_tell(user):
        raise PermissionDenied
    form = StoryForm(
        request.POST if request.method == "POST" else None,
        user=user,
        by_unit=deviation is None and improvement is None,
        initial=beginning(deviation, user)
        if deviation
        else beginning_from_improvement(improvement)
        if improvement
        else {},
    )
    if request.method == "POST" and form.is_valid():
        unit = form.units.get(form.cleaned_data.get("unit", ""))
        try:
            story = actions.begin_story(
                by=user,
                unit=unit,
                deviation=deviation,
                improvement=improvement,
                key=form.cleaned_data["key"],
                **form.written(),
            )
        except actions.OutsideNetwork:
            form.add_error("network", _("The municipality isn’t in that network any more."))
        else:
            messages.success(request, _("The draft is kept. Nobody else sees it yet."))
            return redirect(story)
    context = {"form": form, "deviation": deviation, "delicate": story_access.is_delicate(deviation)}
    return render(request, "improvement/stories/write.html", context)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on writing on one's own draft."""
    user = visitor(request)
    story = visible_story(user, pk)
    if story.teller_id != user.pk:
        raise PermissionDenied
    if "write" not in story_access.story_steps(story, user):
        return too_late(request, story)
    names = ("title", "happened", "made_sense", "changed", "helped", "season", "year", "audience", "hides_unit")
    initial = {name: getattr(story, name) for name in names} | {
        "category": str(story.category_id or ""),
        "measure": str(story.measure_id or ""),
        "network": str(story.network_id or ""),
        "seen": story.events_count,
    }
    form = StoryForm(request.POST if request.method == "POST" else None, user=user, story=story, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_story(story=story, by=user, seen=form.cleaned_data["seen"], **form.written())
        except StepRefused:
            return too_late(request, visible_story(user, pk))
        except actions.OutsideNetwork:
            form.add_error("network", _("The municipality isn’t in that network any more."))
        else:
            messages.success(request, _("Saved."))
            return redirect(story)
    context = {"form": form, "story": story, "delicate": story_access.is_delicate(story.deviation)}
    return render(request, "improvement/stories/write.html", context)


# One story

BEHIND = ("unit", "teller", "reader", "category__parent", "deviation", "improvement", "measure", "network")


def visible_story(user: User, pk: int) -> LearningStory:
    """The story, or 404 for whoever may not see it."""
    rows = LearningStory.objects.visible_to(user).with_counts()
    return get_object_or_404(rows.select_related(*BEHIND), pk=pk)


@require_GET
def story_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, why it made sense then, what was changed, did it help; and what others made of it."""
    user = visitor(request)
    return _page(request, user, visible_story(user, pk))


def _page(request: HttpRequest, user: User, story: LearningStory, **forms: Any) -> HttpResponse:
    steps = story_access.story_steps(story, user)
    parts = story_access.parts_in_story(story, user)
    is_teller = story.teller_id == user.pk
    if "send" in steps:
        forms.setdefault("send", ReaderForm(user=user, story=story, initial={"seen": story.events_count}))
    if "want" in steps:
        forms.setdefault("want", WantForm(initial={"seen": story.events_count}))
    if story_access.may_ask_teller(story, user):
        forms.setdefault("ask", AskTellerForm())
    reading = Reading.of(story) if parts and story.state in (StoryState.DRAFT, StoryState.READING) else None
    adoptions = _adoptions(story, user)
    trying = {unit.pk for unit in story_access.units_that_try(story, user)}
    open_to_teller = is_teller and story.deviation is not None
    return render(
        request,
        "improvement/stories/story.html",
        {
            "story": story,
            "steps": steps,
            "forms": forms,
            "is_teller": is_teller,
            "is_reader": story.reader_id == user.pk,
            "municipality": Unit.objects.get(pk=story.level_0 or 0),
            "is_here": story.level_0 == user.municipality_id,
            "names_teller": story_access.names_teller(story, user),
            # Marks are for the two who write it and read it for privacy, as long as it isn't published.
            "reading": reading,
            "parts": [
                (heading, reading.parts[field] if reading else [], getattr(story, field))
                for field, heading in HEADINGS.items()
                if field != "title" or (reading and any(piece.what for piece in reading.parts[field]))
            ],
            "chart": Frozen.of(story.chart),
            "missing": [name for name in SEARCHED if not getattr(story, name)] if is_teller else [],
            "case": story.deviation
            if open_to_teller and Deviation.objects.visible_to(user).filter(pk=story.deviation_id or 0).exists()
            else None,
            "improvement_told": story.improvement
            if is_teller and Improvement.objects.visible_to(user).filter(pk=story.improvement_id or 0).exists()
            else None,
            "delicate": bool(parts) and story_access.is_delicate(story.deviation) and is_teller,
            "adoptions": adoptions,
            "may_try": bool(trying),
            "has_tried": any(each.adoption.unit_id in trying for each in adoptions),
            "questions": list(
                StoryQuestion.objects.visible_to(user).filter(story=story).select_related("asker__municipality")
            ),
            "told": tell(Event.objects.about(story).order_by("-number"), user) if parts else [],
        },
    )


class Tried(NamedTuple):
    """One unit's result, what the place is called to the reader, and the improvement there if they may see it."""

    adoption: Adoption
    place: str
    improvement: int | None


def _adoptions(story: LearningStory, user: User) -> list[Tried]:
    """Who tried it, as the person may know: units of one's own municipality by name, others by their municipality."""
    rows = list(Adoption.objects.filter(story=story).select_related("unit").order_by("at", "pk"))
    others = {row.level_0 or 0 for row in rows} - {user.municipality_id}
    names = dict(Unit.objects.filter(pk__in=others).values_list("pk", "name")) if others else {}
    begun = [row.improvement_id for row in rows if row.improvement_id and row.level_0 == user.municipality_id]
    seen = set(Improvement.objects.visible_to(user).filter(pk__in=begun).values_list("pk", flat=True)) if begun else ()
    return [
        Tried(
            row, names.get(row.level_0 or 0) or row.unit.name, row.improvement_id if row.improvement_id in seen else 0
        )
        for row in rows
    ]


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """To the second reader."""
    user = visitor(request)
    story = visible_story(user, pk)
    if story.teller_id != user.pk:
        raise PermissionDenied
    if "send" not in story_access.story_steps(story, user):
        return too_late(request, story)
    form = ReaderForm(request.POST, user=user, story=story)
    if not form.is_valid():
        return _page(request, user, story, send=form)
    reader = form.cleaned_data["reader"]
    try:
        actions.send_story(story=story, by=user, reader=reader, seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_story(user, pk))
    except StepIncomplete:
        messages.warning(request, _("Write all four answers first."))
        return redirect("stories:write", pk)
    except actions.CannotOwn:
        form.add_error("reader", _("This person can't have it. Choose somebody else."))
        return _page(request, user, visible_story(user, pk), send=form)
    except actions.OutsideNetwork:
        messages.warning(request, _("The municipality isn’t in that network any more."))
        return redirect("stories:write", pk)
    messages.success(request, _("%(name)s reads it for privacy, and publishes it.") % {"name": reader.name})
    return redirect(story)


@require_POST
def want(request: HttpRequest, pk: int) -> HttpResponse:
    """The second reader wants a change before it is published."""
    user = visitor(request)
    story = visible_story(user, pk)
    if story.reader_id != user.pk:
        raise PermissionDenied
    if "want" not in story_access.story_steps(story, user):
        return too_late(request, story)
    form = WantForm(request.POST)
    if not form.is_valid():
        return _page(request, user, story, want=form)
    teller = story.teller.name
    try:
        actions.want_change(story=story, by=user, wanted=form.cleaned_data["wanted"], seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_story(user, pk))
    messages.success(request, _("%(name)s changes it, and sends it again.") % {"name": teller})
    return redirect("stories:list")


STEPS = ("publish", "fetch_back", "withdraw", "put_away", "revise")
VERBS: dict[str, Any] = {
    "publish": actions.publish_story,
    "fetch_back": actions.fetch_back,
    "withdraw": actions.withdraw_story,
    "put_away": actions.put_away,
    "revise": actions.revise,
}
DONE: dict[str, Any] = {
    "publish": gettext_lazy("Published. %(name)s hears of it."),
    "fetch_back": gettext_lazy("It is a draft again, and yours alone."),
    "withdraw": gettext_lazy("Withdrawn. Nobody reads it any more."),
    "put_away": gettext_lazy("Put away. You find it under “Mine”."),
    "revise": gettext_lazy("It is a draft again, and yours alone."),
}


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Publish, fetch back, withdraw, put away, take up again."""
    user = visitor(request)
    story = visible_story(user, pk)
    if name not in VERBS:
        raise Http404
    parts = story_access.parts_in_story(story, user)
    if not any(each.name == name and each.parts & parts for each in story.lifecycle):
        raise PermissionDenied
    if name not in story_access.story_steps(story, user):
        return too_late(request, story)
    seen = request.POST.get("seen", "")
    try:
        VERBS[name](story=story, by=user, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None)
    except StepRefused:
        return too_late(request, story, back_to(user, story, reverse("stories:list")))
    messages.success(request, str(DONE[name]) % {"name": story.teller.name})
    return redirect(back_to(user, story, reverse("stories:list")))


# Asking


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whoever tells it."""
    user = visitor(request)
    story = visible_story(user, pk)
    if not story_access.may_ask_teller(story, user):
        raise PermissionDenied
    form = AskTellerForm(request.POST)
    if not form.is_valid():
        return _page(request, user, story, ask=form)
    cleaned = form.cleaned_data
    actions.ask_teller(story=story, by=user, question=cleaned["question"], key=cleaned["key"])
    messages.success(request, _("Asked. The answer comes here, and you get a message."))
    return redirect(f"{story.get_absolute_url()}#sporsmal")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what somebody asks about one's story."""
    user = visitor(request)
    question = get_object_or_404(
        StoryQuestion.objects.visible_to(user).select_related("story", "asker__municipality"), pk=pk
    )
    if question.story.teller_id != user.pk:
        raise PermissionDenied
    form = AnswerAskerForm(request.POST)
    if not form.is_valid():
        return _page(request, user, visible_story(user, question.story_id), answering=question.pk, answer=form)
    if question.answered_at is not None:
        messages.info(request, _("It is answered already."))
    else:
        actions.answer_asker(question=question, by=user, answer=form.cleaned_data["answer"])
        messages.success(request, _("%(name)s gets your answer.") % {"name": question.asker.name})
    return redirect(question)
