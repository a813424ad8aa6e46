"""What people write in an improvement: a form for each of the seven steps, and for who takes part."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past
from deviations.models import Category
from improvement import access
from improvement.filters import units_and_below
from improvement.forms import stepping
from improvement.forms.acting import OwnerField, labelled
from improvement.models import Decision, Improvement, Measure, Scale, Size
from improvement.seven_steps import STEPS_IN_ORDER
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, Fold, PageForm, Row, Show
from kvalitetslosen.ui.lookup import LookupField

WEEK = datetime.timedelta(days=7)
QUARTER = datetime.timedelta(days=90)
MOST_MEASURES = 60


class BeginForm(PageForm, forms.Form):
    """What it is about, in few words; everything else comes as the page leads on."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    title = GuardedCharField(
        label=_("What is to become better?"),
        max_length=120,
        help_text=_(
            "In few words: “Doses signed on time”. It hangs on the team’s board: no names, and nothing that points to "
            "anybody."
        ),
    )
    unit = forms.ChoiceField(label=_("For which unit?"))
    owner = OwnerField(label=_("Who leads the work?"))
    follow = forms.ChoiceField(
        label=_("What shows whether it becomes better?"),
        required=False,
        widget=Cards,
        help_text=_("Reports also grow in number when more is reported. Find something to count on purpose later."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        unit: Unit | None = None,
        suggested: Iterable[Measure] = (),
        category: Category | None = None,
        **kwargs: Any,
    ) -> None:
        self.measures, self.category = {str(each.pk): each for each in suggested}, category
        self.units = {str(each.pk): each for each in units_and_below(user)}
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        if unit is not None and str(unit.pk) in self.units:
            kwargs["initial"]["unit"] = str(unit.pk)
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(pk, each.name) for pk, each in self.units.items()]  # type: ignore[attr-defined]
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.initial = labelled(user)  # said by the field itself, so that the fold around it stays shut
        owner.suggest_in(self, "owner", partial(colleagues_like, user))
        if category is None:
            del self.fields["follow"]
            return
        offered = [(pk, f"{each.name} · {each.unit.name}") for pk, each in self.measures.items()]
        if not offered:
            offered = [(NEW, gettext("Cases about “%(category)s”, month by month") % {"category": category.label})]
        self.fields["follow"].choices = [*offered, ("", gettext("I choose later"))]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        follow = ["follow"] if "follow" in self.fields else []
        return Layout("key", "title", "unit", *follow, Fold(_("Add more"), "owner", hint=_("who leads the work")))

    def begun(self) -> dict[str, Any]:
        """What ``actions.begin_improvement`` takes."""
        cleaned = dict(self.cleaned_data)
        follow = cleaned.pop("follow", "")
        begun = cleaned | {"unit": self.units[cleaned["unit"]]}
        if follow == NEW:
            return begun | {"counts": self.category}
        return begun | ({"measure": self.measures[follow]} if follow else {})


class StepForm(stepping.StepForm):
    of = "improvement"

    improvement: Improvement


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""

    asks_nothing = True


class AnalyseForm(StepForm):
    analysis = GuardedText(label=_("How is it today, and why?"), max_length=3000, rows=6)

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, initial={"analysis": improvement.analysis}, **kwargs)


class GoalForm(StepForm):
    goal = GuardedCharField(label=_("What is to be reached?"), max_length=200)
    number_now = GuardedCharField(label=_("The number today"), max_length=40, required=False)
    number_goal = GuardedCharField(label=_("The number to reach"), max_length=40)
    goal_on = forms.DateField(label=_("By when?"), validators=[not_past])

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        names = ("goal", "number_now", "number_goal", "goal_on")
        initial = {name: getattr(improvement, name) for name in names}
        initial["goal_on"] = initial["goal_on"] or timezone.localdate() + QUARTER
        super().__init__(*args, improvement=improvement, initial=initial, **kwargs)

    def layout(self) -> Layout:
        return Layout("seen", "goal", Row("number_now", "number_goal", "goal_on"))

    def clean_number_goal(self) -> str:
        number: str = self.cleaned_data["number_goal"]
        if not any(character.isdigit() for character in number):
            raise ValidationError(_("Write a number: without one, nobody knows when you are there."), code="number")
        return number


class SuggestForm(StepForm):
    what_could_help = GuardedCharField(label=_("What could help?"), max_length=300)
    effort = forms.TypedChoiceField(
        label=_("How much effort?"), choices=Size.choices, coerce=int, initial=Size.MEDIUM, widget=Cards
    )
    effect = forms.TypedChoiceField(
        label=_("How large an effect?"), choices=Size.choices, coerce=int, initial=Size.MEDIUM, widget=Cards
    )

    def layout(self) -> Layout:
        return Layout("seen", "what_could_help", Row("effort", "effect"))

    def what(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"what": cleaned["what_could_help"], "effort": cleaned["effort"], "effect": cleaned["effect"]}


