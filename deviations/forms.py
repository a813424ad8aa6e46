"""What people write about a case. Forms check and clean; they save nothing."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from deviations.actions import may_merge
from deviations.models import OPENING, SERIOUS, Category, Deviation, Harm, Kind, severity_of
from deviations.models import When as Happened
from documents.models import Document
from kvalitetslosen import identity_numbers
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.uploads import refuse_writers
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.ui.dates import when
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Show
from kvalitetslosen.ui.lookup import LookupField

LONGEST_TEXT = 5000
ELSEWHERE = "elsewhere"


class GuardedText(identity_numbers.GuardedCharField):
    """Free text that can't carry an identity number: pointed out in place while writing, refused when sent."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


def unit_label(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def units_like(user: User, text: str) -> models.QuerySet[Unit]:
    """The municipality's units whose name has the text in it, those that begin with it first."""
    name = text.split(" (")[0].strip()
    begins = Case(When(name__istartswith=name, then=Value(0)), default=Value(1))
    return (
        Unit.objects.visible_to(user)
        .active()
        .filter(name__icontains=name)
        .select_related("parent")
        .order_by(begins, "name", "pk")
    )


def documents_like(user: User, text: str) -> models.QuerySet[Document]:
    """What is in force: the title of a draft is for those who write it."""
    return Document.objects.visible_to(user).in_force().filter(title__icontains=text.strip()).order_by("title", "pk")


NEAR = Prepared(
    lambda municipality, home, beside, **line: (
        Unit.objects.visible_to(User(municipality_id=municipality))
        .active()
        .filter(Q(parent=home) | Q(parent=beside) | Q(pk__in=list(line.values())))
        .order_by("depth", "name", "pk")[:40]
    ),
    municipality=int,
    home=int,
    beside=int,
    **dict.fromkeys(LEVELS, int),
)


class NearUnits:
    """The units a person most often reports from: their own, those beside and below it, and the ones above."""

    def __init__(self, user: User) -> None:
        self.user, self.home = user, user.standing.home

    @property
    def first(self) -> Unit | None:
        """One's own, which is known without asking for the others."""
        home = self.home
        if home and home.closed_on is None and home.municipality_id == self.user.municipality_id:
            return home
        return next(iter(self.rows), None)

    @cached_property
    def rows(self) -> list[Unit]:
        home = self.home
        if home is None:
            return []
        beside = (home.depth > 1 and home.parent_id) or home.pk
        units = NEAR(municipality=self.user.municipality_id, home=home.pk, beside=beside, **home.line)
        return sorted(
            units, key=lambda unit: (unit.pk != home.pk, unit.parent_id != home.parent_id, unit.depth < home.depth)
        )

    def choices(self) -> list[tuple[str, Any]]:
        return [*((str(unit.pk), unit.name) for unit in self.rows), (ELSEWHERE, _("Another place …"))]

    def get(self, value: str) -> Unit | None:
        first = self.first
        if first and str(first.pk) == value:  # most reports: nothing more to ask
            return first
        return next((unit for unit in self.rows if str(unit.pk) == value), None)


class NearUnitField(forms.ChoiceField):
    """Chosen from ``NearUnits``, or another place."""

    near: NearUnits

    def offer(self, near: NearUnits) -> None:
        self.near = near
        self.choices = near.choices  # asked for when they are shown

    def valid_value(self, value: Any) -> bool:
        return value == ELSEWHERE or self.near.get(value) is not None


CATEGORIES = Prepared(
    lambda municipality: (
        Category.objects.visible_to(User(municipality_id=municipality)).active().order_by("position", "name", "pk")
    ),
    municipality=int,
)


class CategoryChoices:
    """The municipality's categories in one query when they are asked for, main categories as headings."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def rows(self) -> list[Category]:
        return CATEGORIES(municipality=self.user.municipality_id)

    def choices(self, empty: Any) -> list[tuple[Any, Any]]:
        below: dict[int, list[Category]] = {}
        for row in self.rows:
            if row.parent_id:
                below.setdefault(row.parent_id, []).append(row)
        groups: list[tuple[Any, Any]] = [("", empty)]
        for row in self.rows:
            if row.parent_id is None:
                inside = below.get(row.pk)
                if inside:
                    groups.append((row.label, [(str(each.pk), each.label) for each in inside]))
                else:
                    groups.append((str(row.pk), row.label))
        return groups

    def get(self, value: str) -> Category | None:
        return next((row for row in self.rows if str(row.pk) == value), None) if value else None


# As on the buttons, where there is room for one word.
KINDS = [(kind.value, _("Proposal") if kind is Kind.PROPOSAL else kind.label) for kind in Kind]
TAKEN = (
    "key", "unit", "kind", "text", "happened", "happened_on", "category", "harm", "done_at_once", "suggestion",
    "hide_name", "about_leader",
)  # fmt: skip


LEADERS_SHOW = _(
    "Those who handle the case don't see who you are, but a case from a unit you lead goes past you to the leader "
    "above, and that may tell them. The quality coordinator can open the name, must write why, and you see that it "
    "was done."
)
"""Nobody handles their own report, so where a leader's own goes says more than it does for others."""


class ReportForm(PageForm, forms.Form):
    """What happened, where, when, what kind. The rest may be left out."""

    varying = ("key", "unit", "category", "hide_name")

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
    about_leader = forms.BooleanField(
        label=_("This is about the leader of the unit"),
        required=False,
        help_text=_("Then it goes past that leader, to the one above, and that leader does not see it."),
    )
    hide_name = forms.BooleanField(
        label=_("Hide my name"),
        required=False,
        help_text=_(
            "Those who handle the case don't see who you are. The quality coordinator can open the name, "
            "must write why, and you see that it was done. Remember that the text itself may tell who you are."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.near = NearUnits(user)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "unit": str(self.near.first.pk) if self.near.first else ELSEWHERE,
            "happened": Happened.NOW,
            "kind": Kind.DEVIATION,
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        if user.standing.has(Role.LEADER):
            self.fields["hide_name"].help_text = LEADERS_SHOW
        self.user = user
        unit = self.fields["unit"]
        assert isinstance(unit, NearUnitField)
        unit.offer(self.near)
        self.categories = CategoryChoices(user)
        # Asked for when they are shown or chosen from: most reports are sent without.
        self.fields["category"].choices = partial(self.categories.choices, _("Don't know"))  # type: ignore[attr-defined]
        for name, find in (("elsewhere", units_like), ("procedure", documents_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, partial(find, user))

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
                "harm",
                "done_at_once",
                "suggestion",
                "procedure",
                "files",
                remember="report",
                hint=_("category, harm, done at once, procedure, photo"),
            ),
            "about_leader",
            "hide_name",
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("unit")
        if chosen == ELSEWHERE:
            if cleaned.get("elsewhere") is None and "elsewhere" not in self.errors:
                self.add_error("elsewhere", _("Write where it happened."))
            cleaned["unit"] = cleaned.get("elsewhere")
        elif chosen:
            cleaned["unit"] = self.near.get(chosen)
        if cleaned.get("hide_name"):
            try:
                refuse_writers(cleaned.get("files") or [])
            except ValidationError as refusal:
                self.add_error("files", refusal)
        return cleaned

    @property
    def report(self) -> dict[str, Any]:
        """What ``actions.report`` takes."""
        return {name: self.cleaned_data[name] for name in TAKEN} | {
            "breached_document": self.cleaned_data["procedure"]
        }


class StepForm(PageForm, forms.Form):
    """What a step in a case asks for. ``seen`` tells whether somebody else did something in between."""

    marks_optional = True
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, deviation: Deviation, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": deviation.events_count, **self.filled_in(deviation), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.deviation, self.user = deviation, user

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {}

    def what(self) -> dict[str, Any]:
        """What the verb takes, besides the case and who does it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""


CONSEQUENCES = [
    ("1", _("1 – Insignificant")),
    ("2", _("2 – Less serious")),
    ("3", _("3 – Serious")),
    ("4", _("4 – Very serious")),
    ("5", _("5 – Critical")),
]
# For people first, then for service, economy, environment and privacy.
WHAT_IT_MEANS = {
    "1": _("No harm. Nothing stopped; less than NOK 10 000."),
    "2": _(
        "First aid, short discomfort. A short delay; less than NOK 50 000; one person's ordinary data to one other."
    ),
    "3": _(
        "Treatment, short sick leave, fear. A service partly down for a day; less than NOK 250 000; "
        "sensitive data of a few."
    ),
    "4": _(
        "Hospital, perhaps lasting harm, several hurt. A service down for days; less than NOK 1 000 000; "
        "sensitive data of many."
    ),
    "5": _(
        "Death, permanent harm, serious violence. A service down for a week; more than NOK 1 000 000; a large leak."
    ),
}
PROBABILITIES = [
    ("1", _("1 – Very unlikely")),
    ("2", _("2 – Unlikely")),
    ("3", _("3 – Possible")),
    ("4", _("4 – Likely")),
    ("5", _("5 – Very likely")),
]
HOW_OFTEN = {
    "1": _("Rarer than every ten years"),
    "2": _("Every one to ten years"),
    "3": _("About yearly"),
    "4": _("About monthly"),
    "5": _("Weekly or more often"),
}


class SeverityFields(forms.Form):
    consequence = forms.TypedChoiceField(
        label=_("How serious was it, or could it have been?"),
        choices=CONSEQUENCES,
        coerce=int,
        widget=Cards(descriptions=WHAT_IT_MEANS),
    )
    probability = forms.TypedChoiceField(
        label=_("How likely is it to happen again?"),
        choices=PROBABILITIES,
        coerce=int,
        widget=Cards(descriptions=HOW_OFTEN),
    )


def severity_filled_in(deviation: Deviation) -> dict[str, Any]:
    return {"consequence": deviation.consequence or "", "probability": deviation.probability or ""}


class AssessForm(StepForm, SeverityFields):
    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return severity_filled_in(deviation)


class AnswerFields(forms.Form):
    outcome = GuardedText(
        label=_("Answer to the reporter"),
        help_text=_(
            "What did you find out, and what is done so that it doesn't happen again? The reporter reads this."
        ),
    )


TOO_SERIOUS = _(
    "That is a serious case: it can't be closed in one go. Receive it, find the cause, and close it with a day to "
    "look at the effect."
)


class ReceiveAndCloseForm(StepForm, AnswerFields):
    """The simple case: an answer, and a severity if one wants."""

    consequence = forms.TypedChoiceField(
        label=_("How serious was it, or could it have been?"),
        choices=[("", _("Not assessed")), *CONSEQUENCES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Cards(descriptions=WHAT_IT_MEANS),
    )
    probability = forms.TypedChoiceField(
        label=_("How likely is it to happen again?"),
        choices=[("", _("Not assessed")), *PROBABILITIES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Cards(descriptions=HOW_OFTEN),
    )

    def layout(self) -> Layout:
        return Layout("seen", "outcome", Fold(_("Assess severity"), "consequence", "probability"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("consequence") is None) != (cleaned.get("probability") is None):
            missing = "consequence" if cleaned.get("consequence") is None else "probability"
            self.add_error(missing, _("Choose both, or neither."))
        elif cleaned.get("consequence") and severity_of(cleaned["consequence"], cleaned["probability"]) in SERIOUS:
            self.add_error(None, TOO_SERIOUS)
        return cleaned


class CloseForm(StepForm, AnswerFields):
    """Serious cases also ask for the cause and for a day to look at the effect."""

    cause = GuardedText(label=_("Why did it happen?"), required=False)
    effect_check_on = forms.DateField(
        label=_("When will you look at whether it helped?"),
        required=False,
        help_text=_("Usually after 60 to 90 days."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.deviation.is_serious:
            self.fields["cause"].required = True
            self.fields["effect_check_on"].required = True

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {
            "outcome": deviation.outcome,
            "cause": deviation.cause,
            "effect_check_on": deviation.effect_check_on,
        }

    def layout(self) -> Layout:
        if self.deviation.is_serious:
            return Layout("seen", "outcome", "cause", "effect_check_on")
        return Layout("seen", "outcome", Fold(_("Cause and effect"), "cause", "effect_check_on"))

    def clean_effect_check_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["effect_check_on"]
        if day is not None and day <= timezone.localdate():
            raise ValidationError(_("Choose a day to come."))
        return day


class NotDeviationForm(StepForm):
    outcome = GuardedText(
        label=_("Why not?"),
        help_text=_("The reporter reads this. Thank them, and say where it belongs instead."),
    )


class ProposalForm(StepForm):
    text = GuardedText(
        label=_("Why is it a proposal?"),
        help_text=_("The reporter gets this as a message. Thank them, and say what happens to the proposal."),
    )


class MessageForm(StepForm):
    text = GuardedText(label=_("Message"))


class AskForm(StepForm):
    text = GuardedText(
        label=_("What do you want to know?"), help_text=_("The reporter gets a message and can answer.")
    )


class AnswerForm(StepForm):
    text = GuardedText(label=_("Your answer"))


class AnalyseForm(StepForm):
    cause = GuardedText(
        label=_("Why did it happen?"),
        rows=5,
        help_text=_("Look for what made it possible, not for who did it. Would a colleague have done the same?"),
    )

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {"cause": deviation.cause}


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"))

    def __init__(self, *args: Any, note_label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if note_label:
            self.fields["note"].label = note_label


class ForwardForm(ReasonForm):
    to = LookupField(
        url_name="deviations:find_unit",
        label_of=unit_label,
        label=_("Which unit does it belong to?"),
        max_length=200,
        help_text=_("Write the beginning of the unit's name."),
    )

    field_order = ["seen", "to", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "to", partial(units_like, self.user))

    def clean_to(self) -> Unit:
        unit: Unit = self.cleaned_data["to"]
        if unit.pk == self.deviation.handling_unit_id:
            raise ValidationError(_("The case is there already."))
        return unit


CANNOT_MERGE = _("These two can't become one: the other has ended, or only one of them is about a leader.")


ANOTHER = "another"
OFFERED = 8  # cases to choose from


def case_label(deviation: Deviation) -> str:
    """Enough to know a case again by: number, what and when, and how the text begins."""
    about = deviation.category.whole_label if deviation.category else deviation.get_kind_display()
    return f"{deviation.reference} · {about} · {when(deviation.reported_at)} · {deviation.first_words}"


def mergeable(deviation: Deviation, user: User) -> models.QuerySet[Deviation]:
    """The unit's other open cases that the person sees, those of the same category first, then the newest."""
    same = Case(When(category=deviation.category_id, then=Value(0)), default=Value(1))
    return (
        Deviation.objects.visible_to(user, within=deviation.handling_unit)
        .open()
        .filter(about=deviation.about_id)
        .exclude(pk=deviation.pk)
        .select_related("category__parent")
        .annotate(opening=Substr("text", 1, OPENING))
        .only("reference", "kind", "reported_at", "category__name", "category__name_nn", "category__name_en",
              "category__parent__name", "category__parent__name_nn", "category__parent__name_en")
        .order_by(same, "-reported_at", "-pk")[:OFFERED]
    )  # fmt: skip


class MergeForm(StepForm):
    marks_optional = False  # one of the two is needed
    chosen = forms.ChoiceField(label=_("Which case tells of the same?"), widget=forms.RadioSelect, required=False)
    into = forms.CharField(
        label=_("Reference of the other case"),
        max_length=24,
        required=False,
        help_text=_("For example AAS-2026-0012."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(each.reference, case_label(each)) for each in mergeable(self.deviation, self.user)]
        if offered:
            self.fields["chosen"].choices = [*offered, (ANOTHER, _("Another case …"))]  # type: ignore[attr-defined]
        else:
            del self.fields["chosen"]

    def layout(self) -> Layout:
        if "chosen" in self.fields:
            return Layout("seen", "chosen", Show("chosen", ANOTHER, "into"))
        return Layout("seen", "into")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen, typed = cleaned.get("chosen") or ANOTHER, cleaned.get("into", "")
        if chosen == ANOTHER and not typed:
            # Where one is to choose, it is the choice that is missing.
            field = "into" if cleaned.get("chosen") or "chosen" not in self.fields else "chosen"
            self.add_error(field, _("Choose the other case, or write its reference."))
            return cleaned
        try:
            cleaned["into"] = self._other(typed if chosen == ANOTHER else chosen)
        except ValidationError as error:
            self.add_error("into" if chosen == ANOTHER else "chosen", error)
        return cleaned

    def what(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"]}

    def _other(self, reference: str) -> Deviation:
        reference = reference.strip().upper()
        other = Deviation.objects.visible_to(self.user).open().filter(reference=reference).first()
        if other is None or other.pk == self.deviation.pk:
            raise ValidationError(_("There is no other open case with this reference that you can see."))
        if not may_merge(self.deviation, other):
            raise ValidationError(CANNOT_MERGE)
        return other


class ReclassifyForm(StepForm):
    kind = forms.ChoiceField(label=_("What kind?"), choices=Kind.choices, widget=Cards)
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    breached_document = LookupField(
        url_name="deviations:find_procedure",
        label=_("Which procedure was not followed?"),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = CategoryChoices(self.user)
        self.fields["category"].choices = self.categories.choices(_("Not set"))  # type: ignore[attr-defined]
        field = self.fields["breached_document"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "breached_document", partial(documents_like, self.user))

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        document = deviation.breached_document
        return {
            "kind": deviation.kind,
            "category": str(deviation.category_id or ""),
            "breached_document": document.title if document else "",
        }

    def clean_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"])


class RemoveFileForm(StepForm):
    reason = GuardedText(
        label=_("Why is it deleted?"),
        max_length=500,
        help_text=_("This stays in the case. Say what is wrong with the file, not who can be seen or heard in it."),
    )


class IdentityForm(StepForm):
    reason = GuardedText(
        label=_("Why do you need to know?"), help_text=_("The reporter sees that you looked, when, and this reason.")
    )
