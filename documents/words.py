"""Words as the search index knows them: Norwegian stems, nynorsk and bokmål as one, and compounds by either end.

The same words go into the index and into the query, on both databases. A word becomes

* its stem: «avvikene», «avvikets» and «avvik» are one;
* the stem in bokmål, so that «sjukeheimen» and «sykehjemmet» find each other;
* the end of that stem, backwards and without its first letters, so that «rutiner» finds «brannvernrutiner» by a search
  for a beginning, which is what an index is good at. At least three letters must stand before the part that is found:
  «fall» is not found in «avfall».
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
SHORTEST_BEGINNING = 3  # letters: shorter words are found whole, not as the beginning of others
SHORTEST_STEM = 4  # letters a stem has before words are looked for that only begin with it
SHORTEST_END = 4  # letters of the part a compound ends in
SHORTEST_HEAD = 3  # letters of a compound before that part
_LONGEST_INFLECTION = 5  # letters after the stem: «rutin-enes»
LONGEST = 60  # letters of a word kept; what is longer is no word
MOST_ASKED = 12  # words of a query that are used

# Accents that come and go in Norwegian; æ, ø and å are letters of their own and stay.
_FOLDED = dict(zip("éèêëáàâóòôúùûüíìïäöñç", "eeeeaaaooouuuuiiiæønc", strict=True))
_ACCENTED = re.compile(f"[{''.join(_FOLDED)}]")

# What says nothing about a text: left out of index and query alike.
STOP_WORDS = frozenset(
    [
        "alle",
        "at",
        "av",
        "bare",
        "ble",
        "blei",
        "bli",
        "blir",
        "både",
        "da",
        "de",
        "deg",
        "dei",
        "dem",
        "den",
        "denne",
        "der",
        "dere",
        "deres",
        "det",
        "dette",
        "di",
        "din",
        "disse",
        "ditt",
        "du",
        "då",
        "eg",
        "ei",
        "ein",
        "eit",
        "eller",
        "en",
        "enn",
        "er",
        "et",
        "etter",
        "for",
        "fra",
        "frå",
        "før",
        "ha",
        "hadde",
        "han",
        "hans",
        "har",
        "hennar",
        "henne",
        "hennes",
        "her",
        "hjå",
        "ho",
        "hun",
        "hva",
        "hvem",
        "hver",
        "hvilken",
        "hvis",
        "hvor",
        "hvordan",
        "hvorfor",
        "hå",
        "i",
        "ikke",
        "ikkje",
        "inn",
        "ja",
        "jeg",
        "kan",
        "kom",
        "kunne",
        "kva",
        "kvar",
        "kven",
        "kvifor",
        "korleis",
        "korso",
        "man",
        "mange",
        "me",
        "med",
        "meg",
        "meir",
        "mellom",
        "men",
        "mer",
        "mi",
        "min",
        "mitt",
        "mot",
        "mye",
        "må",
        "ned",
        "nei",
        "no",
        "noe",
        "noen",
        "noko",
        "nokon",
        "nå",
        "når",
        "og",
        "også",
        "om",
        "opp",
        "oss",
        "over",
        "på",
        "seg",
        "selv",
        "si",
        "sia",
        "sin",
        "sine",
        "sitt",
        "sjå",
        "sjøl",
        "skal",
        "skulle",
        "slik",
        "so",
        "som",
        "somme",
        "så",
        "til",
        "um",
        "under",
        "upp",
        "ut",
        "utan",
        "uten",
        "vart",
        "var",
        "ved",
        "vere",
        "verte",
        "vi",
        "vil",
        "ville",
        "vore",
        "vors",
        "vår",
        "vært",
        "å",
    ]
)

# Parts of words, nynorsk to bokmål, and plurals that change their vowel; inside compounds too. The longest wins.
_PARTS = {
    "arbeidsgjevar": "arbeidsgiver", "avlaup": "avløp", "bustad": "bolig", "eining": "enhet", "foreining": "forening",
    "forureining": "forurensning", "førebels": "foreløpig", "førebu": "forbered", "førebygg": "forebygg",
    "gjennomfør": "gjennomfør", "gjevar": "giver", "handhygien": "håndhygien", "handsam": "behandl",
    "handsaming": "behandling", "handter": "håndter", "handvask": "håndvask", "heim": "hjem", "heime": "hjemme",
    "heimel": "hjemmel", "heimetenest": "hjemmetjenest", "hending": "hendelse", "høyring": "høring",
    "krenking": "krenkelse", "køyr": "kjør", "leiar": "leder", "leiing": "ledelse", "lærar": "lærer",
    "medverk": "medvirk", "meining": "mening", "midla": "middel", "midlene": "middel", "midler": "middel",
    "månad": "måned", "naud": "nød", "naudsyn": "nødvendig", "nøklane": "nøkkel", "nøklene": "nøkkel",
    "nøkler": "nøkkel", "ombod": "ombud", "oppgåv": "oppgav", "reglane": "regel", "reglar": "regel",
    "reglene": "regel",
    "regler": "regel", "reinhald": "renhold", "reining": "rensing", "rekneskap": "regnskap", "rettleiar": "veileder",
    "rettleiing": "veiledning", "rømmings": "rømnings", "sakshandsaming": "saksbehandling", "sjuk": "syk",
    "sjuke": "syke",
    "sjukeheim": "sykehjem", "skule": "skole", "steining": "steining", "straum": "strøm", "brukar": "bruker",
    "teieplikt": "taushetsplikt", "tenest": "tjenest", "tilsett": "ansatt", "trugsmål": "trussel",
    "truslar": "trussel", "trusler": "trussel", "tryggleik": "sikkerhet", "ulukk": "ulykk", "utgreiing": "utredning",
    "vaksen": "voksen",
    "vaksn": "voksn", "vatn": "vann", "verksemd": "virksomhet", "øving": "øvelse",
}  # fmt: skip
# Whole words, where the letters would mean something else inside another word.
_WHOLE = {
    "born": "barn", "borna": "barn", "bøker": "bok", "bøkene": "bok", "hand": "hånd", "hender": "hånd",
    "løyve": "tillatelse", "menn": "mann", "skulen": "skole", "skular": "skole", "skulane": "skole", "vald": "vold",
    "valden": "vold", "vegen": "vei", "veg": "vei", "veke": "uke", "veker": "uke", "vekene": "uke",
}  # fmt: skip
# Compounds of «veg»: a route of escape is a «rømmingsveg» in nynorsk, a «rømningsvei» in bokmål.
_WAY = re.compile(r"(?<=\w{3})veg(en|ar|ane)?$")
_WAY_ENDINGS = {None: "vei", "en": "veien", "ar": "veier", "ane": "veiene"}
_PART = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
_NYNORSK_OF: dict[str, tuple[str, ...]] = {}
for _nynorsk, _bokmal in _PARTS.items():
    _NYNORSK_OF[_bokmal] = (*_NYNORSK_OF.get(_bokmal, ()), _nynorsk)

_snowball = snowballstemmer.stemmer("norwegian")
_one_at_a_time = Lock()  # the stemmer keeps the word it works on in itself


def folded(text: str) -> str:
    """The text as words are compared: small letters, one way of writing each letter, no loose accents."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _ACCENTED.sub(lambda match: _FOLDED[match[0]], plain)


