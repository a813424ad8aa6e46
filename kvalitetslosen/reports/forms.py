"""What is written in a report, whom it is shared with and how often it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.reports.frozen import Part
from kvalitetslosen.reports.models import PRICES, SHARED_WITH, HourPrice, Report, Share
from kvalitetslosen.reports.periods import Rhythm
from kvalitetslosen.reports.registry import Kind, kinds_of
from kvalitetslosen.ui.forms import PageForm

LONGEST = 8000
PREFIX = "tekst_"


class TextsForm(PageForm, forms.Form):
    """A field for each section, with what its figures say above it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, parts: list[Part], prompts: dict[str, str], **kwargs: Any) -> None:
        initial = {"seen": report.events_count} | {PREFIX + name: text for name, text in report.texts.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for part in parts:
            field = identity_numbers.GuardedCharField(
                label=part.title,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=" ".join(
                    each
                    for each in (part.figures.sentence if part.figures else "", prompts.get(part.name, ""))
                    if each
                ),
            )
            self.fields[PREFIX + part.name] = field

    def written(self) -> dict[str, str]:
        return {
            name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items() if name.startswith(PREFIX)
        }


class SeenForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AddFiguresForm(PageForm, forms.Form):
    """Heading, period and place of figures that are put in."""

    heading = identity_numbers.GuardedCharField(
        label=gettext_lazy("Heading"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Leave it empty for the one above."),
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, widget=forms.RadioSelect())
    place = forms.ChoiceField(label=gettext_lazy("Where?"), required=False)

    def __init__(self, *args: Any, parts: list[Part], periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if periods:
            self.fields["period"].choices = periods  # type: ignore[attr-defined]
            self.initial.setdefault("period", "")
        else:
            del self.fields["period"]
        places = [("", _("First")), *((part.name, _("After “%(part)s”") % {"part": part.title}) for part in parts)]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.initial.setdefault("place", places[-2 if len(places) > 1 else -1][0])  # what comes next stands last


class WithdrawForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = identity_numbers.GuardedCharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Those it was shared with can’t open it any more."),
    )


class ShareForm(PageForm, forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Share with everybody who is"))

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = set(Share.objects.filter(report=report, ended_at=None).values_list("role", flat=True))
        kind = report.of_kind
        first = kind.readers if kind else ()
        order = [*first, *(role for role in SHARED_WITH if role not in first)]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in order if role.value not in taken
        ]
        self.fields["role"].help_text = _("In this unit, in those below it and in those above it.")


class ScheduleForm(PageForm, forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Which report?"))
    unit = forms.ChoiceField(label=gettext_lazy("Of which unit?"))
    rhythm = forms.ChoiceField(label=gettext_lazy("How often?"), choices=Rhythm.choices)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("To whom?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        choices=[(role.value, role.label) for role in SHARED_WITH],
        help_text=gettext_lazy(
            "Those with the role in the unit or above it, and those you name on the next page. Whoever may not have "
            "the report gets no mail: it is asked each time."
        ),
    )
    with_file = forms.BooleanField(
        label=gettext_lazy("With the report as a file (PDF)"),
        required=False,
        help_text=gettext_lazy("Each gets the figures they may read themselves. A file in a mailbox can be sent on."),
    )

    def __init__(self, *args: Any, user: User, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.kinds: dict[str, Kind] = {kind.name: kind for kind in kinds_of(user)}
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["kind"].choices = [(name, kind.label) for name, kind in self.kinds.items()]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, unit = self.kinds.get(cleaned.get("kind", "")), self.units.get(cleaned.get("unit", ""))
        if kind is not None and unit is not None and not kind.writes(self.user, unit):  # nor see what is planned
            self.add_error("unit", _("You don’t have this report of this unit."))
        if kind is not None and cleaned.get("roles"):
            readers = {*kind.roles, *kind.whole}
            if not readers & {Role(role) for role in cleaned["roles"]}:
                self.add_error("roles", _("Nobody with this role has the report. Share an approved one instead."))
            if (rhythm := cleaned.get("rhythm")) and not kind.follows(rhythm, cleaned.get("roles", [])):
                self.add_error(
                    "rhythm",
                    _(
                        "Somebody among them has figures only, and to them this report comes “%(rhythm)s”: two "
                        "rhythms beside each other would tell the small numbers that are left out."
                    )
                    % {"rhythm": Rhythm(kind.rhythm).label},
                )
        return cleaned

    def chosen(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "kind": self.kinds[cleaned["kind"]],
            "unit": self.units[cleaned["unit"]],
            "rhythm": cleaned["rhythm"],
            "roles": cleaned["roles"],
            "with_file": cleaned["with_file"],
        }


class RecipientForm(PageForm, forms.Form):
    """Somebody to get it by name, of those who may have it."""

    person = forms.ChoiceField(label=gettext_lazy("Who else gets it?"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        roles = {
            pk: ", ".join(str(Role(role).label) for role in user.standing.held) for pk, user in self.people.items()
        }
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((pk, f"{user.name} ({roles[pk].lower()})") for pk, user in self.people.items()),
        ]

    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]


class PriceForm(PageForm, forms.Form):
    """What an hour costs, and minutes for each step."""

    price = forms.IntegerField(
        label=gettext_lazy("What does an hour cost?"),
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("Kroner, with social costs. An average for the municipality is enough."),
    )
    report_minutes = forms.IntegerField(label=gettext_lazy("To report a case"), min_value=0, max_value=600)
    tick_minutes = forms.IntegerField(label=gettext_lazy("To tick an event"), min_value=0, max_value=600)
    handle_minutes = forms.IntegerField(
        label=gettext_lazy("To follow up a case until it is closed"), min_value=0, max_value=6000
    )
    cause_minutes = forms.IntegerField(
        label=gettext_lazy("To look for the cause step by step"), min_value=0, max_value=6000
    )

    after = {"price": gettext_lazy("kroner"), **dict.fromkeys(PRICES, gettext_lazy("minutes"))}

    @staticmethod
    def initial_of(row: HourPrice | None) -> dict[str, Any]:
        return (
            row.said() if row else {"report_minutes": 5, "tick_minutes": 1, "handle_minutes": 60, "cause_minutes": 240}
        )
