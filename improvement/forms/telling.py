"""What a teller writes, what the second reader wants, and what others say of a story."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText
from deviations.forms.people import colleagues_like
from improvement.actions import may_read_for_privacy
from improvement.filters import units_and_below
from improvement.forms.acting import OwnerField
from improvement.models import Audience, Helped, LearningStory, Measure, Season
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Part, Row, Show

SHOWN = 60  # measures to choose from
YEARS = 5  # back
TEXTS = ("happened", "made_sense", "changed", "helped")


class StoryForm(PageForm, forms.Form):
    """Four answers and for whom. What isn't written yet can wait until it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    unit = forms.ChoiceField(label=_("Which unit tells it?"))
    title = GuardedCharField(
        label=_("What is it called?"), max_length=120, help_text=_("Few words: “One vest at the medicine round”.")
    )
    happened = GuardedText(
        label=_("What happened?"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("What, not who. “A resident” is enough: leave out names, ages, days and rooms."),
    )
    made_sense = GuardedText(
        label=_("Why did it make sense then?"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("What did people see and know at that moment? Others are in the same place today."),
    )
    changed = GuardedText(label=_("What did you change?"), required=False, rows=3, max_length=2000)
    helped = GuardedText(
        label=_("Did it help?"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("What do you see now? That it did not help is worth as much to others."),
    )
    measure = forms.ChoiceField(
        label=_("A chart that shows it"),
        required=False,
        help_text=_("The figures are copied as they are, without dates. What comes later isn't shown."),
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    season = forms.ChoiceField(
        label=_("Time of year"), required=False, choices=[("", _("I don't say")), *Season.choices]
    )
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    audience = forms.ChoiceField(
        label=_("Who may read it?"), choices=Audience.choices, initial=Audience.MUNICIPALITY, widget=Cards
    )
    network = forms.ChoiceField(label=_("Which network?"), required=False)
    hides_unit = forms.BooleanField(
        label=_("Don't say which unit it is"),
        required=False,
        help_text=_("Then your name isn't said either. Questions reach you all the same."),
    )
    needed_later = TEXTS

    def __init__(
        self, *args: Any, user: User, story: LearningStory | None = None, by_unit: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.user, self.story = user, story
        if story is not None:
            del self.fields["key"]
        self.categories = CategoryChoices(user)
        choose: Any = self.fields
        choose["category"].choices = partial(self.categories.choices, _("Not chosen"))
        today = timezone.localdate()
        years = [(str(today.year - back), str(today.year - back)) for back in range(YEARS)]
        choose["year"].choices = [("", _("I don't say")), *years]
        self.measures = {str(row.pk): row for row in self._measures()}
        if self.measures:
            named = [(pk, f"{row.name} ({row.unit.name})") for pk, row in self.measures.items()]
            choose["measure"].choices = [("", _("None")), *named]
        else:
            del self.fields["measure"]
        self.networks = {
            str(row.pk): row for row in Network.objects.of(user.municipality_id).order_by("name", "pk")[:SHOWN]
        }
        if self.networks:
            choose["network"].choices = [(pk, row.name) for pk, row in self.networks.items()]
        else:
            del self.fields["network"]
            choose["audience"].choices = [each for each in Audience.choices if each[0] != Audience.NETWORK]
        self.units = {str(unit.pk): unit for unit in units_and_below(user)} if by_unit else {}
        if by_unit:
            choose["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]
        else:
            del self.fields["unit"]

    def _measures(self) -> list[Measure]:
        """Those the teller follows, and the one that is chosen as long as they may open it."""
        seen = Measure.objects.visible_to(self.user).select_related("unit")
        rows = list(seen.followed().order_by("name", "pk")[:SHOWN])
        chosen = self.story.measure_id if self.story else None
        if chosen is not None and all(row.pk != chosen for row in rows):
            rows += seen.filter(pk=chosen)
        return rows

    def layout(self) -> Layout:
        there = [
            name for name in ("key", "seen", "unit", "title", *TEXTS, "measure", "category") if name in self.fields
        ]
        shared = [Show("audience", Audience.NETWORK, "network")] if "network" in self.fields else []
        whom = Part(_("For whom"), "audience", *shared, "hides_unit")
        return Layout(*there, whom, Fold(_("Say roughly when it was"), Row("season", "year")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("audience") == Audience.NETWORK and not cleaned.get("network"):
            self.add_error("network", ValidationError(_("Choose a network."), code="missing"))
        return cleaned

    def written(self) -> dict[str, Any]:
        """For the verb."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("title", *TEXTS, "season", "year", "audience", "hides_unit")},
            "category": self.categories.get(cleaned["category"]),
            "measure": self.measures.get(cleaned.get("measure", "")),
            "network": self.networks.get(cleaned.get("network", "")),
        }


class ReaderForm(PageForm, forms.Form):
    """Who reads it for privacy."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    reader = OwnerField(
        label=_("Who reads it for privacy?"),
        help_text=_("Somebody who knows the place, the quality contact say. They publish it, or ask for a change."),
    )

    def __init__(self, *args: Any, user: User, story: LearningStory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.story = story
        reader = self.fields["reader"]
        assert isinstance(reader, OwnerField)
        reader.suggest_in(self, "reader", partial(colleagues_like, user))

    def clean_reader(self) -> User:
        reader: User = self.cleaned_data["reader"]
        if not may_read_for_privacy(reader, self.story):
            raise ValidationError(
                _("%(name)s can't read it. Choose somebody else than yourself."), params={"name": reader.name}
            )
        return reader


class WantForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    wanted = GuardedText(
        label=_("What should be changed?"),
        max_length=1000,
        help_text=_("Who could be recognised, and by what? Only whoever tells it reads this."),
    )


class TryForm(PageForm, forms.Form):
    """«We tried it»."""

    unit = forms.ChoiceField(label=_("Which unit tried it?"))
    helped = forms.ChoiceField(label=_("Did it help?"), choices=Helped.choices, widget=Cards)
    words = GuardedText(
        label=_("What came of it?"),
        rows=3,
        max_length=1000,
        help_text=_("Everybody who reads the story reads this. Leave out who, names, ages and days."),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]


class AskTellerForm(PageForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    question = GuardedText(label=_("What do you want to know?"), rows=2, max_length=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()}
        super().__init__(*args, **kwargs)


class AnswerAskerForm(PageForm, forms.Form):
    answer = GuardedText(label=_("Your answer"), rows=3, max_length=2000, help_text=_("Only whoever asked reads it."))
