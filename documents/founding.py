"""What a new municipality's handbook begins with: types, subjects, words that mean the same. The laws are shared."""

from __future__ import annotations

from documents import laws
from documents.actions.finding import lay_synonyms
from documents.actions.subjects import lay_subjects
from documents.actions.types import lay_types
from documents.models import Requirement, Source
from kvalitetslosen.organisation import founding
from kvalitetslosen.organisation.models import Unit, User


def lay(municipality: Unit, by: User | None) -> None:
    if not Source.objects.filter(municipality=None).exists():
        laws.lay(Source, Requirement)
    lay_types(municipality=municipality, by=by)
    lay_subjects(municipality=municipality, by=by)
    lay_synonyms(municipality=municipality, by=by)


founding.register(lay)
