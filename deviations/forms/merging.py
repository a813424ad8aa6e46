"""Which other case tells of the same."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from deviations.actions import may_merge
from deviations.forms.steps import StepForm
from deviations.models import OPENING, Deviation, related_to
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import when
from kvalitetslosen.ui.forms import PageForm, Show

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
    rows = (
        Deviation.objects.visible_to(user, within=deviation.handling_unit)
        .open()
        .filter(about=deviation.about_id)
        .exclude(pk=deviation.pk)
    )
    return for_choosing(rows).order_by(same, "-reported_at", "-pk")[:OFFERED]


def for_choosing(rows: models.QuerySet[Deviation]) -> models.QuerySet[Deviation]:
    """With what ``case_label`` says of each, and no more."""
    return (
        rows.select_related("category__parent")
        .annotate(opening=Substr("text", 1, OPENING))
        .only("reference", "kind", "reported_at", "category__name", "category__name_nn", "category__name_en",
              "category__parent__name", "category__parent__name_nn", "category__parent__name_en")
    )  # fmt: skip


def linkable(deviation: Deviation, user: User) -> models.QuerySet[Deviation]:
    """The unit's other cases that the person sees, open or not, those of the same category first, then the newest."""
    same = Case(When(category=deviation.category_id, then=Value(0)), default=Value(1))
    rows = Deviation.objects.visible_to(user, within=deviation.handling_unit).filter(about=deviation.about_id)
    linked = related_to(deviation, user).values("pk")
    return for_choosing(rows.exclude(pk=deviation.pk).exclude(pk__in=linked)).order_by(same, "-reported_at", "-pk")[
        :OFFERED
    ]


class LinkForm(PageForm, forms.Form):
    """Which other case has to do with this one: chosen, or written."""

    marks_optional = False  # one of the two is needed
    chosen = forms.ChoiceField(
        label=_("Which case belongs together with this one?"), widget=forms.RadioSelect, required=False
    )
    reference = forms.CharField(
        label=_("Reference of the other case"),
        max_length=24,
        required=False,
        help_text=_("For example AAS-2026-0012."),
    )

    def __init__(self, *args: Any, deviation: Deviation, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deviation, self.user = deviation, user
        offered = [(each.reference, case_label(each)) for each in linkable(deviation, user)]
        if offered:
            self.fields["chosen"].choices = [*offered, (ANOTHER, _("Another case …"))]  # type: ignore[attr-defined]
        else:
            del self.fields["chosen"]

    def layout(self) -> Layout:
        if "chosen" in self.fields:
            return Layout("chosen", Show("chosen", ANOTHER, "reference"))
        return Layout("reference")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen, typed = cleaned.get("chosen") or ANOTHER, cleaned.get("reference", "")
        field = (
            "reference" if chosen == ANOTHER and (cleaned.get("chosen") or "chosen" not in self.fields) else "chosen"
        )
        asked = (typed if chosen == ANOTHER else chosen).strip().upper()
        # That a case is linked to one about a leader would tell that leader that there is such a case.
        rows = Deviation.objects.visible_to(self.user).exclude(pk=self.deviation.pk)
        cleaned["other"] = rows.filter(reference=asked).first() if asked else None
        if not asked:
            self.add_error(field, _("Choose the other case, or write its reference."))
        elif cleaned["other"] is None:
            self.add_error(field, _("There is no other case with this reference that you can see."))
        elif cleaned["other"].about_id != self.deviation.about_id:
            self.add_error(field, _("These two can't be linked: only one of them is about a leader."))
        return cleaned


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
