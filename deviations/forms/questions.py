"""The questions of a category as fields of a form, and the form that answers them afterwards."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import Field
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations.actions import ASKED_ABOUT, Answered
from deviations.forms.fields import GuardedText
from deviations.models import ASKED, Answer, Asked, Category, HandlerRole, Question, Spot, shown
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.ui.forms import DONT_KNOW, Cards, DateInput, PageForm, SuggestingInput

if TYPE_CHECKING:
    _Form = forms.Form
else:
    _Form = object

UNKNOWN = "?"  # no key of a choice
FEW = 6  # so many choices are shown side by side; more are put in a list
SHOWN_BY = "asked"  # the input that says which version of the questions the page shows
LATER = "answer_later"


def name_of(question: Question) -> str:
    return f"q_{question.key}"


def spot_in(text: str) -> str:
    """The rough place that was written, as it is stored; itself where it is another."""
    known = {str(label).casefold(): value for value, label in Spot.choices if value}
    return str(known.get(text.strip().casefold(), text.strip()))


def field_for(question: Question) -> Field:
    """The field that takes the answer. None is required: what is missing is looked at when all is known."""
    how: dict[str, Any] = {"label": question.words, "help_text": question.help_words, "required": False}
    match question.kind:
        case Asked.NUMBER:
            written = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
            return forms.DecimalField(max_digits=11, decimal_places=3, localize=True, widget=written, **how)
        case Asked.DATE:
            return forms.DateField(widget=DateInput, **how)
        case Asked.PLACE:
            spots = [label for value, label in Spot.choices if value and value != Spot.OTHER]
            return GuardedCharField(
                max_length=120, widget=SuggestingInput(name=name_of(question), suggested=spots), **how
            )
        case Asked.CHOICE | Asked.YES_NO:
            choices: list[tuple[str, Any]] = [*question.options, (UNKNOWN, DONT_KNOW)]
            if len(choices) > FEW + 1:
                return forms.ChoiceField(choices=[("", _("Choose …")), *choices], **how)
            return forms.ChoiceField(choices=choices, widget=Cards, **how)
    return GuardedText(rows=2, max_length=1000, **how)


def as_stored(question: Question, value: Any) -> str | None:
    """What the field came to, as it is kept: nothing at all is empty, «Don't know» is ``None``."""
    if value in (None, ""):
        return ""
    if value == UNKNOWN and question.kind in (Asked.CHOICE, Asked.YES_NO):
        return None
    if isinstance(value, decimal.Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime.date):
        return value.isoformat()
    return spot_in(str(value)) if question.kind == Asked.PLACE else str(value).strip()


def as_field(answer: Answer) -> Any:
    """What is kept, as the field begins with it."""
    if answer.unknown:
        return UNKNOWN if answer.question.kind in (Asked.CHOICE, Asked.YES_NO) else ""
    if answer.question.kind == Asked.PLACE:
        return answer.question.said(answer.value)
    return answer.number if answer.number is not None else answer.day or answer.value


class AsksQuestions(_Form):
    """Mixed into a form that also asks what a category asks. Each question is a field of the form like any other."""

    asked: Sequence[Question] = ()  # all of the version, in order
    says_whose = True  # whose the case will be: only before there is one
    known: Mapping[str, str] = {}  # by the question's key, what is answered already and not asked here
    given: Mapping[Question, str | None] = {}
    needed_later: Collection[str] = ()
    box_attrs: Mapping[str, Mapping[str, Any]] = {}

    def ask(self, questions: Sequence[Question], *, leave_out: Mapping[str, str] | None = None) -> None:
        self.asked, self.known = questions, leave_out or {}
        inside = {question.key for question in questions}
        boxes: dict[str, Mapping[str, Any]] = dict(self.box_attrs)
        for question in questions:
            if question.key in self.known or self._never(question, inside):
                continue
            name = name_of(question)
            self.fields[name] = field_for(question)
            condition = {}
            if question.shown_when and question.shown_when not in self.known:
                condition = {
                    "data-shown-when": f"q_{question.shown_when}", "data-shown-for": " ".join(question.shown_for)
                }  # fmt: skip
            boxes[name] = {"data-question": question.key, **condition}
        self.box_attrs = boxes
        self.needed_later = [*type(self).needed_later, *(name_of(each) for each in questions if each.required)]

    def _never(self, question: Question, inside: set[str]) -> bool:
        """What is known already says that it isn't asked."""
        if not question.shown_when or question.shown_when not in inside:
            return False
        return question.shown_when in self.known and self.known[question.shown_when] not in question.shown_for

    @property
    def question_names(self) -> list[str]:
        return [name_of(each) for each in self.asked if name_of(each) in self.fields]

    def take_answers(self, cleaned: dict[str, Any], *, required: bool, otherwise: str | None = "") -> None:
        """Look at the answers of the questions that are asked, given the others; what isn't asked is left aside.

        ``required``: what must be answered is asked for. Where not, what is missing of it is kept as ``otherwise``.
        """
        values = {each.key: as_stored(each, cleaned.get(name_of(each))) for each in self.asked}
        known = {key: value for key, value in values.items() if value} | dict(self.known)
        visible = shown(self.asked, known)
        given: dict[Question, str | None] = {}
        for question in self.asked:
            name = name_of(question)
            if name not in self.fields:
                continue
            if question not in visible:
                self.errors.pop(name, None)
                given[question] = ""
                continue
            value = values[question.key]
            if value == "" and question.required and name not in self.errors:
                if required:
                    message = Field.default_error_messages["required"]
                    self.add_error(name, ValidationError(message, code="required"))
                else:
                    value = otherwise
            given[question] = value
        self.given = given


