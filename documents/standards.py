"""The shared types a municipality begins with. Its own from then on.

Intervals: what Norwegian municipalities use (a year for what is dangerous when it is old, four for what a council
decides); letters from the Norwegian names. The text of a template: bokmål | nynorsk, a heading a line; a line that
begins with a hyphen is a point of a list, one that begins with [] a point with a box to tick.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import NamedTuple

from documents.models.types import Kind

_LISTS = {"-": "<ul>", "[]": '<ul data-list="check">'}


class Standard(NamedTuple):
    letters: str
    review_months: int
    template: str = ""

    def template_in(self, language: str) -> str:
        """What a draft begins with, as clean HTML."""
        column = 1 if language == "nn" else 0
        lines = [line.strip() for line in self.template.strip().splitlines()]
        html = ""
        for mark, group in groupby(
            lines, key=lambda line: next((each for each in _LISTS if line.startswith(each)), "")
        ):
            texts = [escape(line.removeprefix(mark).split("|")[column].strip()) for line in group]
            if mark:
                html += _LISTS[mark] + "".join(f"<li><p>{text}</p></li>" for text in texts) + "</ul>"
            else:
                html += "".join(f"<h2>{text}</h2><p></p>" for text in texts)
        return html


STANDARDS: dict[str, Standard] = {
    Kind.POLICY: Standard(
        "PO",
        48,
        """
        Formål | Føremål
        Hva vi vil | Kva vi vil
        Ansvar | Ansvar
        Oppfølging | Oppfølging
        """,
    ),
    Kind.REGULATION: Standard(
        "RG",
        48,
        """
        § 1 Formål | § 1 Føremål
        § 2 Hvem det gjelder for | § 2 Kven det gjeld for
        § 3 Regler | § 3 Reglar
        § 4 Ansvar | § 4 Ansvar
        § 5 Ikrafttredelse | § 5 Når det tek til å gjelde
        """,
    ),
    Kind.PLAN: Standard(
        "PL",
        12,
        """
        Bakgrunn | Bakgrunn
        Mål | Mål
        Tiltak | Tiltak
        Ansvar og frister | Ansvar og fristar
        Oppfølging | Oppfølging
        """,
    ),
    Kind.CONTINGENCY_PLAN: Standard(
        "BP",
        12,
        """
        Når planen gjelder | Når planen gjeld
        Varsling | Varsling
        Ledelse og roller | Leiing og roller
        Tiltak | Tiltak
        Tilbake til vanlig drift | Tilbake til vanleg drift
        Øvelser | Øvingar
        """,
    ),
    Kind.PROCEDURE: Standard(
        "P",
        24,
        """
        Formål | Føremål
        Hvem det gjelder for | Kven det gjeld for
        Slik gjør vi | Slik gjer vi
        Når det ikke ble fulgt | Når det ikkje vart følgt
        Hjemmel | Heimel
        """,
    ),
    Kind.ROUTINE: Standard(
        "R",
        24,
        """
        Når | Når
        Hvem | Kven
        Slik gjør vi | Slik gjer vi
        """,
    ),
    Kind.GUIDELINE: Standard(
        "RL",
        24,
        """
        Formål | Føremål
        Retningslinjer | Retningslinjer
        Ansvar | Ansvar
        """,
    ),
    Kind.INSTRUCTION: Standard(
        "I",
        24,
        """
        Hvem instruksen gjelder for | Kven instruksen gjeld for
        Oppgaver og ansvar | Oppgåver og ansvar
        Fullmakter | Fullmakter
        """,
    ),
    Kind.CHECKLIST: Standard(
        "SJ",
        12,
        """
        Når lista brukes | Når lista blir brukt
        Sjekk dette | Sjekk dette
        [] Første punkt | Første punkt
        [] Neste punkt | Neste punkt
        Hvis noe mangler | Dersom noko manglar
        """,
    ),
    Kind.FORM: Standard(
        "S",
        24,
        """
        Når skjemaet brukes | Når skjemaet blir brukt
        Dette fyller du ut | Dette fyller du ut
        - Dato og sted | Dato og stad
        - Hva det gjelder | Kva det gjeld
        Hvor du leverer det | Kvar du leverer det
        Hvor lenge vi har det | Kor lenge vi har det
        """,
    ),
    Kind.TEMPLATE: Standard(
        "M",
        36,
        """
        Når malen brukes | Når malen blir brukt
        Slik fyller du den ut | Slik fyller du han ut
        Teksten | Teksten
        """,
    ),
    Kind.ACTION_CARD: Standard(
        "TK",
        12,
        """
        Når kortet brukes | Når kortet blir brukt
        Gjør dette først | Gjer dette først
        Deretter | Deretter
        Hvem du varsler | Kven du varslar
        """,
    ),
    Kind.GUIDE: Standard(
        "V",
        24,
        """
        Hvem veilederen er for | Kven rettleiaren er for
        Slik går du fram | Slik går du fram
        Mer å lese | Meir å lese
        """,
    ),
    Kind.RISK_ASSESSMENT: Standard(
        "RV",
        12,
        """
        Hva vi har vurdert | Kva vi har vurdert
        Hva kan gå galt | Kva kan gå gale
        Sannsynlighet og konsekvens | Sannsyn og konsekvens
        Tiltak | Tiltak
        Hvem som følger opp | Kven som følgjer opp
        """,
    ),
}
