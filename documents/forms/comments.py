"""What a reader says of a document, and what the owner answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.forms.fields import GuardedText
from documents.html import headings
from documents.models import Comment, CommentKind, Version
from kvalitetslosen.ui.forms import Cards, Layout, PageForm

MOST_HEADINGS = 100


class CommentForm(PageForm, forms.Form):
    """What kind, about which heading, and the words."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=CommentKind.choices, widget=Cards())
    heading = forms.ChoiceField(label=_("Which part is it about?"), required=False)
    text = GuardedText(label=_("What do you want to say?"), rows=4)
    marks_optional = False

    def __init__(self, *args: Any, version: Version, at: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": CommentKind.WRONG} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        found = list(dict.fromkeys(heading[:300] for heading in headings(version.body) if heading))[:MOST_HEADINGS]
        field = self.fields["heading"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole document")), *((heading, heading) for heading in found)]
        if at in found:
            self.initial["heading"] = at
        if not found:
            del self.fields["heading"]

    def layout(self) -> Layout:
        return Layout("kind", *(["heading"] if "heading" in self.fields else []), "text")


class AnswerForm(PageForm, forms.Form):
    """``seen`` tells whether somebody else answered in between."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    answer = GuardedText(label=_("What do you answer?"))

    def __init__(self, *args: Any, comment: Comment, needs_answer: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": comment.events_count, "answer": comment.answer}
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = needs_answer
