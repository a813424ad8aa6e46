"""What the administrator decides about categories: names, place, severity, whose the cases are, what they count as."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations.forms.severity import CONSEQUENCES, PROBABILITIES
from deviations.models import (
    DECIDING,
    MOST_CHOICES,
    Asked,
    Category,
    HandlerRole,
    Question,
)
from deviations.models.questions import new_key
from deviations.national import CODES, FIGURES
from deviations.settings_actions import NotHere
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.search import colleagues_of, person_label
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Row, Show, SuggestingInput
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    CategoryModelForm = forms.ModelForm[Category]
    QuestionModelForm = forms.ModelForm[Question]
else:
    CategoryModelForm = QuestionModelForm = forms.ModelForm

PERSON = "person"
SUGGESTS = gettext_lazy("Suggests nothing")


def figure_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((key, each.label) for key, each in FIGURES.items())]


class CategoryForm(PageForm, CategoryModelForm):
    place = forms.ChoiceField(label=gettext_lazy("Place in the list"), required=False)
    consequence = forms.TypedChoiceField(
        label=gettext_lazy("Consequence"), choices=[("", SUGGESTS), *CONSEQUENCES], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    probability = forms.TypedChoiceField(
        label=gettext_lazy("How likely it is to happen again"), choices=[("", SUGGESTS), *PROBABILITIES], coerce=int,
        empty_value=None, required=False,
    )  # fmt: skip
    who = forms.ChoiceField(
        label=gettext_lazy("Who gets the cases?"),
        required=False,
        help_text=gettext_lazy(
            "They become the handler. The leaders in line see the case as ever, and get it where nobody else can."
        ),
    )
    handler = LookupField(
        url_name="organisation:find_person", label_of=person_label, label=gettext_lazy("Which person?"),
        required=False, max_length=200, help_text=gettext_lazy("Write the beginning of the name."),
    )  # fmt: skip
    figure = forms.ChoiceField(label=gettext_lazy("Counts in the yearly figure"), required=False)

    class Meta:
        model = Category
        fields = ("name", "name_nn", "name_en", "parent", "topic", "code", "may_be_ticked", "is_active")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        category: Category | None = kwargs.get("instance")
        siblings = self._siblings(user, category)
        kwargs["initial"] = self._begins(category, siblings) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        mains = Category.objects.visible_to(user).filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = mains.order_by("position", "name", "pk")  # type: ignore[attr-defined]
        self.fields["parent"].label = _("Belongs under")
        self.fields["parent"].empty_label = _("Nothing: a main category")  # type: ignore[attr-defined]
        self.fields["code"].widget = SuggestingInput(name="code", suggested=list(CODES), attrs={"maxlength": 20})
        self.fields["code"].label = _("National code")
        self.fields["code"].help_text = _("A word from the list, or the number in NOKUP.")
        self.fields["figure"].choices = figure_choices(_("None"))  # type: ignore[attr-defined]
        unsaid = _("As the main category says") if category and category.parent_id else HandlerRole.LEADER.label
        roles = [(role.value, role.label) for role in HandlerRole if role is not HandlerRole.LEADER]
        self.fields["who"].choices = [("", unsaid), *roles, (PERSON, _("One person …"))]  # type: ignore[attr-defined]
        if siblings:
            places = [(str(each.pk), _("After “%(name)s”") % {"name": each.label}) for each in siblings]
            self.fields["place"].choices = [("0", _("First")), *places]  # type: ignore[attr-defined]
        else:
            del self.fields["place"]
        field = self.fields["handler"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "handler", partial(colleagues_of, user))
        self.instance.municipality_id = user.municipality_id

    @staticmethod
    def _siblings(user: User, category: Category | None) -> list[Category]:
        if category is None:
            return []
        beside = Category.objects.visible_to(user).filter(parent=category.parent_id).exclude(pk=category.pk)
        return list(beside.order_by("position", "name", "pk"))

    @staticmethod
    def _begins(category: Category | None, siblings: list[Category]) -> dict[str, Any]:
        if category is None:
            return {}
        before = [each for each in siblings if (each.position, each.name) < (category.position, category.name)]
        return {
            "place": str(before[-1].pk) if before else "0",
            "consequence": category.consequence or "",
            "probability": category.probability or "",
            "who": PERSON if category.handler_id else category.handler_role,
            "handler": person_label(category.handler) if category.handler else "",
            "figure": category.figure,
        }

    def layout(self) -> Layout:
        return Layout(
            "name",
            Row("name_nn", "name_en"),
            "parent",
            *(["place"] if "place" in self.fields else []),
            "topic",
            "may_be_ticked",
            "is_active",
            Fold(
                _("Severity that is suggested"), Row("consequence", "probability"),
                hint=_("the leader still decides, case by case"),
            ),
            Fold(_("Who gets the cases"), "who", Show("who", PERSON, "handler")),
            Fold(_("What it counts as for the country"), Row("code", "figure")),
        )  # fmt: skip

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            raise forms.ValidationError(_("This category has others under it, so it stays a main category."))
        return parent

    def clean_place(self) -> int | None:
        after: str = self.cleaned_data["place"]
        return int(after) if after and "place" in self.changed_data else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = Category.objects.filter(
            municipality=self.instance.municipality_id,
            parent=cleaned.get("parent"),
            name__iexact=cleaned.get("name", ""),
        ).exclude(pk=self.instance.pk)
        if cleaned.get("name") and same.exists():
            self.add_error("name", _("There is a category with this name here already."))
        if (cleaned.get("consequence") is None) != (cleaned.get("probability") is None):
            missing = "consequence" if cleaned.get("consequence") is None else "probability"
            self.add_error(missing, _("Choose both, or neither."))
        who = cleaned.pop("who", "")
        if who != PERSON:
            cleaned["handler"] = None
            self.errors.pop("handler", None)
        elif cleaned.get("handler") is None and "handler" not in self.errors:
            self.add_error("handler", _("Write whose the cases are."))
        cleaned["handler_role"] = "" if who == PERSON else who
        return cleaned


LINE = re.compile(r"\s*\|\s*")


class QuestionForm(PageForm, QuestionModelForm):
    """One question of a draft. The answers to choose from are written a line each."""

    kind = forms.ChoiceField(label=gettext_lazy("What kind of answer?"), choices=Asked.choices, widget=Cards)
    answers = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, in bokmål. In more languages: bokmål | nynorsk | English."),
    )
    condition = forms.MultipleChoiceField(
        label=gettext_lazy("Only when this was answered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose one or more answers to one question. With none, it is always asked."),
    )
    place = forms.ChoiceField(label=gettext_lazy("Place in the list"), required=False)

    class Meta:
        model = Question
        fields = (
            "label", "label_nn", "label_en", "kind", "help_text", "help_text_nn", "help_text_en", "required",
        )  # fmt: skip

    def __init__(self, *args: Any, others: list[Question], **kwargs: Any) -> None:
        """``others``: the other questions of the draft, in order."""
        question: Question | None = kwargs.get("instance")
        self.others = others
        self.before = [each for each in others if question is None or each.position < question.position]
        begun: dict[str, Any] = {"place": self.before[-1].key if self.before else ""}
        if question is not None:
            begun |= {
                "answers": "\n".join(written(each) for each in question.choices),
                "condition": [f"{question.shown_when}:{value}" for value in question.shown_for],
            }
        kwargs["initial"] = begun | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["required"].label = _("Must be answered")
        self.fields["required"].help_text = _("Nobody is held up: a report can always be sent with “Don't know”.")
        deciding = [each for each in others if each.kind in DECIDING]
        groups = [(each.words, [(f"{each.key}:{value}", words) for value, words in each.options]) for each in deciding]
        self.fields["condition"].choices = groups  # type: ignore[attr-defined]
        if not groups:
            del self.fields["condition"]
        places = [(each.key, _("After “%(name)s”") % {"name": each.words}) for each in others]
        self.fields["place"].choices = [("", _("First")), *places]  # type: ignore[attr-defined]
        if not others:
            del self.fields["place"]

    def layout(self) -> Layout:
        return Layout(
            "label",
            Row("label_nn", "label_en"),
            "kind",
            Show("kind", Asked.CHOICE, "answers"),
            "required",
            *(["place"] if "place" in self.fields else []),
            Fold(_("Shown only when …"), "condition") if "condition" in self.fields else Layout(),
            Fold(_("Help beside the question"), "help_text", "help_text_nn", "help_text_en"),
        )

    def clean_answers(self) -> list[dict[str, str]]:
        """The lines as choices. One that was there already keeps its key, and with it what was answered before."""
        if self.data.get("kind") != Asked.CHOICE:
            return []
        keys = {each["nb"].casefold(): each["key"] for each in self.instance.choices}
        choices: list[dict[str, str]] = []
        for line in self.cleaned_data["answers"].splitlines():
            nb, nn, en = (*LINE.split(line.strip(), maxsplit=2), "", "")[:3]
            if nb and nb.casefold() not in {each["nb"].casefold() for each in choices}:
                choices.append({"key": keys.get(nb.casefold()) or new_key(), "nb": nb, "nn": nn, "en": en})
        if len(choices) < 2:
            raise ValidationError(_("Write at least two answers, one a line."))
        if len(choices) > MOST_CHOICES:
            raise ValidationError(_("Write at most %(n)s answers.") % {"n": MOST_CHOICES})
        if any(len(text) > 100 for each in choices for text in each.values()):
            raise ValidationError(_("An answer can be at most 100 characters."))
        return choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        pairs = [each.split(":", 1) for each in cleaned.pop("condition", [])]
        on = {key for key, _value in pairs}
        cleaned["shown_when"], cleaned["shown_for"] = next(iter(on), ""), [value for _key, value in pairs]
        if len(on) > 1:
            self.add_error("condition", _("Choose answers to one question only."))
        cleaned["choices"] = cleaned.pop("answers", [])
        self._check_order(cleaned)
        self._check_those_that_depend(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        """What it depends on is asked before it, and what depends on it after."""
        if "place" not in self.fields:
            return
        keys = [each.key for each in self.others]
        after = cleaned.get("place", "")
        before = keys[: keys.index(after) + 1] if after in keys else []
        if cleaned["shown_when"] and cleaned["shown_when"] not in before:
            self.add_error("place", _("It must come after the question it depends on."))
        if any(each.shown_when == self.instance.key for each in self.others if each.key in before):
            self.add_error("place", _("It must come before the questions that depend on it."))

    def _check_those_that_depend(self, cleaned: dict[str, Any]) -> None:
        """An answer that shows another question can't just go."""
        if self.instance._state.adding or "kind" not in cleaned:
            return
        left = {"yes", "no"} if cleaned["kind"] == Asked.YES_NO else {each["key"] for each in cleaned["choices"]}
        for each in self.others:
            if each.shown_when == self.instance.key and not set(each.shown_for) <= left:
                sentence = _("“%(name)s” is shown for an answer that would be gone. Change that question first.")
                self.add_error("kind", sentence % {"name": each.words})


