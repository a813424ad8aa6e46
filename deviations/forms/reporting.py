"""What one writes to report a case."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import duties
from deviations.actions import route
from deviations.forms.fields import (
    ELSEWHERE,
    CategoryChoices,
    GuardedText,
    NearUnitField,
    NearUnits,
    documents_like,
    unit_label,
    units_like,
)
from deviations.forms.questions import LATER, SHOWN_BY, ReportsWithQuestions
from deviations.models import Category, Harm, Kind, Naming
from deviations.models import When as Happened
from deviations.naming import EXPLAINED
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.uploads import refuse_writers
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, Fold, PageForm, Show
from kvalitetslosen.ui.lookup import LookupField

# As on the buttons, where there is room for one word.
KINDS = [(kind.value, _("Proposal") if kind is Kind.PROPOSAL else kind.label) for kind in Kind]


TAKEN = (
    "key", "unit", "kind", "text", "happened", "happened_on", "category", "harm", "done_at_once", "suggestion",
    "about_leader", "urgent",
)  # fmt: skip


REMEMBER = _("Remember that the text itself may tell who you are.")
LEADERS_SHOW = _(
    "A case from a unit you lead goes past you to the leader above, and that may tell who you are. The text itself "
    "may, too."
)
"""Nobody handles their own report, so where a leader's own goes says more than it does for others."""


OWN_CASE = _(
    "You lead here, so the case could come to you, and nobody handles their own report. Choose your name or a hidden "
    "one."
)