class QuestionBlock(LayoutObject):  # type: ignore[misc]
    """The questions, in a box that the script fills when another category is chosen."""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def render(self, form: Any, context: Context, template_pack: str = "", **kwargs: Any) -> SafeString:
        in_fold = context.get("in_fold", False)
        context.update({"in_fold": False})  # which may be left out is said of each
        inside = self.get_rendered_fields(form, context, template_pack=template_pack) if self.fields else ""
        context.update({"in_fold": in_fold})
        about = " ".join(str(each) for each in ASKED_ABOUT)
        return format_html(
            '<div id="questions" class="los-questions" data-questions="{}">{}</div>'
            '<p class="ds-sr-only" role="status" data-questions-said></p>',
            about,
            in_block(form, inside) if form.asks_about else "",
        )


def in_block(form: Any, inside: Any) -> SafeString:
    """What stands in the box: whose the case will be, what it is about, the version, and the questions."""
    goes_to = whose(form.asks_about) if form.says_whose else ""
    said = format_html('<p class="los-help">{}</p>', goes_to) if goes_to else ""
    if not form.asked:
        return format_html("{}", said)
    return format_html(
        '{}<p class="los-questions__about">{}</p><input type="hidden" name="{}" value="{}">{}',
        said,
        _("About “%(category)s”") % {"category": form.asks_about.label},
        SHOWN_BY,
        form.asked[0].set_id,
        inside,
    )


def whose(category: Category | None) -> str:
    """Who gets the case and so sees it, where that isn't the leader of the unit."""
    says = category.handler_from if category else None
    if category is None or says is None:
        return ""
    roles = {HandlerRole.QUALITY_CONTACT: _("the quality contact"), HandlerRole.DPO: _("the data protection officer")}
    who = says.handler.name if says.handler else roles[HandlerRole(says.handler_role)]
    return _("Cases about “%(category)s” go to %(who)s, who sees them too.") % {"category": category.label, "who": who}


class ReportsWithQuestions(AsksQuestions):
    """A report, with what its category asks."""

    asks_about: Category | None = None
    shows_them = False  # whether the page that was sent showed these questions
    says_later = False

    def ask_for(self, category: Category | None, kind: str, stated: str = "") -> None:
        """The questions of the category, by the version the page showed where it showed one that was right to show."""
        self.asks_about = category
        if category is None or not self._is_asked_about(kind):
            return
        now = category.asked_set
        sets = [int(stated)] if stated.isdecimal() and len(stated) < 18 else []
        sets += [now] if now and now not in sets else []
        for number in sets:
            questions = ASKED(set=number)
            if not questions:
                continue
            of = questions[0].set
            if of.published_at and of.category_id in (category.pk, category.parent_id):
                self.shows_them = stated == str(number)
                self.ask(questions)
                break
        if any(each.required for each in self.asked):
            self.fields[LATER] = forms.BooleanField(
                label=gettext_lazy("Send now, “Don't know” to the rest"),
                help_text=gettext_lazy("You can answer later, on the page of the case."),
                required=False,
            )

    def _is_asked_about(self, kind: str) -> bool:
        return not kind or kind in ASKED_ABOUT

    @property
    def block(self) -> QuestionBlock:
        return QuestionBlock(*self.question_names, *([LATER] if LATER in self.fields else []))

    @property
    def answered(self) -> Answered | None:
        """What ``actions.report`` takes."""
        return Answered(self.asked[0].set_id, self.given) if self.asked else None


class FragmentForm(ReportsWithQuestions, PageForm, forms.Form):
    """The questions alone, for the script that asks for them when a category is chosen."""

    marks_optional = True

    def layout(self) -> Layout:
        return Layout(*self.question_names, *([LATER] if LATER in self.fields else []))


class AnswersForm(AsksQuestions, PageForm, forms.Form):
    """The questions of a case: what is missing, and for those who handle it also what may be corrected."""

    says_whose = False

    def __init__(self, *args: Any, questions: Sequence[Question], only_missing: bool, **kwargs: Any) -> None:
        answers = {each.key: answer for each in questions if (answer := getattr(each, "answer", None)) is not None}
        fixed = {key: each.value for key, each in answers.items() if only_missing and not each.unknown}
        for each in questions:
            if each.key in answers:
                answers[each.key].question = each
        kwargs["initial"] = {f"q_{key}": as_field(each) for key, each in answers.items() if key not in fixed}
        super().__init__(*args, **kwargs)
        self.ask(questions, leave_out=fixed)

    def layout(self) -> Layout:
        return Layout(QuestionBlock(*self.question_names))

    @property
    def asks_about(self) -> Category:
        return self.asked[0].set.category

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.take_answers(cleaned, required=False)
        return cleaned


__all__ = ["AnswersForm", "AsksQuestions", "FragmentForm", "QuestionBlock", "ReportsWithQuestions"]
