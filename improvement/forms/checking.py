"""What people write about a look at the effect: the plan before, what was seen after."""

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
from deviations.forms.people import LATEST, colleagues_like
from deviations.models import Deviation
from improvement.forms import stepping
from improvement.forms.acting import OwnerField, labelled, refuse_owner
from improvement.models import EffectCheck, Measure
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Fold, PageForm

USUAL_TIME = datetime.timedelta(days=75)
"""Between 60 and 90 days for what is serious is the custom of industry; what fits is the leader's to judge."""


def to_come(day: datetime.date) -> None:
    today = timezone.localdate()
    if day <= today:
        raise ValidationError(_("Choose a day to come."), code="past")
    if day > today + LATEST:
        raise ValidationError(_("That is more than ten years ahead. Is the year right?"), code="far")


class MeasureField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when running
    """One of the measures the person sees."""

    def __init__(self) -> None:
        super().__init__(
            Measure.objects.none(),
            label=_("Which measure shows it?"),
            required=False,
            empty_label=_("None of them"),
        )


class PlanCheckForm(PageForm, forms.Form):
    """What shall be seen, by when, by whom: asked before one acts."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    criterion = GuardedText(
        label=_("What shows that it works?"),
        max_length=1000,
        help_text=_("A number or something one can see: “No fall at night for two months”. It stands when you look."),
    )
    opens_on = forms.DateField(
        label=_("When do you look?"), validators=[to_come], help_text=_("Usually after 60 to 90 days.")
    )
    owner = OwnerField(label=_("Who looks?"))
    measure = MeasureField()

    def __init__(self, *args: Any, user: User, deviation: Deviation | None, **kwargs: Any) -> None:
        planned = deviation.effect_check_on if deviation else None
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "owner": labelled(user),
            "opens_on": planned or timezone.localdate() + USUAL_TIME,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.user, self.deviation = user, deviation
        _offer(self, user)
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def layout(self) -> Layout:
        measure = [Fold(_("Add more"), "measure", hint=_("a measure"))] if "measure" in self.fields else []
        return Layout("key", "criterion", "opens_on", "owner", *measure)

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        refuse_owner(owner, municipality_id=self.user.municipality_id, deviation=self.deviation)
        return owner

    def planned(self) -> dict[str, Any]:
        """What ``actions.plan_check`` takes besides the case, and ``plan_check_of`` besides the action."""
        return {"measure": None, **self.cleaned_data}


def _offer(form: forms.Form, user: User) -> None:
    """Let the form's field choose among the person's measures; no field where they have none."""
    rows = Measure.objects.visible_to(user).followed()
    if not rows.exists():
        del form.fields["measure"]
        return
    form.fields["measure"].queryset = rows.order_by("name", "pk")  # type: ignore[attr-defined]


class StepForm(stepping.StepForm):
    of = "check"

    check: EffectCheck


class FoundForm(StepForm):
    words = GuardedText(
        label=_("What do you see?"),
        max_length=1000,
        help_text=_("The reporter reads this: no names. Say what is different now, or what isn't."),
    )

    def __init__(self, *args: Any, check: EffectCheck, **kwargs: Any) -> None:
        super().__init__(*args, check=check, **kwargs)
        if check.deviation_id is None:
            self.fields["words"].help_text = _("Whoever did it reads this. Say what is different now, or what isn’t.")


class LaterForm(StepForm):
    opens_on = forms.DateField(label=_("When do you look again?"), validators=[to_come])
    note = GuardedText(label=_("Why?"), max_length=1000)


class RewordForm(StepForm):
    criterion = GuardedText(label=_("What shows that it works?"), max_length=1000)
    opens_on = forms.DateField(label=_("When do you look?"), validators=[to_come])
    measure = MeasureField()

    def __init__(self, *args: Any, check: EffectCheck, user: User, **kwargs: Any) -> None:
        initial = {"criterion": check.criterion, "opens_on": check.opens_on, "measure": check.measure_id}
        super().__init__(*args, check=check, user=user, initial=initial, **kwargs)
        _offer(self, user)


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000)


class PassOnForm(StepForm):
    owner = OwnerField(label=_("Who looks from now on?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        if owner.pk == self.check.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": owner.name})
        refuse_owner(owner, municipality_id=self.check.level_0, deviation=self.check.deviation)
        return owner
