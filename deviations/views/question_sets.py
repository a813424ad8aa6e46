"""The administrator writes the questions of a category: a draft, tried out on the page, and published."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import question_actions
from deviations.forms.categories import QuestionForm
from deviations.forms.questions import FragmentForm
from deviations.models import MOST_QUESTIONS, Category, Question, QuestionSet
from deviations.views.settings import administrator
from kvalitetslosen.organisation.models import User


def own_category(request: HttpRequest, pk: int) -> tuple[User, Category]:
    user = administrator(request)
    return user, get_object_or_404(Category.objects.visible_to(user).select_related("parent"), pk=pk)


def open_draft(category: Category) -> QuestionSet:
    draft = question_actions.draft_of(category)
    if draft is None:
        raise Http404
    return draft


@require_GET
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, what the draft would ask, and what was asked before."""
    _user, category = own_category(request, pk)
    versions = list(QuestionSet.objects.filter(category=category).prefetch_related("questions").order_by("-number"))
    draft = next((each for each in versions if each.is_draft), None)
    now = next((each for each in versions if each.pk == category.asks_id), None)
    questions = list(draft.questions.all()) if draft else []
    return render(
        request,
        "deviations/question_set.html",
        {
            "category": category,
            "now": now,
            "draft": draft,
            "questions": [(each, condition(each, questions)) for each in questions],
            "is_full": len(questions) >= MOST_QUESTIONS,
            "preview": preview(category, questions),
            "earlier": [each for each in versions if not each.is_draft and each is not now],
        },
    )


def condition(question: Question, questions: list[Question]) -> str:
    """When the question is asked, in words; nothing where it always is."""
    on = next((each for each in questions if each.key == question.shown_when), None)
    if on is None:
        return ""
    answers = " / ".join(on.said(value) for value in question.shown_for)
    return _("Only when “%(question)s” is answered with: %(answers)s") % {"question": on.words, "answers": answers}


def preview(category: Category, questions: list[Question]) -> FragmentForm:
    """The questions of the draft as whoever reports will see them."""
    form = FragmentForm()
    form.asks_about = category
    form.ask(questions)
    return form


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    user, category = own_category(request, pk)
    question_actions.begin_draft(category=category, by=user)
    return redirect("deviations:question_set", pk)


@require_POST
def start_over(request: HttpRequest, pk: int) -> HttpResponse:
    user, category = own_category(request, pk)
    question_actions.start_over(draft=open_draft(category), by=user)
    messages.success(request, _("The draft is as what is asked now."))
    return redirect("deviations:question_set", pk)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    user, category = own_category(request, pk)
    try:
        question_actions.publish(draft=open_draft(category), by=user)
    except question_actions.NothingNew:
        messages.warning(request, _("The draft asks the same as now, so there is nothing to publish."))
    else:
        messages.success(request, _("Published. Reports are asked this from now on; earlier cases keep theirs."))
    return redirect("deviations:question_set", pk)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(request, pk, "")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    return _write(request, pk, key)


def _write(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    user, category = own_category(request, pk)
    draft = open_draft(category)
    questions = question_actions.questions_of(draft.pk)
    question = next((each for each in questions if each.key == key), None)
    if key and question is None:
        raise Http404
    others = [each for each in questions if each.key != key]
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(data, instance=question, others=others)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        after = fields.pop("place", "")
        try:
            question_actions.save_question(draft=draft, key=key, after=after, by=user, **fields)
        except question_actions.TooMany:
            messages.warning(
                request, _("There are %(n)s questions already. Remove one first.") % {"n": MOST_QUESTIONS}
            )
        else:
            messages.success(request, _("Saved."))
        return redirect("deviations:question_set", pk)
    return render(
        request,
        "deviations/question_form.html",
        {"form": form, "category": category, "key": key, "heading": question_words(question)},
    )


def question_words(question: Question | None) -> str:
    """As it is stored: the form's own row has what was written."""
    return Question.objects.get(pk=question.pk).words if question else ""


@require_POST
def remove(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    user, category = own_category(request, pk)
    try:
        question_actions.remove_question(draft=open_draft(category), key=key, by=user)
    except question_actions.Depended:
        messages.warning(request, _("Another question is shown for an answer to this one. Change that one first."))
    else:
        messages.success(request, _("The question is taken out of the draft."))
    return redirect("deviations:question_set", pk)
