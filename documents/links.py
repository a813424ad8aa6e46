"""Links between documents: tied to the document when a text is saved, led to where it is now when one reads.

What a reader may not see is never told by a link: neither the document's title nor its number nor that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from documents.html import Link, LinkTarget, contents_of, links_in
from documents.models import Document, DocumentLink, DocumentQuerySet, Fault, Reach, Version, reached
from documents.models.links import DocumentLinkQuerySet
from kvalitetslosen.organisation.models import User

LINKED = re.compile(r'<a data-document="(\d{1,15})"')  # as many figures as a cleaned text may have
_ADDRESS = re.compile(r'<a(?: [\w-]+="[^"]*")*? href="([^"]*)"(?: [\w-]+="[^"]*")*>')
_HOST = re.compile(r"(?!-)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}|localhost")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TELEPHONE = re.compile(r"\+?[\d\s().-]{3,20}")

_in_force = Exists(Version.objects.in_force().filter(document=OuterRef("pk")))
_once_in_force = Exists(Version.objects.once_in_force().filter(document=OuterRef("pk")))


# Reading ------------------------------------------------------------------------------------------------------------


def targets(reader: User | None, *texts: str) -> dict[int, LinkTarget]:
    """What the links of cleaned texts lead to, by the document's id, as far as the reader may know of it.

    At most two queries. A document that reached the reader and is withdrawn is known of and can't be opened.
    """
    return known_of(reader, {int(each) for text in texts for each in LINKED.findall(text)})


def known_of(reader: User | None, documents: Collection[int]) -> dict[int, LinkTarget]:
    """The same of documents by their ids."""
    wanted = {*documents}
    if reader is None or not wanted:
        return {}
    seen = Document.objects.visible_to(reader).filter(pk__in=wanted)
    found = {
        row.pk: LinkTarget(row.number, row.title, row.get_absolute_url(), _note(applies=applies, applied=applied))
        for row, applies, applied in _with_states(seen)
    }
    if left := wanted - found.keys():
        gone = Document.objects.filter(reached(reader), _once_in_force, ~_in_force, pk__in=left)
        found |= {row.pk: LinkTarget(row.number, row.title, "", _note(applies=False, applied=True)) for row in gone}
    return found


def targets_for_all(document: Document, *texts: str) -> dict[int, LinkTarget]:
    """What everybody may know of who reads the document, whoever it is: for copies that are made once for all."""
    wanted = {int(each) for text in texts for each in LINKED.findall(text)}
    if not wanted:
        return {}
    for_all = Q(reach=Reach.MUNICIPALITY)
    if document.reach == Reach.UNIT:
        for_all |= Q(reach=Reach.UNIT, unit__in=document.ancestor_ids)
    rows = Document.objects.in_force().filter(for_all, pk__in=wanted, level_0=document.level_0)
    return {row.pk: LinkTarget(row.number, row.title, row.get_absolute_url()) for row in rows}


def _with_states(rows: DocumentQuerySet) -> list[tuple[Document, bool, bool]]:
    """Each with whether anything of it is in force, and whether anything ever was."""
    found: Any = rows.annotate(applies=_in_force, applied=_once_in_force)
    return [(row, row.applies, row.applied) for row in found]


def _note(*, applies: bool, applied: bool) -> str:
    if applies:
        return ""
    return _("no longer applies") if applied else _("not in force yet")


# Writing ------------------------------------------------------------------------------------------------------------


def tied(html: str, by: User | None) -> str:
    """The cleaned text with addresses of our own documents turned into links to the documents themselves.

    Only to what the writer may see; ``www.…`` gets what makes it an address. What people copy from a browser's
    address line thus survives as what they choose in the editor does.
    """
    numbers = {number for link in _ADDRESS.finditer(html) if (number := _own(unescape(link[1]))[0])}
    known: dict[str, int] = {}
    if numbers and by is not None:
        known = dict(Document.objects.visible_to(by).filter(number__in=numbers).values_list("number", "pk"))

    def led(link: re.Match[str]) -> str:
        address = unescape(link[1])
        number, part = _own(address)
        if number in known:
            part = f' data-part="{part}"' if part else ""
            return f'<a data-document="{known[number]}"{part}>'
        if address.casefold().startswith("www."):
            return link[0].replace('href="', 'href="https://', 1)
        return link[0]

    return _ADDRESS.sub(led, html)


def _own(address: str) -> tuple[str, str]:
    """The number of the document an address of ours leads to, and the heading; empty for all other addresses."""
    try:
        parts = urlsplit(address.strip())
        if parts.netloc and parts.netloc.casefold() != urlsplit(settings.SITE_URL).netloc.casefold():
            return "", ""
        found = resolve(parts.path)
    except (ValueError, Resolver404):
        return "", ""
    if found.view_name != "documents:document":
        return "", ""
    part = unquote(parts.fragment)
    return str(found.kwargs["number"]), part if re.fullmatch(r"[\w-]{1,80}", part) else ""


def keep(version: Version) -> None:
    """Write down what the version links to. To be called in the transaction that writes its text."""
    wanted = [_row(version, *each) for each in _looked_up(version)]
    was = [_said(row) for row in DocumentLink.objects.filter(version=version).order_by("pk")]
    if [_said(row) for row in wanted] != was:
        DocumentLink.objects.filter(version=version).delete()
        DocumentLink.objects.bulk_create(wanted)


def _said(row: DocumentLink) -> tuple[object, ...]:
    return (row.target_id, row.part, row.address, row.words, row.fault)


def _row(version: Version, link: Link, fault: str) -> DocumentLink:
    return DocumentLink(
        version=version,
        target_id=None if fault == Fault.GONE else link.document,
        part=link.part,
        address=link.address[:300],
        words=link.words[:200],
        fault=fault,
    )


def _looked_up(version: Version) -> Iterable[tuple[Link, str]]:
    """The links that are kept, each once, with what is wrong with them."""
    found = dict.fromkeys(links_in(version.body))
    if not found:
        return []
    own = {each.anchor for each in contents_of(version.body)}
    there = _anchors_of([link for link in found if link.document], version.document.level_0)
    kept = []
    for link in found:
        if link.document is None:
            fault = address_fault(link.address, own)
            if not fault:
                continue
        elif link.document not in there:
            fault = Fault.GONE
        else:
            anchors = there[link.document]
            fault = Fault.PART if link.part and anchors is not None and link.part not in anchors else ""
        kept.append((link, str(fault)))
    return kept


def _anchors_of(links: Collection[Link], municipality_id: int | None) -> dict[int, set[str] | None]:
    """The headings of the documents that are there; ``None`` where nobody asks, or nothing is in force yet."""
    wanted = {link.document for link in links if link.document}
    asked = {link.document for link in links if link.document and link.part}
    there: dict[int, set[str] | None] = dict.fromkeys(
        Document.objects.filter(pk__in=wanted, level_0=municipality_id).values_list("pk", flat=True)
    )
    if asked:
        texts = Version.objects.in_force().filter(document__in=asked & there.keys()).values_list("document", "body")
        there |= {pk: {each.anchor for each in contents_of(body)} for pk, body in texts}
    return there


def settle(document: Document) -> None:
    """Look at the links to headings of a document anew. To be called when another version of it comes into force."""
    here = DocumentLink.objects.filter(target=document).exclude(part="")
    if not here.exists():
        return
    body = Version.objects.in_force().filter(document=document).values_list("body", flat=True).first()
    if body is None:
        return
    anchors = [each.anchor for each in contents_of(body)]
    here.filter(part__in=anchors).update(fault="")
    here.exclude(part__in=anchors).update(fault=Fault.PART)


def address_fault(address: str, anchors: Collection[str]) -> str:
    """What is wrong with an address, as far as it tells itself; nothing is asked on the network."""
    address = address.strip()
    if address.startswith("#"):
        return "" if unquote(address[1:]) in anchors else Fault.ANCHOR
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return Fault.ADDRESS
    if parts.scheme == "mailto":
        well = bool(_MAIL.fullmatch(unquote(parts.path)))
    elif parts.scheme == "tel":
        well = bool(_TELEPHONE.fullmatch(unquote(parts.path)))
    elif parts.scheme in ("http", "https"):
        well = bool(_HOST.fullmatch(host)) or _is_ip(host)
        well = well and not re.search(r"\s", address)
    else:
        well = not parts.scheme and not parts.netloc and _leads_somewhere(parts.path)
    return "" if well else Fault.ADDRESS


def _is_ip(host: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:.]+", host))


def _leads_somewhere(path: str) -> bool:
    """Whether an address without a host is one of ours."""
    if not path.startswith("/"):
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


# Where used ---------------------------------------------------------------------------------------------------------


def linked_from(document: Document, reader: User) -> list[Document]:
    """The documents in force that link to this one, as far as the reader may read them, by title."""
    texts = Version.objects.visible_to(reader).in_force().filter(links__target=document)
    rows = Document.objects.filter(pk__in=texts.values("document")).exclude(pk=document.pk)
    return list(rows.order_by("title", "pk")[:MOST_SHOWN])


MOST_SHOWN = 100


def broken(user: User) -> DocumentLinkQuerySet:
    """The links that lead nowhere in what applies and the person answers for."""
    return (
        DocumentLink.objects.of_what_applies()
        .answered_for_by(user)
        .broken()
        .select_related("version__document__unit", "target")
        .defer("version__body", "version__text")
    )


def broken_in(version: Version) -> list[DocumentLink]:
    rows = DocumentLink.objects.filter(version=version).broken().select_related("target")
    return list(rows.order_by("pk")[:MOST_SHOWN])


def reason(link: DocumentLink, known: Mapping[int, LinkTarget]) -> str:
    """Why a link leads nowhere, in words that tell no more than the reader may know: ``known`` is what they may."""
    if link.fault == Fault.ANCHOR:
        return _("leads to a heading that is no longer in the text")
    if link.fault == Fault.ADDRESS:
        return _("is no address: %(address)s") % {"address": link.address} if link.address else _("has no address")
    target = known.get(link.target_id or 0)
    if target is None:
        return _("leads to a document you can't see, or that isn't there")
    named = {"title": f"{target.title} ({target.number})"}
    if target.note:
        return _("leads to “%(title)s”, which doesn't apply") % named
    return _("leads to a heading that is no longer in “%(title)s”") % named


def in_words(link: DocumentLink, why: str) -> str:
    """A link that leads nowhere, and why, in one sentence."""
    if link.words:
        return _("“%(words)s” %(why)s") % {"words": link.words, "why": why}
    return f"{why[:1].upper()}{why[1:]}"
