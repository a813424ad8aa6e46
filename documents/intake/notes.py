"""What a file had that a document here can't have: said for each, in plain words, with how many there were."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from kvalitetslosen.ui.dates import in_words


def _changes(count: int) -> str:
    return gettext("The file had tracked changes. They are taken as accepted: read through what was changed.")


def _pictures(count: int) -> str:
    return ngettext(
        "One picture could not be taken along. Put it in again as PNG or JPEG.",
        "%(count)s pictures could not be taken along. Put them in again as PNG or JPEG.",
        count,
    )


def _linked_pictures(count: int) -> str:
    return ngettext(
        "One picture lies outside the file and was not fetched. Put it in yourself.",
        "%(count)s pictures lie outside the file and were not fetched. Put them in yourself.",
        count,
    )


def _text_boxes(count: int) -> str:
    return ngettext(
        "The text of one text box stands after the paragraph it hung on.",
        "The text of %(count)s text boxes stands after the paragraphs they hung on.",
        count,
    )


def _drawings(count: int) -> str:
    return ngettext(
        "One drawing (arrow, line or shape) is left out.",
        "%(count)s drawings (arrows, lines or shapes) are left out.",
        count,
    )


def _charts(count: int) -> str:
    return ngettext(
        "One chart is left out. Put it in as a picture.",
        "%(count)s charts are left out. Put them in as pictures.",
        count,
    )


def _diagrams(count: int) -> str:
    return ngettext(
        "One diagram (SmartArt) is left out. Put it in as a picture.",
        "%(count)s diagrams (SmartArt) are left out. Put them in as pictures.",
        count,
    )


def _equations(count: int) -> str:
    return ngettext(
        "One equation is written on one line. See that it still says the same.",
        "%(count)s equations are written on one line. See that they still say the same.",
        count,
    )


def _comments(count: int) -> str:
    return ngettext("One comment is left out.", "%(count)s comments are left out.", count)


def _heads(count: int) -> str:
    return gettext("The text at the top and bottom of the pages is left out.")


def _objects(count: int) -> str:
    return ngettext(
        "One file inside the file (a spreadsheet, say) is left out.",
        "%(count)s files inside the file (spreadsheets, say) are left out.",
        count,
    )


def _parts(count: int) -> str:
    return ngettext(
        "One part of the text lies in another file and is left out.",
        "%(count)s parts of the text lie in other files and are left out.",
        count,
    )


def _macros(count: int) -> str:
    return gettext("The file's macros are left out.")


def _remote(count: int) -> str:
    return ngettext(
        "One field fetches text from elsewhere. It was not fetched; what the file showed last is kept.",
        "%(count)s fields fetch text from elsewhere. It was not fetched; what the file showed last is kept.",
        count,
    )


def _form_fields(count: int) -> str:
    return ngettext(
        "One field to fill in has become plain text.",
        "%(count)s fields to fill in have become plain text.",
        count,
    )


def _hidden(count: int) -> str:
    return gettext("The file had hidden text. It is left out.")


def _struck(count: int) -> str:
    return ngettext(
        "Text is crossed out in one place. The words are kept, the line isn't: delete them if they no longer apply.",
        "Text is crossed out in %(count)s places. The words are kept, the lines aren't: delete them if they no longer "
        "apply.",
        count,
    )


def _bold_headings(count: int) -> str:
    return ngettext(
        "The file had no headings. One line in bold has become one.",
        "The file had no headings. %(count)s lines in bold have become headings.",
        count,
    )


def _scanned(count: int) -> str:
    return gettext(
        "No text was found in the PDF, it may be scanned. People will find it by its title only, and those "
        "who have it read aloud get nothing. Use a PDF made from the text itself if there is one."
    )


# What matters most to whoever must look at it, first.
_SENTENCES = {
    "scanned": _scanned,
    "changes": _changes,
    "struck": _struck,
    "hidden": _hidden,
    "equations": _equations,
    "pictures": _pictures,
    "linked_pictures": _linked_pictures,
    "charts": _charts,
    "diagrams": _diagrams,
    "objects": _objects,
    "parts": _parts,
    "drawings": _drawings,
    "text_boxes": _text_boxes,
    "form_fields": _form_fields,
    "comments": _comments,
    "heads": _heads,
    "bold_headings": _bold_headings,
    "remote": _remote,
    "macros": _macros,
}


def in_sentences(counts: Mapping[str, int]) -> list[str]:
    """What ``counts`` tells, a sentence for each, in the active language."""
    return [
        sentence(counts[code]) % {"count": in_words(counts[code])}
        for code, sentence in _SENTENCES.items()
        if counts.get(code)
    ]


def placeholder(code: str) -> str:
    """What stands in the text where something was left out."""
    said = {
        "pictures": gettext("[A picture is missing here]"),
        "charts": gettext("[A chart is missing here]"),
        "diagrams": gettext("[A diagram is missing here]"),
        "objects": gettext("[A file is missing here]"),
        "parts": gettext("[A part of the text is missing here]"),
    }
    return said.get(code, "")