def words_of(text: str) -> Iterator[str]:
    """The words of a text, folded; stop words are left out."""
    for match in WORD.finditer(folded(text)):
        word = match[0]
        if word not in STOP_WORDS and len(word) <= LONGEST:
            yield word


def _stem_once(word: str) -> str:
    if word.endswith("erne") and len(word) > 6:
        word = word[:-2]  # brukerne: the stemmer would stop at «brukern»
    with _one_at_a_time:
        stem: str = _snowball.stemWord(word)
    return stem[:-1] if stem.endswith("mm") else stem  # no word ends in a double m, until it is inflected


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What the forms of a word have in common. Those who do something need two steps: brukeren, bruker, bruk."""
    once = _stem_once(word)
    return _stem_once(once) if once.endswith("er") and not word[len(once) :].startswith("het") else once


@lru_cache(maxsize=65536)
def in_bokmal(word: str) -> str:
    """The word with its nynorsk parts in bokmål; as it is when it has none."""
    if (whole := _WHOLE.get(word)) is not None:
        return whole
    changed = _PART.sub(lambda match: _PARTS[match[0]], word)
    changed = _WAY.sub(lambda match: _WAY_ENDINGS[match[1]], changed)
    if changed.endswith(("heit", "heita")):
        return changed.rpartition("heit")[0] + "het"
    if changed.endswith("leg") and len(changed) > 4:
        return changed[:-3] + "lig"
    return changed


@lru_cache(maxsize=131072)
def indexed(word: str) -> tuple[tuple[str, ...], str]:
    """What a word is found by: its stems, and the end of it backwards (empty for short words)."""
    own, common = stem(word), stem(in_bokmal(word))
    stems = (own,) if own == common else (own, common)
    end = common[: SHORTEST_HEAD - 1 : -1] if len(common) >= SHORTEST_HEAD + SHORTEST_END else ""
    return stems, end


def spelt(text: str) -> set[str]:
    """The stems misspelt words are compared with: of words in letters alone that are long enough to be misspelt."""
    return {
        each
        for word in words_of(text)
        if len(word) >= SHORTEST_STEM and word.isalpha()
        for each in indexed(word)[0]
        if len(each) >= SHORTEST_STEM
    }


@dataclass(frozen=True)
class Asked:
    """One word of a query: what is looked for. Any of it will do."""

    word: str
    stems: frozenset[str]
    beginnings: frozenset[str]
    end: str  # backwards, as the index has it; empty when the word is too short to be the end of another

    @classmethod
    def of(cls, word: str) -> Asked:
        common = in_bokmal(word)
        stems, beginnings = set(), set()
        for each in {word, common}:
            stems.add(stem(each))
            first = _stem_once(each)
            if len(first) >= SHORTEST_STEM:
                beginnings.add(first)
            elif len(each) >= SHORTEST_BEGINNING:
                beginnings.add(each)
        shortest = stem(common)
        return cls(
            word=word,
            stems=frozenset(stems),
            beginnings=frozenset(beginnings),
            end=shortest[::-1] if len(shortest) >= SHORTEST_END else "",
        )

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the word stands in folded running text, in either form of Norwegian: the whole words, in no order."""
        for start in self._starts:
            for at, first, last in _around(text, start):
                if at == first:
                    yield first, last
        if self.end:
            end = self.end[::-1]
            for at, first, last in _around(text, end):
                if at - first >= SHORTEST_HEAD and last - at - len(end) <= _LONGEST_INFLECTION:
                    yield first, last

    @cached_property
    def _starts(self) -> set[str]:
        starts = {*self.stems, *self.beginnings}
        for each in tuple(starts):
            for bokmal, nynorsk in _NYNORSK_OF.items():
                if each.startswith(bokmal) or (len(each) >= SHORTEST_STEM and bokmal.startswith(each)):
                    starts.update(part + each[len(bokmal) :] for part in nynorsk)
        return starts | {f"{each[:-3]}veg" for each in starts if each.endswith("vei") and len(each) > len("vei")}


def _around(text: str, letters: str) -> Iterator[tuple[int, int, int]]:
    """Each place where the letters stand, with the beginning and the end of the word around them."""
    at = text.find(letters)
    while at >= 0:
        first, last = at, at + len(letters)
        while first and text[first - 1].isalnum():
            first -= 1
        while last < len(text) and text[last].isalnum():
            last += 1
        yield at, first, last
        at = text.find(letters, last)


def asked_for(query: str) -> list[Asked]:
    """The words of a query, each once, in their order. Signs are passed over, so that nothing typed is ever wrong."""
    return [Asked.of(word) for word in list(dict.fromkeys(words_of(query)))[:MOST_ASKED]]
