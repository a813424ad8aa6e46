"""A text that names laws is understood as people write them, in both forms of Norwegian."""

from __future__ import annotations

import pytest
from django.utils import translation

from documents import timeline
from documents.law_register import REQUIREMENTS, SOURCES
from documents.laws import address_of, key_of, references_in, short_in_nynorsk

AML, KOML, QUALITY = "arbeidsmiljøloven", "kommuneloven", "kvalitetsforskriften"
HSE, CARE = "internkontrollforskriften", "helse- og omsorgstjenesteloven"


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("kommuneloven § 25-1", [(KOML, "§ 25-1")]),
        ("kommunelova § 25-1 bokstav c og e gjeld", [(KOML, "§ 25-1 c"), (KOML, "§ 25-1 e")]),
        ("koml. § 25-1 c, internkontrollforskriften § 5", [(KOML, "§ 25-1 c"), (HSE, "§ 5")]),
        ("kvalitetsforskriften §§ 7 e og 8 d", [(QUALITY, "§ 7 e"), (QUALITY, "§ 8 d")]),
        ("arbeidsmiljøloven § 2 A-6", [(AML, "§ 2 A-6")]),
        ("aml § 3-2 og § 4-3 første ledd", [(AML, "§ 3-2"), (AML, "§ 4-3")]),
        ("IK-HMS § 5 nr. 6 og 7", [(HSE, "§ 5 nr. 6"), (HSE, "§ 5 nr. 7")]),
        ("GDPR art. 33 og 34", [("personvernforordningen", "art. 33"), ("personvernforordningen", "art. 34")]),
        ("barnehageloven §§ 41–43", [("barnehageloven", f"§ {each}") for each in (41, 42, 43)]),
        ("forvaltningsloven kap. VI", [("forvaltningsloven", "kap. VI")]),
        (
            "pbrl kap. 4 A, hol kap. 9",
            [("pasient- og brukerrettighetsloven", "kap. 4 A"), (CARE, "kap. 9")],
        ),
        ("etter § 12 i forskrift om brannforebygging skal", [("forskrift om brannforebygging", "§ 12")]),
        ("forskrift om brannforebygging § 12 i bygg", [("forskrift om brannforebygging", "§ 12")]),
        ("legemiddelhåndteringsforskriften § 5 a", [("legemiddelhåndteringsforskriften", "§ 5 a")]),
        ("Normen og arkivlova", [("Normen", ""), ("arkivlova", "")]),
        ("Kommuneloven gjelder. Se kommuneloven § 25-2.", [(KOML, "§ 25-2")]),
        ("Det er eit hol i golvet, og normen er å varsle.", []),
        ("etter § 5 i avtalen", []),
        ("kommunelovens", [(KOML, "")]),
        ("", []),
    ],
)
def test_it_works_as_people_write_them(text: str, references: list[tuple[str, str]]) -> None:
    assert references_in(text) == references


def test_a_municipalitys_own_rules_are_known_by_their_names() -> None:
    own = {"Lokal forskrift": ["vannreglementet"]}

    assert references_in("Se vannreglementet § 3.", own) == [("Lokal forskrift", "§ 3")]
    assert references_in("Se vannreglementet § 3.") == []


def test_a_place_is_the_same_however_it_is_written() -> None:
    assert key_of("§ 25-1 bokstav c") == key_of("§ 25-1 c")
    assert key_of("§ 5 nr. 6") == key_of("§ 5 nr 6") != key_of("§ 5 f")


def test_a_section_has_its_own_address() -> None:
    law = "https://lovdata.no/lov/2005-06-17-62"

    assert address_of(law, "§ 2 A-6") == f"{law}/§2A-6"
    assert address_of(law, "kap. 4") == law
    assert address_of("https://www.iso.org/x", "§ 7") == "https://www.iso.org/x"
    assert address_of("", "§ 7") == ""


def test_the_register_is_whole() -> None:
    shorts = [source.short for source in SOURCES]
    assert len(shorts) == len(set(shorts))
    assert all(source.address.startswith("https://") for source in SOURCES)
    assert set(REQUIREMENTS) <= set(shorts)
    for short, asked in REQUIREMENTS.items():
        assert len({key_of(each.place) for each in asked}) == len(asked), short
        assert all(each.text.endswith(".") and each.text_nn.endswith(".") for each in asked), short


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("kommuneloven § 25-1 bokstav b", "kommunelova § 25-1 bokstav b"),
        ("kvalitetsforskriften § 7", "kvalitetsforskrifta § 7"),
        ("ISO 9001", "ISO 9001"),
        ("Loven vår § 1", "Loven vår § 1"),
    ],
)
def test_the_journal_says_it_in_the_readers_norwegian(named: str, expected: str) -> None:
    assert short_in_nynorsk(named) == expected
    with translation.override("nn"):
        assert timeline.listed([named]) == expected
    with translation.override("nb"):
        assert timeline.listed([named]) == named
