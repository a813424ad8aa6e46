"""Whom to ask about a draft and by when; what they say; what is answered."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.actions.hearing import holders
from documents.forms.fields import GuardedText, people_like, unit_label, units_in_municipality
from documents.html import headings
from documents.models import Document, Outcome, Response, Version
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.forms import Fold, Layout, PageForm
from kvalitetslosen.ui.lookup import LookupField

USUAL_DAYS = 14
MOST_DAYS = 180
MOST_HEADINGS = 100
MOST_ASKED = 200
MOST_NAMED = 50  # on lines of their own
BY_NAME = ("person", "person_2", "person_3")
ROLES = [
    (role.value, role.label)
    for role in (
        Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.UNION_REP, Role.DPO, Role.EMPLOYEE,
    )
]  # fmt: skip


def a_day_to_come(day: datetime.date) -> datetime.date:
    """From tomorrow, and within half a year. Raises ``ValidationError``."""
    today = timezone.localdate()
    if not today < day <= today + datetime.timedelta(days=MOST_DAYS):
        raise ValidationError(_("Choose a day from tomorrow and within half a year."))
    return day


def later_than(day: datetime.date) -> datetime.date:
    """A week more than there is, or a week from today where it has passed."""
    return max(day, timezone.localdate()) + datetime.timedelta(days=7)


class InviteForm(PageForm, forms.Form):
    """People by their roles in a unit, and by name."""

    roles = forms.MultipleChoiceField(
        label=_("Who is asked?"), required=False, choices=ROLES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Those in the unit and below it. Representatives and quality contacts above are asked too."),
    )  # fmt: skip
    unit = LookupField(
        url_name="documents:find_asked_unit", label_of=unit_label, label=_("In which unit?"), required=False,
        max_length=200,
    )  # fmt: skip
    person = LookupField(url_name="documents:find_asked", label=_("A person"), required=False, max_length=200)
    person_2 = LookupField(url_name="documents:find_asked", label=_("One more"), required=False, max_length=200)
    person_3 = LookupField(url_name="documents:find_asked", label=_("One more"), required=False, max_length=200)
    others = forms.CharField(
        label=_("More people"), required=False, max_length=4000, help_text=_("One name on each line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    needed_later = ("roles",)

    def __init__(self, *args: Any, user: User, document: Document, **kwargs: Any) -> None:
        self.user, self.document = user, document
        kwargs["initial"] = {"unit": unit_label(document.unit)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, find in (("unit", units_in_municipality), *((each, people_like) for each in BY_NAME)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, lambda text, find=find: find(user, text))  # type: ignore[misc]

    def layout(self) -> Layout:
        return Layout("roles", "unit", Fold(_("By name"), *BY_NAME, "others"))

    def people(self) -> list[User]:
        named = [each for name in BY_NAME if (each := self.cleaned_data.get(name))]
        return list(dict.fromkeys([*named, *self.cleaned_data.get("others", [])]))

    def clean_others(self) -> list[User]:
        """Who each line means: somebody with that name, or the only one whose name has it in it."""
        lines = [line.strip(" ,;•-") for line in self.cleaned_data["others"].splitlines()]
        wanted = list(dict.fromkeys(line for line in lines if line))
        if len(wanted) > MOST_NAMED:
            raise ValidationError(gettext("Write at most %(n)s names.") % {"n": MOST_NAMED})
        found: list[User] = []
        wrong: list[str] = []
        for line in wanted:
            fits = list(people_like(self.user, line)[:20])
            fits = [each for each in fits if each.name.casefold() == line.casefold()] or fits
            if len(fits) == 1:
                found += fits
            elif fits:
                wrong.append(gettext("“%(name)s” fits several. Write the whole name.") % {"name": line})
            else:
                wrong.append(gettext("Nobody here is called “%(name)s”.") % {"name": line})
        if wrong:
            raise ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned["roles"] and not self.people():
            self.add_error(None, gettext("Choose whom to ask: a role, or somebody by name."))
        elif cleaned["roles"]:
            unit = cleaned.get("unit") or self.document.unit
            found = {each.user_id for each in holders(unit, cleaned["roles"])}
            if not found and not self.people():
                self.add_error("roles", gettext("Nobody has these roles there."))
            elif len(found) > MOST_ASKED:
                self.add_error(
                    "roles", gettext("That is %(n)s people. Ask fewer than 200 at a time.") % {"n": len(found)}
                )
        return cleaned

    def what(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "people": self.people(),
            "roles": given["roles"],
            "unit": (given.get("unit") or self.document.unit) if given["roles"] else None,
        }


class AskHearingForm(InviteForm):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    deadline = forms.DateField(label=_("Answer by"))
    question = GuardedText(
        label=_("What do you want to know?"), required=False, rows=3,
        help_text=_("Those who are asked see this above the text."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "seen": version.events_count,
            "deadline": timezone.localdate() + datetime.timedelta(days=USUAL_DAYS),
        } | kwargs.get("initial", {})
        super().__init__(*args, document=version.document, **kwargs)

    def layout(self) -> Layout:
        return Layout("seen", "roles", "unit", Fold(_("By name"), *BY_NAME, "others"), "deadline", "question")

    def clean_deadline(self) -> datetime.date:
        return a_day_to_come(self.cleaned_data["deadline"])

    def what(self) -> dict[str, Any]:
        return super().what() | {name: self.cleaned_data[name] for name in ("seen", "deadline", "question")}


class ExtendForm(PageForm, forms.Form):
    deadline = forms.DateField(label=_("Answer by"))

    def clean_deadline(self) -> datetime.date:
        return a_day_to_come(self.cleaned_data["deadline"])


class ResponseForm(PageForm, forms.Form):
    """About which heading, and the words."""

    heading = forms.ChoiceField(label=_("Which part is it about?"), required=False)
    text = GuardedText(label=_("What do you think?"), rows=4)
    marks_optional = False

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(dict.fromkeys(heading[:300] for heading in headings(version.body) if heading))[:MOST_HEADINGS]
        field = self.fields["heading"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole document")), *((heading, heading) for heading in found)]
        if not found:
            del self.fields["heading"]


class OutcomeForm(PageForm, forms.Form):
    """Whether a comment is taken in; where it isn't, why."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[(each.value, each.label) for each in (Outcome.TAKEN_IN, Outcome.NOT_TAKEN_IN)],
        widget=forms.RadioSelect,
    )
    answer = GuardedText(
        label=_("Your answer"), required=False, rows=2, help_text=_("Needed where it isn't taken into account: why.")
    )

    def __init__(self, *args: Any, response: Response, **kwargs: Any) -> None:
        kwargs["initial"] = {"outcome": response.outcome, "answer": response.answer}
        kwargs.setdefault("auto_id", f"id_{response.pk}_%s")
        super().__init__(*args, **kwargs)