class NamingCards(Cards):
    """Who says nothing of themselves leaves nothing on the device either: no draft is kept while that is chosen."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) == Naming.ANONYMOUS:
            option["attrs"]["data-keep-nothing"] = True
        return option


class ReportForm(ReportsWithQuestions, PageForm, forms.Form):
    """What happened, where, when, what kind. The rest may be left out."""

    varying = ("key", "unit", "category", "naming")
    needed_later = ("naming",)  # has an answer from the beginning

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    text = GuardedText(
        label=_("What happened?"),
        rows=4,
        help_text=_("Write about the event, not the person: no names, no identity numbers."),
    )
    unit = NearUnitField(label=_("Where?"))
    elsewhere = LookupField(
        url_name="deviations:find_unit",
        label_of=unit_label,
        label=_("Where, then?"),
        required=False,
        max_length=200,
        help_text=_("Write the beginning of the unit's name."),
    )
    happened = forms.ChoiceField(label=_("When?"), choices=Happened.choices, widget=Cards)
    happened_on = forms.DateField(label=_("Which date?"), required=False)
    kind = forms.ChoiceField(
        label=_("What kind?"),
        choices=KINDS,
        widget=Cards,
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    harm = forms.ChoiceField(
        label=_("Harm so far"), choices=Harm.choices, required=False, widget=forms.RadioSelect, initial=Harm.UNKNOWN
    )
    done_at_once = GuardedText(label=_("What was done at once?"), required=False)
    suggestion = GuardedText(label=_("Do you have a suggestion?"), required=False)
    procedure = LookupField(
        url_name="deviations:find_procedure",
        label=_("Which procedure was not followed?"),
        required=False,
        max_length=200,
        help_text=_("Write a word from its title."),
    )
    files = MultipleFileField(label=_("Photos and files"), required=False)  # type: ignore[assignment]
    urgent = forms.MultipleChoiceField(
        label=_("Is it one of these?"),
        choices=[(each.code, each.text) for each in duties.QUESTIONS if each.urgent],
        required=False,
        widget=CardsMultiple,
        help_text=_("Then the law wants somebody told. Those who must do it hear of it at once."),
    )
    about_leader = forms.BooleanField(
        label=_("This is about the leader of the unit"),
        required=False,
        help_text=_("Then it goes past that leader, to the one above, and that leader does not see it."),
    )
    naming = forms.ChoiceField(
        label=_("Your name"),
        choices=[
            (Naming.NAMED, _("With my name")),
            (Naming.SEALED, _("Hide my name")),
            (Naming.ANONYMOUS, _("Anonymous, with a case code")),
        ],
        widget=NamingCards(descriptions=EXPLAINED),
        required=False,
        help_text=REMEMBER,
    )

    def __init__(self, *args: Any, user: User, waits: bool = False, **kwargs: Any) -> None:
        """``waits``: it lies on the device under its writer's number until there is net, so it can't be anonymous.

        No questions could be shown there, and none hold it up.
        """
        self.waits = waits
        self.near = NearUnits(user)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "unit": str(self.near.first.pk) if self.near.first else ELSEWHERE,
            "happened": Happened.NOW,
            "kind": Kind.DEVIATION,
            "naming": Naming.NAMED,
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        if waits:
            naming = self.fields["naming"]
            naming.choices = naming.choices[:-1]  # type: ignore[attr-defined]
        if user.standing.has(Role.LEADER):
            self.fields["naming"].help_text = LEADERS_SHOW
        self.user = user
        unit = self.fields["unit"]
        assert isinstance(unit, NearUnitField)
        unit.offer(self.near)
        self.categories = CategoryChoices(user)
        # Asked for when they are shown or chosen from: most reports are sent without.
        self.fields["category"].choices = partial(self.categories.choices, _("Don't know"))  # type: ignore[attr-defined]
        self.fields["category"].widget.attrs |= {
            "hx-get": reverse("deviations:questions"),
            "hx-trigger": "change",
            "hx-target": "#questions",
        }
        self._ask()
        for name, find in (("elsewhere", units_like), ("procedure", documents_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, partial(find, user))

    def _ask(self) -> None:
        """What the category asks besides, where one is chosen."""
        if self.is_bound:
            chosen, kind, stated = (
                self.data.get(self.add_prefix(name), "") for name in ("category", "kind", SHOWN_BY)
            )
        else:
            chosen, kind, stated = self.initial.get("category", ""), "", ""
        if chosen:
            self.ask_for(self.categories.get(str(chosen)), str(kind), str(stated))

    @property
    def has_more_to_ask(self) -> bool:
        """Whether the category asks something that the page which was sent hadn't shown."""
        return bool(self.asked) and not self.shows_them

    def layout(self) -> Layout:
        return Layout(
            "text",
            "unit",
            Show("unit", ELSEWHERE, "elsewhere"),
            "happened",
            Show("happened", Happened.DATE, "happened_on"),
            "kind",
            Fold(
                _("Add more"),
                "category",
                self.block,
                "harm",
                "done_at_once",
                "suggestion",
                "procedure",
                "files",
                remember="report",
                hint=_("category, harm, done at once, procedure, photo"),
            ),
            Fold(_("Must somebody be told at once?"), "urgent", hint=_("death, serious harm, privacy, spill")),
            "about_leader",
            "naming",
        )

    def clean_happened_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["happened_on"]
        if self.data.get(self.add_prefix("happened")) != Happened.DATE:
            return None
        if day is None:
            raise ValidationError(_("Fill in the date it happened."))
        if day > timezone.localdate():
            raise ValidationError(_("The date has not been yet. When did it happen?"))
        return day

    def clean_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"])

    def clean_harm(self) -> str:
        harm: str = self.cleaned_data["harm"]
        return harm or Harm.UNKNOWN

    def clean_naming(self) -> str:
        naming: str = self.cleaned_data["naming"]
        return naming or Naming.NAMED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("unit")
        if chosen == ELSEWHERE:
            if cleaned.get("elsewhere") is None and "elsewhere" not in self.errors:
                self.add_error("elsewhere", _("Write where it happened."))
            cleaned["unit"] = cleaned.get("elsewhere")
        elif chosen:
            cleaned["unit"] = self.near.get(chosen)
        if self.shows_them or self.waits:
            required = not (cleaned.get(LATER) or self.waits)
            self.take_answers(cleaned, required=required, otherwise=None)
        if cleaned.get("naming") != Naming.NAMED:
            try:
                refuse_writers(cleaned.get("files") or [])
            except ValidationError as refusal:
                self.add_error("files", refusal)
        if cleaned.get("naming") == Naming.ANONYMOUS and cleaned.get("unit") and self._would_be_ones_own(cleaned):
            self.add_error("naming", OWN_CASE)
        return cleaned

    def _would_be_ones_own(self, cleaned: dict[str, Any]) -> bool:
        """Whether the case could come to the very person who reports it, or be about them."""
        way = route(
            cleaned["unit"],
            cleaned.get("category"),
            about_leader=bool(cleaned.get("about_leader")),
            without=(),
            on=timezone.localdate(),
        )
        concerned = {each.pk for each in (way.handler, way.about) if each}
        return self.user.pk in concerned or self.user.standing.reaches(Role.LEADER, way.handling_unit)

    @property
    def is_anonymous(self) -> bool:
        return bool(self.cleaned_data["naming"] == Naming.ANONYMOUS)

    @property
    def report(self) -> dict[str, Any]:
        """What ``actions.report`` and ``report_anonymously`` take, but for the name."""
        return {name: self.cleaned_data[name] for name in TAKEN} | {
            "breached_document": self.cleaned_data["procedure"],
            "answered": self.answered,
        }

    @property
    def hides_name(self) -> bool:
        return bool(self.cleaned_data["naming"] == Naming.SEALED)
