"""What is asked about whom to tell, and what ticking it off takes."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import duties
from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, person_label
from deviations.models import Breach, Deviation, Duty, DutySettings, Reply
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Part
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    SettingsModelForm = forms.ModelForm[DutySettings]
else:
    SettingsModelForm = forms.ModelForm

LONGEST_AGO = datetime.timedelta(days=3660)


def not_ahead(moment: datetime.datetime | None) -> datetime.datetime | None:
    """A time that has been, not too long ago. A minute ahead is a clock that goes wrong."""
    now = timezone.now()
    if moment is None:
        return None
    if moment > now + datetime.timedelta(minutes=5):
        raise ValidationError(_("That time has not been yet."))
    if moment < now - LONGEST_AGO:
        raise ValidationError(_("That is too long ago. Look at the year."))
    return min(moment, now)


class TriageForm(PageForm, forms.Form):
    """The questions that fit the case in plain sight, the others folded away. All may be left open."""

    marks_optional = False
    aware = forms.DateTimeField(
        label=_("When did somebody in the municipality become aware?"),
        required=False,
        help_text=_("The deadlines count from here. Leave it empty if it was when the case was reported."),
    )

    def __init__(
        self,
        *args: Any,
        deviation: Deviation,
        first: Collection[str],
        allowed: Collection[str],
        answers: Mapping[str, str],
        fixed: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.deviation = deviation
        self.first = [code for code in first if code in allowed]
        self.further = [each.code for each in duties.QUESTIONS if each.code in allowed and each.code not in self.first]
        for code in (*self.first, *self.further):
            question = duties.BY_CODE[code]
            self.fields[code] = forms.ChoiceField(
                label=question.text,
                choices=Reply.choices,
                required=False,
                widget=Cards,
                initial=answers.get(code, ""),
                help_text=question.hint or "",
                disabled=code in fixed,
            )

    def layout(self) -> Layout:
        return Layout(
            *self.first,
            Fold(_("More questions, and when you became aware"), *self.further, "aware")
            if self.further
            else Fold(_("When you became aware"), "aware"),
        )

    def clean_aware(self) -> datetime.datetime | None:
        return not_ahead(self.cleaned_data["aware"])

    @property
    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in (*self.first, *self.further) if self.cleaned_data.get(code)}


class DutyForm(PageForm, forms.Form):
    """What a step of a duty asks for. ``seen`` tells whether somebody else did something in between."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": duty.events_count, **self.filled_in(duty), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.duty = duty

    @staticmethod
    def filled_in(duty: Duty) -> dict[str, Any]:
        return {}

    def what(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class DoneForm(DutyForm):
    done_at = forms.DateTimeField(label=_("When were they told?"))
    receipt = identity_numbers.GuardedCharField(label=_("Receipt number"), max_length=120, required=False)
    remark = GuardedText(
        label=_("Note"), required=False, rows=2, help_text=_("Who you talked to, say. No names of those it is about.")
    )

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, duty=duty, **kwargs)
        self.fields["receipt"].help_text = duty.counted_by.receipt or ""

    @staticmethod
    def filled_in(duty: Duty) -> dict[str, Any]:
        return {"done_at": timezone.localtime().replace(second=0, microsecond=0)}

    def clean_done_at(self) -> datetime.datetime | None:
        return not_ahead(self.cleaned_data["done_at"])


class NotNeededForm(DutyForm):
    reason = GuardedText(
        label=_("Why is it not needed?"), help_text=_("This is kept. Write it so that somebody else understands it.")
    )

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, duty=duty, **kwargs)
        if duty.has_report:
            self.fields["reason"].label = _("Why is a risk to those it is about unlikely?")
            self.fields["reason"].help_text = _(
                "The law wants every breach documented, also one that is not reported."
            )


class MoveClockForm(DutyForm):
    clock_from = forms.DateTimeField(label=_("When did you become aware?"))
    note = GuardedText(label=_("Why was it another time?"), rows=2)

    @staticmethod
    def filled_in(duty: Duty) -> dict[str, Any]:
        return {"clock_from": timezone.localtime(duty.clock_from).replace(second=0, microsecond=0)}

    def clean_clock_from(self) -> datetime.datetime | None:
        return not_ahead(self.cleaned_data["clock_from"])


class TakeBackForm(DutyForm):
    note = GuardedText(label=_("Why is it not finished after all?"), rows=2)


class FillInForm(DutyForm):
    """What article 33 asks for, in any order and as often as one likes."""

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, duty=duty, **kwargs)
        for name in Breach.FIELDS:
            field = Breach._meta.get_field(name)
            longest = getattr(field, "max_length", None)
            label = str(field.verbose_name)  # type: ignore[union-attr]
            options: dict[str, Any] = {"label": label[:1].upper() + label[1:], "required": False}
            self.fields[name] = (
                identity_numbers.GuardedCharField(max_length=longest, **options)
                if longest
                else GuardedText(rows=3, **options)
            )

    needed_later = Breach.FIELDS

    @staticmethod
    def filled_in(duty: Duty) -> dict[str, Any]:
        breach = Breach.objects.filter(duty=duty).first()
        return {name: getattr(breach, name) for name in Breach.FIELDS} if breach else {}


class DutySettingsForm(PageForm, SettingsModelForm):
    doctor = LookupField(
        url_name="deviations:find_colleague",
        label_of=person_label,
        label=_("Municipal doctor"),
        required=False,
        max_length=200,
        help_text=_("Gets a mail at once when two or more are ill at the same time. Write the beginning of the name."),
    )
    ict = LookupField(
        url_name="deviations:find_colleague",
        label_of=person_label,
        label=_("Contact for ICT"),
        required=False,
        max_length=200,
        help_text=_("Gets a mail at once when an ICT event stops an important service."),
    )

    class Meta:
        model = DutySettings
        fields = ("patient_rules_from",)

    def __init__(self, *args: Any, user: User, instance: DutySettings, **kwargs: Any) -> None:
        named = {name: person_label(each) for name in ("doctor", "ict") if (each := getattr(instance, name))}
        super().__init__(*args, instance=instance, initial=named, **kwargs)
        for name in ("doctor", "ict"):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, partial(colleagues_like, user))
        self.fields["patient_rules_from"].help_text = _(
            "LOV-2025-06-20-74: five working days to Statsforvalteren, and a written report within three months. "
            "Leave it empty until the day it holds from is decided; until then the old rule counts: the next day."
        )

    def layout(self) -> Layout:
        return Layout(
            Part(_("Who is told inside"), "doctor", "ict"), Part(_("Which rules hold"), "patient_rules_from")
        )
