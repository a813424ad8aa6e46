"""The editor wherever texts are written: its words, what one can link to, and the pictures one puts in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import pictures
from documents.html import CALLOUTS, LinkTarget, contents_of
from documents.models import Document, Version
from kvalitetslosen.files.pictures import TooManyPixels, Unreadable
from kvalitetslosen.files.uploads import examine
from kvalitetslosen.organisation.models import User

FOUND = 8  # documents suggested at a time
# By the names that the editor's menu has for its buttons, and by what static/js/writing.js says.
WORDS: dict[str, Any] = {
    "blockType": gettext_lazy("Heading or paragraph"),
    "paragraph": gettext_lazy("Paragraph"),
    "heading2": gettext_lazy("Heading"),
    "heading3": gettext_lazy("Heading below it"),
    "heading4": gettext_lazy("Heading at the bottom"),
    "bold": gettext_lazy("Bold"),
    "italic": gettext_lazy("Italic"),
    "underline": gettext_lazy("Underlined"),
    "subscript": gettext_lazy("Lowered, as in H₂O"),
    "superscript": gettext_lazy("Raised, as in m²"),
    "bulletList": gettext_lazy("List"),
    "orderedList": gettext_lazy("Numbered list"),
    "checklist": gettext_lazy("Checklist"),
    "callout:note": CALLOUTS["note"],
    "callout:warning": CALLOUTS["warning"],
    "callout:remember": CALLOUTS["remember"],
    "blockquote": gettext_lazy("Quotation"),
    "horizontalRule": gettext_lazy("Line across"),
    "link": gettext_lazy("Link"),
    "unlink": gettext_lazy("Take the link away"),
    "picture": gettext_lazy("Picture"),
    "table": gettext_lazy("Table"),
    "table:addColumnAfter": gettext_lazy("One more column"),
    "table:deleteColumn": gettext_lazy("Take the column away"),
    "table:addRowAfter": gettext_lazy("One more row"),
    "table:deleteRow": gettext_lazy("Take the row away"),
    "table:mergeCells": gettext_lazy("Make one cell of several"),
    "table:splitCell": gettext_lazy("Divide the cell"),
    "table:toggleHeaderCell": gettext_lazy("Heading of a column or row"),
    "table:deleteTable": gettext_lazy("Take the table away"),
    "history:undo": gettext_lazy("Undo"),
    "history:redo": gettext_lazy("Do it again"),
    "unseen": gettext_lazy("another document"),
    "address": gettext_lazy("Address"),
    "here": gettext_lazy("In this document"),
    "nothing": gettext_lazy("Nothing found"),
    "choose": gettext_lazy("Choose what it shall lead to."),
    "file": gettext_lazy("Choose a picture."),
    "alt": gettext_lazy("Write what the picture shows, or say that it is decoration."),
    "failed": gettext_lazy("The picture could not be sent. Try again."),
}


def around(known: Mapping[int, LinkTarget], *, find: str, picture: str) -> dict[str, str]:
    """What templates/documents/editor_dialogs.html needs: what is linked to in the text, and where the editor asks."""
    return {
        "words": json.dumps({name: str(word) for name, word in WORDS.items()}),
        "titles": json.dumps({str(pk): target.title for pk, target in known.items()}),
        "find": find,
        "picture": picture,
    }


def picture_for(request: HttpRequest) -> JsonResponse:
    """A picture for the text, drawn anew."""
    given = request.FILES.get("picture")
    try:
        if given is None:
            raise ValidationError(_("Choose a picture."))
        if not examine(given).kind.is_picture:
            raise ValidationError(_("Choose a picture: JPEG, PNG or WebP."))
        given.seek(0)
        source = pictures.drawn(given.read())
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=422)
    except (Unreadable, TooManyPixels):
        return JsonResponse({"problem": _("Choose a picture: JPEG, PNG or WebP.")}, status=422)
    return JsonResponse({"src": source})


def found_for(request: HttpRequest, user: User, but: str = "") -> JsonResponse:
    """Documents the person may link to, by number or by words of the title; the headings of one of them."""
    if of := request.GET.get("deler", ""):
        of_it = Version.objects.visible_to(user).in_force().filter(document__number=of)
        body = of_it.values_list("body", flat=True).first() or ""
        parts = [{"anchor": each.anchor, "text": each.text} for each in contents_of(body)]
        return JsonResponse({"parts": parts})
    text = request.GET.get("q", "").strip()[:100]
    words = Q()
    for word in text.split()[:8]:
        words &= Q(title__icontains=word)
    rows = Document.objects.visible_to(user).filter(Q(number__istartswith=text) | words).exclude(number=but)
    found = list(rows.order_by("title", "pk")[:FOUND]) if text else []
    return JsonResponse({"documents": [{"id": each.pk, "number": each.number, "title": each.title} for each in found]})
