"""What the page of components shows. Its words are for builders, so they are not translated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone

from kvalitetslosen.ui.forms import (
    Cards,
    CardsMultiple,
    FilesField,
    FilesInput,
    FilterForm,
    Fold,
    Layout,
    PageForm,
    Part,
    Row,
    Show,
    choices_with_unknown,
)


class ExampleForm(PageForm, forms.Form):
    what = forms.CharField(
        label="What happened?", help_text="Don't write names or identity numbers.", widget=forms.Textarea
    )
    where = forms.ChoiceField(
        label="Where?", choices=[("", "Choose"), ("Care", [("1", "Home care"), ("2", "Nursing home")])]
    )
    when = forms.ChoiceField(
        label="When?",
        choices=[("now", "Now"), ("today", "Earlier today"), ("shift", "This shift"), ("date", "A date")],
        widget=Cards,
    )
    day = forms.DateField(label="Which day?", required=False)
    kind = forms.ChoiceField(
        label="What kind?",
        choices=[("deviation", "Deviation"), ("near", "Near miss"), ("risk", "Risk"), ("good", "Well done")],
        widget=Cards(
            descriptions={
                "deviation": "Something wasn't as it should be",
                "near": "It nearly went wrong",
                "risk": "It could go wrong",
                "good": "Others could learn from this",
            }
        ),
    )
    harm = forms.ChoiceField(
        label="Harm so far",
        choices=choices_with_unknown([("no", "No harm"), ("some", "Some harm")]),
        widget=forms.RadioSelect,
        required=False,
    )
    about = forms.MultipleChoiceField(
        label="What does it concern?",
        choices=[("user", "User"), ("staff", "Staff"), ("building", "Building")],
        widget=CardsMultiple,
        required=False,
    )
    suggestion = forms.CharField(label="Your suggestion", required=False)
    minutes = forms.IntegerField(label="Minutes it took", required=False)
    email = forms.EmailField(label="E-mail", required=False)
    attachments = FilesField(
        label="Photos and files",
        help_text="Up to 10 MB each.",
        required=False,
        widget=FilesInput(accept=["image/*", ".pdf"]),
    )
    hide = forms.BooleanField(
        label="Hide my name", help_text="Those who handle it won't see who wrote.", required=False
    )

    guides = {"suggestion": 120}

    def layout(self) -> Layout:
        return Layout(
            "what",
            "where",
            "when",
            Show("when", "date", "day"),
            "kind",
            Fold(
                "Add more",
                "harm",
                "about",
                "suggestion",
                "attachments",
                remember="style",
                hint="harm, suggestion, photos",
            ),
            Part("About you", Row("email", "minutes")),
            "hide",
        )


class ExampleFilter(FilterForm, forms.Form):
    q = forms.CharField(label="Search", required=False)
    status = forms.ChoiceField(label="State", choices=[("", "All"), ("open", "Open")], required=False)
    since = forms.DateField(label="Since", required=False)


class ExampleEvent(NamedTuple):
    at: datetime
    text: str
    note: str = ""
    icon: str = ""


class ExampleFile(NamedTuple):
    name: str
    url: str
    size: int


def examples(*, with_errors: bool = False) -> dict[str, Any]:
    """The context of the page: invented content in every state a component can have."""
    now = timezone.now()
    return {
        "form": ExampleForm({"email": "not an address"} if with_errors else None),
        "filter_form": ExampleFilter(),
        "colors": ["neutral", "accent", "info", "success", "warning", "danger"],
        "levels": [
            (None, "", ""), (1, "Low", "1 × 2"),
            (2, "Medium", "3 × 3"), (3, "High", "4 × 3"), (4, "Critical", "5 × 4"),
        ],
        "moments": [now + timedelta(days=days) for days in (0, -1, 1, 3, -40)],
        "deadlines": [timezone.localdate() + timedelta(days=days) for days in (-3, 0, 1, 5, 30)],
        "tabs": [("Open", "?a", True, 12), ("Closed", "?b", False, 480), ("All", "?c", False)],
        "events": [
            ExampleEvent(now, "Kari Moen closed the case.", "We now check the dosette box twice.", "check"),
            ExampleEvent(now - timedelta(days=1), "Kari Moen received the case.", icon="deviation"),
            ExampleEvent(now - timedelta(days=2), "Ola Berg reported it.", icon="report"),
        ],
        "files": [
            ExampleFile("routine for double checking.pdf", "#file", 2_412_000),
            ExampleFile("shelf.jpg", "#file", 740_000),
        ],
        "months": [("August", 12, 3, 1), ("September", 9, 5, 0), ("October", 14, 2, 2)],
    }  # fmt: skip