class TakeAwayForm(StepForm):
    asks_nothing = True

    solution = forms.IntegerField(widget=forms.HiddenInput)


class ChooseForm(StepForm):
    chosen = forms.TypedMultipleChoiceField(
        label=_("What do you try first?"),
        coerce=int,
        widget=CardsMultiple,
        help_text=_("Those that give most for least effort stand first."),
    )

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        rows = list(improvement.solutions.all())
        initial = {"chosen": [row.pk for row in rows if row.chosen]}
        super().__init__(*args, improvement=improvement, initial=initial, **kwargs)
        self.fields["chosen"].choices = [(row.pk, row.what) for row in rows]  # type: ignore[attr-defined]
        self.fields["chosen"].widget.descriptions = {
            str(row.pk): _("Effect: %(effect)s. Effort: %(effort)s.")
            % {"effect": row.get_effect_display().lower(), "effort": row.get_effort_display().lower()}
            for row in rows
        }


class PlanTrialForm(StepForm):
    """What one expects comes before anything is done, and is asked for as plainly as what is done."""

    change = GuardedText(label=_("What do you try?"), max_length=600)
    prediction = GuardedText(
        label=_("What do you expect?"),
        max_length=600,
        help_text=_("With a number, if you can. It can’t be changed afterwards: that is what one learns from."),
    )
    scale = forms.ChoiceField(
        label=_("How large?"),
        choices=Scale.choices,
        initial=Scale.PERSON,
        widget=Cards,
        help_text=_("As small as possible first: one person, one shift."),
    )
    begins_on = forms.DateField(label=_("From when?"))
    look_on = forms.DateField(label=_("When do you look at it?"), validators=[not_past])

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial: dict[str, Any] = {"begins_on": today, "look_on": today + WEEK}
        last = improvement.trials.last()
        if last is None:
            chosen = improvement.solutions.filter(chosen=True).first()
            initial["change"] = chosen.what if chosen else ""
        else:
            larger = list(Scale)[min(list(Scale).index(Scale(last.scale)) + 1, len(Scale) - 1)]
            initial |= {
                "change": "" if last.decision == Decision.ABANDON else last.change,
                "scale": larger if last.decision == Decision.ADOPT else last.scale,
            }
        super().__init__(*args, improvement=improvement, initial=initial, **kwargs)

    def layout(self) -> Layout:
        return Layout("seen", "change", "prediction", "scale", Row("begins_on", "look_on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, look = cleaned.get("begins_on"), cleaned.get("look_on")
        if begins and look and look < begins:
            self.add_error("look_on", ValidationError(_("That is before it begins."), code="before"))
        return cleaned


class StudyTrialForm(StepForm):
    what_was_seen = GuardedText(
        label=_("What did you see?"),
        max_length=1000,
        help_text=_("Beside what you expected: as a number, if you can."),
    )
    learnt = GuardedText(label=_("What did you learn?"), max_length=1000)
    decision = forms.ChoiceField(label=_("What now?"), choices=Decision.choices, widget=Cards)

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, **kwargs)
        if running := improvement.trials.filter(studied_at=None).first():
            self.fields["what_was_seen"].help_text = _("You expected: %(what)s") % {"what": running.prediction}


class TieMeasureForm(StepForm):
    measure = forms.ChoiceField(label=_("Which measure shows whether it helps?"))

    def __init__(self, *args: Any, improvement: Improvement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, user=user, **kwargs)
        tied = improvement.measures.values("pk")
        rows = Measure.objects.visible_to(user).followed().exclude(pk__in=tied).select_related("unit")
        rows = rows.filter(level_0=improvement.level_0)
        nearest = sorted(
            rows.order_by("name", "pk")[:MOST_MEASURES], key=lambda row: row.unit_id != improvement.unit_id
        )
        self.rows = {str(row.pk): row for row in nearest}
        self.fields["measure"].choices = [(pk, f"{row.name} ({row.unit.name})") for pk, row in self.rows.items()]  # type: ignore[attr-defined]

    def what(self) -> dict[str, Any]:
        return {"measure": self.rows[self.cleaned_data["measure"]]}


class UntieMeasureForm(StepForm):
    asks_nothing = True

    measure = forms.IntegerField(widget=forms.HiddenInput)


class ConcludeForm(StepForm):
    measured = GuardedText(
        label=_("What do the numbers say?"),
        max_length=1500,
        help_text=_("Did you reach the goal? Does it hold? Say it in your own words, also if it didn’t help."),
    )

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, initial={"measured": improvement.measured}, **kwargs)


