"""What is different between two versions of a document, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from django.db.models import TextChoices
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents import links
from documents.comparison import compare, compare_line
from documents.html import furnished, paragraphs_read_out
from documents.lifecycle import State
from documents.merging import blocks
from documents.models import Version
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User

READ = 400_000  # characters of a PDF's text that are compared
FOLDED_FROM = 3  # paragraphs without a change that follow each other


class What(TextChoices):
    """What became of an attachment."""

    ADDED = "added", _("added")
    REMOVED = "removed", _("removed")
    REPLACED = "replaced", _("replaced by another file with the same name")
    RENAMED = "renamed", _("has another name")


@dataclass(frozen=True)
class FileChange:
    what: What
    name: str
    before: str = ""  # the name it had

    @property
    def words(self) -> str:
        return str(self.what.label)


@dataclass(frozen=True)
class Changes:
    """What is new in a version, each part marked with ``<ins>`` and ``<del>`` and ready for the page."""

    title: SafeString = field(default_factory=SafeString)  # empty when it is the same
    text: SafeString = field(default_factory=SafeString)  # all of it; what is the same is folded away
    is_text_changed: bool = False
    files: list[FileChange] = field(default_factory=list)
    is_read_out: bool = False  # one of them is a PDF, and its text as it was read is compared
    is_cut: bool = False  # there is more in the PDF than was compared

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.is_text_changed or self.files)


def changes_between(old: Version, new: Version, *, reader: User | None = None) -> Changes:
    """What ``new`` changes: title, text, attachments. Links are led where the reader may follow them.

    Whether the reader may see it is asked before: ``may_see``.
    """
    before, after = _as_html(old), _as_html(new)
    marked = compare(before, after)
    return Changes(
        title=compare_line(old.title, new.title) if old.title != new.title else SafeString(),
        text=furnished(_folded(marked), links.targets(reader, before, after)),
        is_text_changed="<ins>" in marked or "<del>" in marked,
        files=_files_between(*_files_of(old, new)),
        is_read_out=bool(old.file or new.file),
        is_cut=any(each.file and len(each.text) > READ for each in (old, new)),
    )


def _folded(marked: str) -> str:
    """The text with what is the same folded away, but for what stands next to a change and the heading above it."""
    parts = list(blocks(marked))
    changed = {place for place, part in enumerate(parts) if "<ins>" in part or "<del>" in part}
    near = {place + by for place in changed for by in (-1, 0, 1)}
    headings = [place for place, part in enumerate(parts) if part.startswith(("<h2>", "<h3>", "<h4>"))]
    near |= {max((each for each in headings if each <= place), default=place) for place in changed}
    html: list[str] = []
    for is_shown, run in groupby(range(len(parts)), key=lambda place: place in near):
        places = list(run)
        text = "".join(parts[place] for place in places)
        html.append(text if is_shown or len(places) < FOLDED_FROM else _fold(text, len(places)))
    return "".join(html)


def _fold(text: str, count: int) -> str:
    words = ngettext("One paragraph that is the same", "%(count)s paragraphs that are the same", count)
    summary = escape(words % {"count": count})
    return f'<details class="ds-details los-fold"><summary>{summary}</summary><div>{text}</div></details>'


def _as_html(version: Version) -> str:
    return paragraphs_read_out(version.text[:READ]) if version.file else version.body


def _files_of(old: Version, new: Version) -> tuple[list[Attachment], list[Attachment]]:
    found = Attachment.objects.by_owner([old, new])
    return found.get(old.pk, []), found.get(new.pk, [])


def _files_between(old: list[Attachment], new: list[Attachment]) -> list[FileChange]:
    """Told apart by content and name: those that are the same are left out."""
    gone = [each for each in old if (each.sha256, each.name) not in {(more.sha256, more.name) for more in new}]
    came = [each for each in new if (each.sha256, each.name) not in {(more.sha256, more.name) for more in old}]
    found: list[FileChange] = []
    for each in came:
        same_name = next((before for before in gone if before.name == each.name), None)
        same_file = next((before for before in gone if before.sha256 == each.sha256), None)
        if same_name is not None:
            gone.remove(same_name)
            found.append(FileChange(What.REPLACED, each.name))
        elif same_file is not None:
            gone.remove(same_file)
            found.append(FileChange(What.RENAMED, each.name, same_file.name))
        else:
            found.append(FileChange(What.ADDED, each.name))
    return [*(FileChange(What.REMOVED, each.name) for each in gone), *found]


# Who may see it -----------------------------------------------------------------------------------------------------


def predecessor(version: Version) -> Version | None:
    """What applied before the version did; of a draft, what applies now or did last. Without its text."""
    before = Version.objects.once_in_force().filter(document=version.document_id).exclude(pk=version.pk)
    if version.in_force_from is not None:
        before = before.filter(in_force_from__lt=version.in_force_from)
    return before.defer("body", "text").order_by("-in_force_from", "-pk").first()


def is_told_to_readers(old: Version, new: Version) -> bool:
    """Whether those who may read ``new`` may see what it changed, though what was replaced is not theirs to read.

    What applies now against what applied just before it, for the same readers: not where the writer said that nobody
    should see what stood there, nor where the document has been given to other units since, to whom the old text never
    was. ``old`` must be the predecessor of ``new``.
    """
    if new.state != State.IN_FORCE or new.hides_old or old.state != State.REPLACED or old.in_force_from is None:
        return False
    since = Event.objects.about(new.document).filter(type="documents.changed", at__gte=old.in_force_from)
    return not any({"unit", "reach"} & set(data.get("changes", ())) for data in since.values_list("data", flat=True))


def may_see(user: User, old: Version, new: Version) -> bool:
    """Whether the person may see what is different between two versions of one document."""
    theirs = Version.objects.visible_to(user).filter(pk__in=(old.pk, new.pk))
    readable = set(theirs.values_list("pk", flat=True))
    if {old.pk, new.pk} <= readable:
        return True
    return new.pk in readable and predecessor(new) == old and is_told_to_readers(old, new)


def comparable(user: User, new: Version, *, reads_old: bool) -> Version | None:
    """What the version is compared with for this reader when nobody says otherwise; ``None`` when there is nothing.

    ``new`` must be the reader's to read.
    """
    old = predecessor(new)
    if old is None or reads_old or is_told_to_readers(old, new):
        return old
    return old if Version.objects.visible_to(user).filter(pk=old.pk).exists() else None