def written(choice: dict[str, str]) -> str:
    """A choice as its line."""
    parts = [choice["nb"], choice.get("nn", ""), choice.get("en", "")]
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


class BaseForm(PageForm, forms.Form):
    """Which categories of the shared base to take in."""

    marks_optional = False
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Categories you don't have"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: list[NotHere], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[str, Any]] = []
        for main, has_main, subs in offered:
            label = label_of(main.names)
            inside = [(each.base, label_of(each)) for each in subs]
            if not has_main:
                inside.insert(0, (main.names.base, _("The main category alone")))
            groups.append((label, inside))
        self.fields["chosen"].choices = groups  # type: ignore[attr-defined]


def label_of(names: Any) -> str:
    """The name in the reader's language, as the category will be called."""
    return Category(name=names.name, name_nn=names.name_nn, name_en=names.name_en).label


class MapForm(PageForm, forms.Form):
    """What each category counts as for the country: two fields a category."""

    marks_optional = False

    def __init__(self, *args: Any, rows: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        choices = figure_choices(_("None"))
        for row in rows:
            code, figure = f"code-{row.pk}", f"figure-{row.pk}"
            codes = [("", _("None")), *((key, each.label) for key, each in CODES.items())]
            if row.code not in CODES and row.code:  # written on the category's own page
                codes.append((row.code, row.code))
            self.fields[code] = forms.ChoiceField(
                label=_("National code"), choices=codes, required=False, initial=row.code
            )
            self.fields[figure] = forms.ChoiceField(
                label=_("Yearly figure"), choices=choices, required=False, initial=row.figure
            )

    @property
    def lines(self) -> list[tuple[Category, Any, Any]]:
        return [(row, self[f"code-{row.pk}"], self[f"figure-{row.pk}"]) for row in self.rows]

    @property
    def counted(self) -> dict[Category, tuple[str, str]]:
        return {row: (self.cleaned_data[f"code-{row.pk}"], self.cleaned_data[f"figure-{row.pk}"]) for row in self.rows}