EXISTING, NEW = "existing", "new"


class OpenDraftForm(StepForm):
    which = forms.ChoiceField(
        label=_("Which document says how it is done from now on?"),
        choices=[(EXISTING, _("One we have")), (NEW, _("A new procedure"))],
        initial=EXISTING,
        widget=Cards,
    )
    document = LookupField(
        label=_("Which one?"),
        required=False,
        max_length=200,
        url_name="improvements:find_document",
        label_of=lambda row: row.title,
        help_text=_("Write some of the title. You find those you may change."),
    )
    title = GuardedCharField(label=_("What is it called?"), required=False, max_length=200)

    def __init__(self, *args: Any, improvement: Improvement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, user=user, **kwargs)
        document = self.fields["document"]
        assert isinstance(document, LookupField)
        document.suggest_in(self, "document", partial(documents_like, user))
        if not access.may_write_anew(improvement, user):
            self.fields["which"].choices = [(EXISTING, _("One we have"))]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        return Layout("seen", "which", Show("which", EXISTING, "document"), Show("which", NEW, "title"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        which = cleaned.get("which")
        if which == EXISTING and not cleaned.get("document") and "document" not in self.errors:
            self.add_error("document", ValidationError(_("Choose the document."), code="missing"))
        if which == NEW and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", ValidationError(_("Say what it is called."), code="missing"))
        return cleaned

    def what(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"document": cleaned["document"]} if cleaned["which"] == EXISTING else {"title": cleaned["title"]}


def documents_like(user: User, text: str) -> Any:
    return access.documents_to_change(user).filter(title__icontains=text.strip())


class FinishForm(StepForm):
    result = GuardedText(
        label=_("What came of it?"),
        max_length=1500,
        help_text=_(
            "For colleagues, and for everybody who reported what it began from. No names, and nothing about a single "
            "case."
        ),
    )
    without_document = GuardedText(
        label=_("Why need no document be changed?"),
        max_length=500,
        rows=2,
        help_text=_("A new lock on the cupboard needs no procedure. If a document has to be changed, open its draft."),
    )

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, **kwargs)
        if improvement.is_in_force:
            del self.fields["without_document"]


class RewriteForm(StepForm):
    """What has been written so far; the steps that haven't been reached aren't asked about."""

    title = GuardedCharField(label=_("What is to become better?"), max_length=120)
    analysis = GuardedText(label=_("How is it today, and why?"), max_length=3000, rows=6)
    goal = GuardedCharField(label=_("What is to be reached?"), max_length=200)
    number_now = GuardedCharField(label=_("The number today"), max_length=40, required=False)
    number_goal = GuardedCharField(label=_("The number to reach"), max_length=40)
    goal_on = forms.DateField(label=_("By when?"))
    measured = GuardedText(label=_("What do the numbers say?"), max_length=1500)

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        names = ("title", "analysis", "goal", "number_now", "number_goal", "goal_on", "measured")
        initial = {name: getattr(improvement, name) for name in names}
        super().__init__(*args, improvement=improvement, initial=initial, **kwargs)
        for name in names:
            if name != "number_now" and not initial[name]:
                del self.fields[name]
        if "goal" not in self.fields:
            del self.fields["number_now"]


class NextForm(StepForm):
    next_on = forms.DateField(label=_("By when is the next step done?"), validators=[not_past])

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial = {"next_on": max(improvement.next_on or today + WEEK, today)}
        super().__init__(*args, improvement=improvement, initial=initial, **kwargs)


class GoBackForm(StepForm):
    to = forms.ChoiceField(label=_("To which step?"), widget=Cards)
    note = GuardedText(label=_("Why?"), required=False, max_length=1000)

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, improvement=improvement, **kwargs)
        earlier = STEPS_IN_ORDER[: improvement.number - 1] if improvement.is_working else ()
        self.fields["to"].choices = [(str(stage), stage.label) for stage in earlier]  # type: ignore[attr-defined]
        if earlier:
            self.initial.setdefault("to", str(earlier[-1]))


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000)


class PersonForm(StepForm):
    person = OwnerField(label=_("Who?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, OwnerField)
        person.suggest_in(self, "person", partial(colleagues_like, user))


class TakeOutForm(StepForm):
    asks_nothing = True

    person = forms.IntegerField(widget=forms.HiddenInput)


class GiveForm(PersonForm):
    def clean_person(self) -> User:
        person: User = self.cleaned_data["person"]
        if person.pk == self.improvement.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": person.name})
        return person

    def what(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["person"]}


class TakeInForm(PageForm, forms.Form):
    """A case by its number."""

    reference = forms.CharField(label=_("The number of the case"), max_length=24)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()
