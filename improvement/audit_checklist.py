"""What a checklist can be made from: what a law asks, the headings of a procedure, an earlier audit."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext as _

from documents.html import contents_of
from documents.models import Document, LegalBasis, Requirement, Source, Version
from documents.views.laws import bases_for
from improvement.actions import Asked
from improvement.models import Audit
from kvalitetslosen.organisation.models import User

MOST = 120  # points offered at a time
SHOWN = 60  # earlier audits to choose from


def laws_for(user: User) -> list[Source]:
    """The laws of the register that ask something."""
    rows = Source.objects.visible_to(user).in_use().annotate(asks=Count("requirements")).filter(asks__gt=0)
    return list(rows.order_by("position", "title", "pk"))


def of_law(user: User, source: Source) -> list[tuple[Asked, str]]:
    """What the law asks, each with the procedures that cover it, of those the person reads."""
    rows = Requirement.objects.visible_to(user).in_use().filter(source=source)
    requirements = list(rows.select_related("source").order_by("position", "place", "pk")[:MOST])
    covered: dict[int, list[Document]] = {}
    for basis in covering(user, requirements):
        covered.setdefault(basis.requirement_id or 0, []).append(basis.document)
    found = []
    for row in requirements:
        documents = covered.get(row.pk, [])
        titles = ", ".join(each.title for each in documents)
        said = f"{row.place} · " + (titles or _("No procedure covers it"))
        found.append((Asked(row.label, requirement=row, document=documents[0] if documents else None), said))
    return found


def covering(user: User, requirements: list[Requirement]) -> list[LegalBasis]:
    """What covers the requirements, of what is in force and the person may read."""
    rows = bases_for(user).filter(requirement__in=requirements).select_related("document")
    return list(rows.order_by("document__title", "pk"))


def procedures_for(user: User, text: str) -> list[Document]:
    rows = Document.objects.visible_to(user).in_force().filter(title__icontains=text.strip())
    return list(rows.select_related("unit").order_by("title", "pk")[:8])


def of_procedure(document: Document) -> list[tuple[Asked, str]]:
    """The procedure as a whole, and each of its headings."""
    version = Version.objects.in_force().filter(document=document).first()
    title = document.title
    found = [(Asked(_("Is the procedure known and followed? %(title)s") % {"title": title}, document=document), "")]
    for heading in contents_of(version.body)[: MOST - 1] if version else []:
        words = " ".join(heading.text.split())
        question = _("Is it done as the procedure says? %(heading)s (%(title)s)") % {"heading": words, "title": title}
        found.append((Asked(question, document=document, heading=words), ""))
    return found


def earlier_for(user: User, audit: Audit) -> list[Audit]:
    """Others whose checklist the person may see."""
    rows = Audit.objects.visible_to(user).exclude(pk=audit.pk).filter(points__isnull=False).distinct()
    return list(rows.select_related("unit").order_by("-held_on", "-pk")[:SHOWN])


def of_earlier(earlier: Audit) -> list[tuple[Asked, str]]:
    rows = earlier.points.select_related("requirement__source", "document").order_by("number")[:MOST]
    return [
        (
            Asked(row.question, row.requirement, row.document, row.heading),
            str(row.requirement) if row.requirement else "",
        )
        for row in rows
    ]
