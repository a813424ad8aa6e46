"""What is written about forums, meetings and what is on the agenda."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past, person_label
from deviations.models import Deviation, Naming
from improvement.forms.acting import USUAL_TIME
from improvement.meeting_access import units_to_found_in
from improvement.models import AgendaItem, Every, Forum, ForumKind, Meeting
from kvalitetslosen import identity_numbers
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, DateInput, Fold, PageForm, Row, Show, TimeInput
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    from django.http import QueryDict

KINDS: dict[str, Any] = {
    ForumKind.LEADERS: _("What the cases were about, how they were followed up, and whether it led to improvement."),
    ForumKind.TEAM: _("The cases to talk about, what was tried, and what went well."),
    ForumKind.BOARD: _("Ten minutes standing: risk, new cases, one measurement, one idea."),
    ForumKind.WORK_ENVIRONMENT: _("Cases about the working environment, injuries, sick leave, plans."),
    ForumKind.REVIEW: _("The fourteen points of the year, each with its figures."),
    ForumKind.AUDIT: _("Criteria, what the cases tell, findings and how to go on."),
    ForumKind.PEERS: _("Leaders of several municipalities learn from each other. Nothing is counted."),
}
SHOWN = 200  # units to choose from
WORDS = 1500


class ForumForm(PageForm, forms.Form):
    """Which agenda, about which unit; the name may be left to the product."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    name = identity_numbers.GuardedCharField(label=_("What is it called?"), max_length=120)
    kind = forms.ChoiceField(label=_("Which agenda?"), widget=Cards(descriptions=KINDS))
    unit = forms.ChoiceField(
        label=_("About which unit?"),
        required=False,
        help_text=_("The agenda counts what you see of this unit and those below it."),
    )
    network = forms.ChoiceField(
        label=_("In which network?"),
        required=False,
        help_text=_("Leaders of all its municipalities can join. They read what is written in the meetings."),
    )
    every = forms.ChoiceField(label=_("How often?"), required=False, choices=[("", _("As it comes")), *Every.choices])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "kind": ForumKind.LEADERS, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.units = {str(each.pk): each for each in units_to_found_in(user)[:SHOWN]}
        networks = Network.objects.of(user.municipality_id).order_by("name", "pk")[:SHOWN]
        self.networks = {str(each.pk): each for each in networks}
        kinds = [each for each in ForumKind.choices if each[0] != ForumKind.PEERS or self.networks]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        named = [(pk, each.name) for pk, each in self.units.items()]
        self.fields["unit"].choices = [("", _("Choose a unit")), *named]  # type: ignore[attr-defined]
        if len(named) == 1:
            self.fields["unit"].initial = named[0][0]
        across = [(pk, each.name) for pk, each in self.networks.items()]
        self.fields["network"].choices = [("", _("Choose a network")), *across]  # type: ignore[attr-defined]
        if not self.networks:
            del self.fields["network"]
        elif len(across) == 1:
            self.fields["network"].initial = across[0][0]

    def layout(self) -> Layout:
        across = [Show("kind", ForumKind.PEERS, "network")] if "network" in self.fields else []
        return Layout("key", "name", "kind", "unit", *across, Fold(_("Add more"), "every", hint=_("how often")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ForumKind.PEERS:
            if not cleaned.get("network"):
                self.add_error("network", ValidationError(_("Choose the network it is in."), code="missing"))
        elif "kind" in cleaned and not cleaned.get("unit"):
            self.add_error("unit", ValidationError(_("Choose the unit it is about."), code="missing"))
        return cleaned

    def begun(self, user: User) -> dict[str, Any]:
        """What ``actions.found_forum`` takes."""
        cleaned = self.cleaned_data
        across = cleaned["kind"] == ForumKind.PEERS
        unit: Unit | None = self.units.get(cleaned["unit"])
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "kind": cleaned["kind"],
            "network": self.networks[cleaned["network"]] if across else None,
            "unit": user.municipality if across or unit is None else unit,
            "every": cleaned["every"],
        }


class ChangeForumForm(PageForm, forms.Form):
    name = identity_numbers.GuardedCharField(label=_("What is it called?"), max_length=120)
    leader = forms.ChoiceField(label=_("Who leads it?"))
    secretary = forms.ChoiceField(
        label=_("Who takes the minutes?"), required=False, help_text=_("Writes the agenda and the minutes as well.")
    )
    every = forms.ChoiceField(label=_("How often?"), required=False, choices=[("", _("As it comes")), *Every.choices])

    def __init__(self, *args: Any, forum: Forum, members: list[User], **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": forum.name, "leader": str(forum.leader_id), "secretary": str(forum.secretary_id or ""),
            "every": forum.every,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        # Its journal and its unit are the municipality's it was founded in, and so is who leads it.
        self.people = {str(each.pk): each for each in members}
        home = [(pk, each.name) for pk, each in self.people.items() if each.municipality_id == forum.level_0]
        self.fields["leader"].choices = home  # type: ignore[attr-defined]
        named = [(pk, each.name) for pk, each in self.people.items()]
        self.fields["secretary"].choices = [("", _("Whoever leads it")), *named]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"].strip(),
            "leader": self.people[cleaned["leader"]],
            "secretary": self.people.get(cleaned["secretary"]),
            "every": cleaned["every"],
        }


class MemberForm(PageForm, forms.Form):
    person = LookupField(
        url_name="improvement:find_person",
        label_of=person_label,
        label=_("Who else takes part?"),
        max_length=200,
        help_text=_("Write the beginning of the name."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, LookupField)
        person.suggest_in(self, "person", lambda text: colleagues_like(user, text))


class MeetingForm(PageForm, forms.Form):
    """When and where, and the time its figures are of."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    day = forms.DateField(label=_("Which day?"), widget=DateInput)
    hour = forms.TimeField(label=_("From what time?"), widget=TimeInput)
    lasts = forms.IntegerField(
        label=_("How many minutes?"), min_value=5, max_value=Meeting.LONGEST, initial=Meeting.LASTS
    )
    place = identity_numbers.GuardedCharField(label=_("Where?"), max_length=120, required=False)
    period_first = forms.DateField(label=_("The agenda is about the time from"), widget=DateInput)
    period_last = forms.DateField(label=_("to"), widget=DateInput)

    def __init__(self, *args: Any, forum: Forum, meeting: Meeting | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = self._of(meeting) if meeting else {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.forum, self.meeting = forum, meeting

    @staticmethod
    def _of(meeting: Meeting) -> dict[str, Any]:
        starts = timezone.localtime(meeting.starts_at)
        return {
            "seen": meeting.events_count,
            "day": starts.date(),
            "hour": starts.time(),
            "lasts": meeting.lasts,
            "place": meeting.place,
            "period_first": meeting.period_first,
            "period_last": meeting.period_last,
        }

    def layout(self) -> Layout:
        period = Row("period_first", "period_last")
        return Layout("key", "seen", Row("day", "hour", "lasts"), "place", period)

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if self.meeting is None or day != timezone.localdate(self.meeting.starts_at):
            not_past(day)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("period_first"), cleaned.get("period_last")
        if first and last and last < first:
            self.add_error("period_last", ValidationError(_("The end is before the beginning."), code="order"))
        elif first and last and (last - first).days > 1100:
            self.add_error("period_first", ValidationError(_("That is more than three years."), code="long"))
        return cleaned

    def planned(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        starts = datetime.datetime.combine(cleaned["day"], cleaned["hour"], timezone.get_default_timezone())
        return {
            "starts_at": starts,
            "lasts": cleaned["lasts"],
            "place": cleaned["place"],
            "period_first": cleaned["period_first"],
            "period_last": cleaned["period_last"],
        }


class BesideOthers(PageForm, forms.Form):
    """What two may write at once: the other's words are shown beside one's own, to be joined by hand."""

    written: tuple[str, ...]
    theirs: Sequence[tuple[str, str]] = ()

    def beside(self, item: AgendaItem) -> None:
        """Somebody has written there meanwhile: show it, and save over it next time, when it has been read."""
        said = {name: getattr(item, name) for name in self.written if name in self.fields}
        self.theirs = [
            (str(self.fields[name].label), words)
            for name, words in said.items()
            if words and words != self.cleaned_data.get(name)
        ]
        sent = cast("QueryDict", self.data).copy()
        sent[self.add_prefix("seen")] = str(item.edits)
        self.data = sent
        self.add_error(
            None,
            _("Somebody else wrote here meanwhile. Read what they wrote, take along what matters, and save again."),
        )


class ItemForm(BesideOthers):
    """A point of the agenda in one's own words."""

    written = ("heading", "words")

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    heading = identity_numbers.GuardedCharField(label=_("Heading"), max_length=120)
    words = GuardedText(label=_("What it says"), required=False, max_length=WORDS, rows=5)

    def __init__(self, *args: Any, item: AgendaItem | None = None, forum: Forum, **kwargs: Any) -> None:
        if item is not None:
            kwargs["initial"] = {"seen": item.edits, "heading": item.heading, "words": item.words}
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = read_by(forum)


class TakeOffForm(PageForm, forms.Form):
    why = GuardedText(
        label=_("Why?"), max_length=500, rows=2, help_text=_("A word to whoever suggested it. They alone read it.")
    )


def read_by(forum: Forum) -> Any:
    if forum.is_across:
        return _("Read by people in other municipalities: no names, places or anything that shows who it is about.")
    return _("All the members read it: no names, and nothing that shows who a case is about.")


class BringCaseForm(PageForm, forms.Form):
    """A case, told so that nobody can be known again."""

    meeting = forms.ChoiceField(label=_("To which meeting?"), widget=Cards)
    heading = identity_numbers.GuardedCharField(label=_("Heading"), max_length=120, initial=_("A case to learn from"))
    words = GuardedText(
        label=_("What happened, as the meeting is told it"),
        max_length=600,
        rows=5,
        help_text=_("A few sentences without names, ages, dates and places that tell who it was about."),
    )
    guides = {"words": 600}

    def __init__(self, *args: Any, deviation: Deviation, meetings: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = list(meetings.items())  # type: ignore[attr-defined]
        self.fields["meeting"].initial = next(iter(meetings), None)
        if deviation.naming != Naming.NAMED:
            self.fields["words"].help_text = _(
                "A few sentences without names, ages, dates and places that tell who it was about. The reporter hid "
                "their name: write it so that nobody can tell who reported, either."
            )


class HoldMeetingForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    present = forms.MultipleChoiceField(label=_("Who was there?"), required=False, widget=CardsMultiple)

    def __init__(self, *args: Any, meeting: Meeting, members: list[User], **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": meeting.events_count, "present": [str(each.pk) for each in members]}
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in members}
        self.fields["present"].choices = [(pk, each.name) for pk, each in self.people.items()]  # type: ignore[attr-defined]

    @property
    def there(self) -> list[User]:
        return [self.people[pk] for pk in self.cleaned_data["present"]]


class MinuteForm(BesideOthers):
    """What the meeting said about one item: four questions, a decision, who does what by when."""

    written = ("happened", "why", "typical", "tries", "decision", "told")

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    happened = GuardedText(label=_("What happened?"), required=False, max_length=WORDS, rows=2)
    why = GuardedText(label=_("Why?"), required=False, max_length=WORDS, rows=2)
    typical = GuardedText(label=_("What is typical?"), required=False, max_length=WORDS, rows=2)
    tries = GuardedText(label=_("What do we try?"), required=False, max_length=WORDS, rows=2)
    decision = GuardedText(label=_("Decision"), required=False, max_length=WORDS, rows=2)
    what = GuardedText(label=_("What is to be done?"), required=False, max_length=1000, rows=2)
    owner = forms.ChoiceField(label=_("Who does it?"), required=False)
    deadline = forms.DateField(label=_("By when?"), required=False, validators=[not_past], widget=DateInput)
    told = GuardedText(
        label=_("What the reporter is told came of it"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("Sent when the minutes are approved, in the talk with the reporter on the case."),
    )
    marks_optional = False

    def __init__(self, *args: Any, item: AgendaItem, members: list[User], **kwargs: Any) -> None:
        said = {name: getattr(item, name) for name in self.written}
        kwargs["initial"] = {"key": uuid.uuid4(), "seen": item.edits} | said
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["deadline"].initial = timezone.localdate() + USUAL_TIME
        self.people = {str(each.pk): each for each in members}
        named = [(pk, each.name) for pk, each in self.people.items()]
        self.fields["owner"].choices = [("", _("Choose somebody")), *named]  # type: ignore[attr-defined]
        if not item.is_case:
            del self.fields["told"]

    def layout(self) -> Layout:
        four: list[Any] = ["happened", "why", "typical", "tries"]
        asked: list[Any] = four if self.item.is_case else [Fold(_("The four questions"), *four)]
        told = ["told"] if "told" in self.fields else []
        action = Fold(_("An action: who, by when"), "what", Row("owner", "deadline"))
        return Layout("key", "seen", *asked, "decision", action, *told)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what", "").strip():
            if not cleaned.get("owner"):
                self.add_error("owner", ValidationError(_("Say who does it."), code="missing"))
            if not cleaned.get("deadline") and "deadline" not in self.errors:
                self.add_error("deadline", ValidationError(_("Say by when."), code="missing"))
        elif cleaned.get("owner"):
            self.add_error("what", ValidationError(_("Say what is to be done."), code="missing"))
        return cleaned

    def minuted(self) -> dict[str, Any]:
        """What ``actions.minute`` takes."""
        cleaned = dict(self.cleaned_data)
        cleaned["owner"] = self.people.get(cleaned["owner"])
        cleaned["seen"] = cleaned["seen"] or 0
        return cleaned
