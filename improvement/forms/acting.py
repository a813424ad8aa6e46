"""What people write about an action. Forms check and clean; they save nothing."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past, person_label
from deviations.models import Deviation
from improvement.actions import may_own, may_share
from improvement.forms import stepping
from improvement.models import SHORT, Action, Hazard, Improvement, Strength
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm
from kvalitetslosen.ui.lookup import LookupField

USUAL_TIME = datetime.timedelta(days=14)


def labelled(user: User) -> str:
    """The person's own label, as the list of suggestions has it."""
    found = colleagues_like(user, user.email).filter(pk=user.pk).first()
    return person_label(found or user)


# The hierarchy of root cause analysis (RCA2): what helps without anybody remembering it stands highest.
EXAMPLES: dict[str, Any] = {
    Strength.STRONG: _(
        "Changes the place, the equipment or the way of working, so that the mistake is hard to make: a lock, "
        "equipment that is alike everywhere, a step that is taken away, a leader who takes part."
    ),
    Strength.MEDIUM: _(
        "Helps people to do it right: a checklist, fewer interruptions, more staff or less to do, help from the "
        "computer, a fixed way to hand over, practising together."
    ),
    Strength.WEAK: _("Depends on everybody remembering: a reminder, training, a new procedure, checking twice."),
}


class OwnerField(LookupField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Who does it?"))
        kwargs.setdefault("max_length", 200)
        super().__init__(url_name="improvement:find_person", label_of=person_label, **kwargs)


def refuse_owner(owner: User, *, municipality_id: int | None, deviation: Deviation | None) -> None:
    if not may_own(owner, municipality_id=municipality_id, deviation=deviation):
        raise ValidationError(_("%(name)s can't have this action. Choose somebody else."), params={"name": owner.name})


class ActionForm(PageForm, forms.Form):
    """What, who, by when. The rest may be left out."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    what = GuardedText(label=_("What is to be done?"), max_length=1000)
    owner = OwnerField()
    deadline = forms.DateField(label=_("By when?"), validators=[not_past])
    unit = forms.ChoiceField(label=_("For which unit?"))
    strength = forms.ChoiceField(
        label=_("How strong is it?"),
        required=False,
        choices=[("", _("Not assessed")), *SHORT.items()],
        widget=Cards(descriptions=EXAMPLES),
        help_text=_("The less it depends on somebody remembering, the longer it lasts."),
    )

    shared = forms.BooleanField(
        label=_("Show it to colleagues when it is done"),
        required=False,
        help_text=_(
            "Those who work in the unit and the units below it then read what was to be done and what was done, "
            "nothing about a case and not who did it. Write it so that all of them can read it."
        ),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        deviation: Deviation | None,
        improvement: Improvement | None = None,
        hazard: Hazard | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "owner": labelled(user),
            "deadline": timezone.localdate() + USUAL_TIME,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.user, self.deviation, self.improvement, self.hazard = user, deviation, improvement, hazard
        self.led = {str(unit.pk): unit for unit in user.standing.units(Role.LEADER)}
        if self.belongs or len(self.led) == 1:
            del self.fields["unit"]
        else:
            self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.led.items()]  # type: ignore[attr-defined]
        if not may_share(deviation):
            del self.fields["shared"]
        self.fields["owner"].help_text = (
            _("Write the beginning of the name. Whoever gets it sees what you write here, not the case.")
            if deviation
            else _("Write the beginning of the name.")
        )
        owner = self.fields["owner"]
        assert isinstance(owner, LookupField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    @property
    def belongs(self) -> bool:
        """Whether what it is part of says which unit's it is."""
        return any(each is not None for each in (self.deviation, self.improvement, self.hazard))

    def layout(self) -> Layout:
        unit = ["unit"] if "unit" in self.fields else []
        shared = ["shared"] if "shared" in self.fields else []
        # For what is serious it is thought of now: one that depends on remembering is seldom enough.
        strength: Any = "strength"
        if self.deviation is None or not self.deviation.is_serious:
            strength = Fold(_("Add more"), "strength", hint=_("strength"))
        return Layout("key", "what", "owner", "deadline", *unit, *shared, strength)

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        refuse_owner(owner, municipality_id=self.user.municipality_id, deviation=self.deviation)
        return owner

    def planned(self) -> dict[str, Any]:
        """What ``actions.plan`` takes."""
        cleaned = self.cleaned_data
        unit: Unit | None = None
        if not self.belongs:
            unit = self.led[cleaned["unit"]] if "unit" in self.fields else next(iter(self.led.values()))
        return {
            "key": cleaned["key"],
            "what": cleaned["what"],
            "owner": cleaned["owner"],
            "deadline": cleaned["deadline"],
            "strength": cleaned["strength"],
            "shared": cleaned.get("shared", False),
            "unit": unit,
            "deviation": self.deviation,
            "improvement": self.improvement,
            "hazard": self.hazard,
        }


class StepForm(stepping.StepForm):
    of = "action"

    action: Action


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""

    asks_nothing = True


class WeighForm(StepForm):
    strength = forms.ChoiceField(
        label=_("How strong is it?"),
        choices=list(SHORT.items()),
        widget=Cards(descriptions=EXAMPLES),
        help_text=_("The less it depends on somebody remembering, the longer it lasts."),
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, action=action, initial={"strength": action.strength}, **kwargs)


class FinishForm(StepForm):
    done_note = GuardedText(label=_("What was done?"), max_length=1000)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, action=action, **kwargs)
        if action.shared:
            self.fields["done_note"].help_text = _(
                "Those who work in %(unit)s read this: no names, and nothing about a case."
            ) % {"unit": action.unit.name}


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000)


class MoveDeadlineForm(StepForm):
    deadline = forms.DateField(label=_("New deadline"), validators=[not_past])
    note = GuardedText(label=_("Why?"), max_length=1000)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, action=action, initial={"deadline": action.deadline}, **kwargs)

    def clean_deadline(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["deadline"]
        if day == self.action.deadline:
            raise ValidationError(_("That is the deadline it has already."))
        return day


class HandOverForm(StepForm):
    owner = OwnerField(label=_("Who does it from now on?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, LookupField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        if owner.pk == self.action.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": owner.name})
        refuse_owner(owner, municipality_id=self.action.level_0, deviation=self.action.deviation)
        return owner
