# ruff: noqa: E501 - one text after the other
"""What cases are sorted by in the demo municipalities: two levels, bokmål and, where it differs, nynorsk."""

from __future__ import annotations

from typing import NamedTuple

from deviations.models import Topic


class Main(NamedTuple):
    name: str
    name_nn: str
    name_en: str
    topic: str
    subs: tuple[tuple[str, str], ...]  # bokmål, nynorsk (empty where the same)


def _subs(line: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.strip().partition(" = ") for part in line.split("·"))
    return tuple((_capital(nb), _capital(nn)) for nb, _sign, nn in pairs)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


CATEGORIES = (
    Main(
        "Pasient/bruker – tjenesteutførelse",
        "Pasient/brukar – tenesteutføring",
        "Patients and users – services",
        Topic.NONE,
        _subs(
            "fall · uteblitt eller forsinket tjeneste = uteblitt eller forseinka teneste · observasjon/forverring ikke "
            "oppdaget = observasjon/forverring ikkje oppdaga · trykksår · ernæring/svelg · tvang og makt · "
            "trygghetsalarm og velferdsteknologi = tryggleiksalarm og velferdsteknologi · medisinsk utstyr · "
            "samhandling/overføring · journal og dokumentasjon"
        ),
    ),
    Main(
        "Legemiddel",
        "",
        "Medication",
        Topic.NONE,
        _subs(
            "ikke gitt = ikkje gitt · feil dose · feil legemiddel · feil person · feil tidspunkt · dosett/multidose · "
            "A-/B-preparat, svinn · oppbevaring/holdbarhet = oppbevaring/haldbarheit · signering/kardex · "
            "forordning uklar"
        ),
    ),
    Main(
        "HMS – ansatte",
        "HMS – tilsette",
        "Health and safety of employees",
        Topic.HSE,
        _subs(
            "vold = vald · trusler = truslar · personskade · nestenulykke · stikk/smitteeksponering · "
            "tungt løft/ergonomi · psykososialt arbeidsmiljø · bemanning og arbeidstid · alenearbeid = åleinearbeid · "
            "maskin/kjemikalier = maskin/kjemikaliar"
        ),
    ),
    Main(
        "Barn og elever",
        "Barn og elevar",
        "Children and pupils",
        Topic.NONE,
        _subs(
            "skolemiljø – plikt ikke fulgt = skulemiljø – plikt ikkje følgd · barnehagemiljø – plikt ikke fulgt = "
            "barnehagemiljø – plikt ikkje følgd · skade/ulykke · barn borte/tilsyn sviktet = barn borte/tilsyn svikta "
            "· skyss og tur · legemiddel/allergi · vedtak om tilrettelegging ikke fulgt = vedtak om tilrettelegging "
            "ikkje følgt · ute- og lekeareal = ute- og leikeareal"
        ),
    ),
    Main(
        "Personvern og informasjonssikkerhet",
        "Personvern og informasjonstryggleik",
        "Privacy and information security",
        Topic.PRIVACY,
        _subs(
            "feilsendt = feilsend · uautorisert innsyn · feilpublisering · tapt utstyr/papir · tilgang ikke avsluttet "
            "= tilgang ikkje avslutta · nedetid · svindel/skadevare = svindel/skadevare · manglende "
            "databehandleravtale = manglande databehandlaravtale · lagret på feil sted = lagra på feil stad"
        ),
    ),
    Main(
        "Smittevern, mat og hygiene",
        "",
        "Infection control, food and hygiene",
        Topic.NONE,
        _subs(
            "utbrudd = utbrot · basale rutiner/håndhygiene = basale rutinar/handhygiene · isolering · renhold = "
            "reinhald · temperatur · allergen/feil kost · holdbarhet = haldbarheit · avfall/tekstil"
        ),
    ),
    Main(
        "Brann, bygg, teknisk og ytre miljø",
        "",
        "Fire, buildings, technical and environment",
        Topic.NONE,
        _subs(
            "branntilløp · rømningsvei/dør = rømmingsveg/dør · alarm, slokkeutstyr, øvelse = alarm, sløkkjeutstyr, "
            "øving · drikkevann = drikkevatn · avløp/utslipp = avløp/utslepp · vei og trafikk = veg og trafikk · "
            "elektrisk · inneklima/bygg · kjøretøy og maskin = køyretøy og maskin"
        ),
    ),
    Main(
        "Saksbehandling, økonomi og styring",
        "",
        "Casework, finance and management",
        Topic.NONE,
        _subs(
            "fristbrudd = fristbrot · feil i vedtak · taushetsplikt = teieplikt · arkiv/journalføring · anskaffelse = "
            "innkjøp · faktura/refusjon · habilitet/delegasjon · prosedyre mangler/utdatert = prosedyre "
            "manglar/utdatert · kompetanse/opplæring mangler = kompetanse/opplæring manglar"
        ),
    ),
)
