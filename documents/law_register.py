# ruff: noqa: E501 - one line a law or requirement, so that the two languages stand beside each other
"""The laws, regulations and standards every municipality works by, and what some of them ask, in our own words.

A starting point, not the law itself: each place leads to the text at Lovdata. What a municipality works by besides is
its own to add. Facts: the laws' numbers at Lovdata; the letters of kommuneloven § 25-1 and kvalitetsforskriften §§ 6–9.

After a change here a migration calls ``laws.lay`` again: rows are known by their short name and place.
"""

from __future__ import annotations

from typing import NamedTuple


class ListedSource(NamedTuple):
    short: str
    title: str
    title_nn: str  # empty where it is the same
    address: str
    names: tuple[str, ...]  # besides short name and title: what texts call it


class ListedRequirement(NamedTuple):
    place: str
    text: str
    text_nn: str


LOVDATA = "https://lovdata.no/"


def _source(line: str) -> ListedSource:
    short, title, title_nn, address, names = (part.strip() for part in line.split("|"))
    if address and not address.startswith("https:"):
        address = f"{LOVDATA}{address}"
    return ListedSource(
        short, title, title_nn, address, tuple(name.strip() for name in names.split(",") if name.strip())
    )


# short | title | title in nynorsk | place at Lovdata, or whole address | other names
SOURCES = tuple(
    _source(line)
    for line in """
kommuneloven | Kommuneloven | Kommunelova | lov/2018-06-22-83 | koml
kvalitetsforskriften | Forskrift om ledelse og kvalitetsforbedring i helse- og omsorgstjenesten | Forskrift om leiing og kvalitetsforbetring i helse- og omsorgstenesta | forskrift/2016-10-28-1250 | forskrift om ledelse og kvalitetsforbedring, forskrift om leiing og kvalitetsforbetring
internkontrollforskriften | Internkontrollforskriften (helse, miljø og sikkerhet) | Internkontrollforskrifta (helse, miljø og tryggleik) | forskrift/1996-12-06-1127 | IK-HMS, IK-forskriften, HMS-forskriften
arbeidsmiljøloven | Arbeidsmiljøloven | Arbeidsmiljølova | lov/2005-06-17-62 | aml
folketrygdloven | Folketrygdloven | Folketrygdlova | lov/1997-02-28-19 | ftrl
helsetilsynsloven | Helsetilsynsloven | Helsetilsynslova | lov/2017-12-15-107 |
helse- og omsorgstjenesteloven | Helse- og omsorgstjenesteloven | Helse- og omsorgstenestelova | lov/2011-06-24-30 | hol
helsepersonelloven | Helsepersonelloven | Helsepersonellova | lov/1999-07-02-64 | hpl
pasient- og brukerrettighetsloven | Pasient- og brukerrettighetsloven | Pasient- og brukarrettslova | lov/1999-07-02-63 | pbrl, pasient- og brukarrettighetslova
opplæringslova | Opplæringslova | | lov/2023-06-09-30 | opplæringsloven, opplærl
barnehageloven | Barnehageloven | Barnehagelova | lov/2005-06-17-64 | bhgl
barnevernsloven | Barnevernsloven | Barnevernslova | lov/2021-06-18-97 | bvl, barnevernloven
personvernforordningen | Personvernforordningen (GDPR) | Personvernforordninga (GDPR) | lov/2018-06-15-38 | GDPR, personvernforordningen, personvernforordninga, personopplysningsloven
offentleglova | Offentleglova | | lov/2006-05-19-16 | offl, offentlighetsloven, offentlegloven
forvaltningsloven | Forvaltningsloven | Forvaltningslova | lov/1967-02-10 | fvl
arkivlova | Arkivlova | | lov/2025-06-20-96 | arkivloven
anskaffelsesloven | Anskaffelsesloven | Anskaffingslova | lov/2016-06-17-73 | LOA
sosialtjenesteloven | Sosialtjenesteloven | Sosialtenestelova | lov/2009-12-18-131 | sotjl
språklova | Språklova | | lov/2021-05-21-42 | språkloven
matloven | Matloven | Matlova | lov/2003-12-19-124 |
smittevernloven | Smittevernloven | Smittevernlova | lov/1994-08-05-55 |
legemiddelhåndteringsforskriften | Legemiddelhåndteringsforskriften | Legemiddelhandteringsforskrifta | forskrift/2008-04-03-320 | forskrift om legemiddelhåndtering
forskrift om medisinsk utstyr | Forskrift om håndtering av medisinsk utstyr | Forskrift om handtering av medisinsk utstyr | forskrift/2013-11-29-1373 | forskrift om håndtering av medisinsk utstyr, forskrift om handtering av medisinsk utstyr
MSIS-forskriften | MSIS-forskriften | MSIS-forskrifta | forskrift/2003-06-20-740 |
pasientjournalforskriften | Pasientjournalforskriften | Pasientjournalforskrifta | forskrift/2019-03-01-168 |
smittevernforskriften | Forskrift om smittevern i helse- og omsorgstjenesten | Forskrift om smittevern i helse- og omsorgstenesta | forskrift/2005-06-17-610 |
IK-mat-forskriften | Forskrift om internkontroll for næringsmidler (IK-mat) | Forskrift om internkontroll for næringsmiddel (IK-mat) | forskrift/1994-12-15-1187 | IK-mat
næringsmiddelhygieneforskriften | Næringsmiddelhygieneforskriften | Næringsmiddelhygieneforskrifta | forskrift/2008-12-22-1623 |
matinformasjonsforskriften | Matinformasjonsforskriften | Matinformasjonsforskrifta | forskrift/2014-11-28-1497 |
drikkevannsforskriften | Drikkevannsforskriften | Drikkevassforskrifta | forskrift/2016-12-22-1868 | drikkevassforskriften
forskrift om brannforebygging | Forskrift om brannforebygging | Forskrift om brannførebygging | forskrift/2015-12-17-1710 |
forskrift om utførelse av arbeid | Forskrift om utførelse av arbeid | Forskrift om utføring av arbeid | forskrift/2011-12-06-1357 |
forskrift om kommunal beredskapsplikt | Forskrift om kommunal beredskapsplikt | | forskrift/2011-08-22-894 | beredskapspliktforskriften
eForvaltningsforskriften | eForvaltningsforskriften | eForvaltningsforskrifta | forskrift/2004-06-25-988 |
forurensningsforskriften | Forurensningsforskriften | Forureiningsforskrifta | forskrift/2004-06-01-931 |
varslingsforskriften | Forskrift om varsling av akutt forurensning | Forskrift om varsling av akutt forureining | forskrift/1992-07-09-1269 | forskrift om varsling av akutt forurensning eller fare for akutt forurensning
forskrift om helse og miljø i barnehager og skoler | Forskrift om helse og miljø i barnehager, skoler og skolefritidsordninger | Forskrift om helse og miljø i barnehagar, skular og skulefritidsordningar | forskrift/2023-03-28-449 | forskrift om miljø og helse i skoler og barnehager, forskrift om miljø og helse i skular og barnehagar
forskrift om sikkerhet ved lekeplassutstyr | Forskrift om sikkerhet ved lekeplassutstyr | Forskrift om tryggleik ved leikeplassutstyr | forskrift/1996-07-19-703 |
Normen | Norm for informasjonssikkerhet og personvern i helse- og omsorgssektoren | Norm for informasjonstryggleik og personvern i helse- og omsorgssektoren | https://www.helsedirektoratet.no/digitalisering-og-e-helse/normen |
ISO 9001 | ISO 9001 Systemer for kvalitetsstyring | ISO 9001 System for kvalitetsstyring | https://www.iso.org/standard/62085.html | NS-EN ISO 9001
ISO 45001 | ISO 45001 Styringssystemer for arbeidsmiljø | ISO 45001 Styringssystem for arbeidsmiljø | https://www.iso.org/standard/63787.html | NS-ISO 45001
""".strip().splitlines()
)
STANDARDS = frozenset({"Normen", "ISO 9001", "ISO 45001"})


def _requirements(lines: str) -> tuple[ListedRequirement, ...]:
    return tuple(
        ListedRequirement(place.strip(), text.strip(), nynorsk.strip())
        for place, text, nynorsk in (line.split("|") for line in lines.strip().splitlines())
    )


# By the short name of the source, in the order they are gone through: place | bokmål | nynorsk
REQUIREMENTS: dict[str, tuple[ListedRequirement, ...]] = {
    "kommuneloven": _requirements(
        """
        § 25-1 bokstav a | Beskrive hovedoppgaver, mål og organisering. | Skildre hovudoppgåver, mål og organisering.
        § 25-1 bokstav b | Ha de rutinene og prosedyrene som trengs. | Ha dei rutinane og prosedyrane som trengst.
        § 25-1 bokstav c | Avdekke og følge opp avvik, og risiko for avvik. | Avdekkje og følgje opp avvik, og risiko for avvik.
        § 25-1 bokstav d | Dokumentere internkontrollen så mye som nødvendig. | Dokumentere internkontrollen så mykje som nødvendig.
        § 25-1 bokstav e | Evaluere skriftlige prosedyrer og tiltak, og forbedre dem når det trengs. | Evaluere skriftlege prosedyrar og tiltak, og forbetre dei når det trengst.
        § 25-2 | Rapportere til kommunestyret om internkontroll og statlige tilsyn minst én gang i året. | Rapportere til kommunestyret om internkontroll og statlege tilsyn minst éin gong i året.
        """
    ),
    "kvalitetsforskriften": _requirements(
        """
        § 6 bokstav a | Planlegge: kjenne mål, oppgaver, organisering og ansvar, og hvordan det drives forbedringsarbeid. | Planleggje: kjenne mål, oppgåver, organisering og ansvar, og korleis ein driv forbetringsarbeid.
        § 6 bokstav b | Planlegge: skaffe nok kunnskap til å planlegge og gjennomføre oppgavene. | Planleggje: skaffe nok kunnskap til å planleggje og gjennomføre oppgåvene.
        § 6 bokstav c | Planlegge: ha oversikt over regelverket og hvordan det gjøres kjent. | Planleggje: ha oversyn over regelverket og korleis det blir gjort kjent.
        § 6 bokstav d | Planlegge: ha oversikt over hvor det kan svikte, og hvor det trengs forbedring. | Planleggje: ha oversyn over kvar det kan svikte, og kvar det trengst forbetring.
        § 6 bokstav e | Planlegge: ha en plan for å gjøre risikoen mindre, også når oppgaver går fra hånd til hånd. | Planleggje: ha ein plan for å gjere risikoen mindre, også når oppgåver går frå hand til hand.
        § 6 bokstav f | Planlegge: ha oversikt over hvilken kompetanse og opplæring som trengs. | Planleggje: ha oversyn over kva kompetanse og opplæring som trengst.
        § 6 bokstav g | Planlegge: ha oversikt over avvik, uønskede hendelser, klager, evalueringer og brukernes erfaringer. | Planleggje: ha oversyn over avvik, uønskte hendingar, klager, evalueringar og erfaringane til brukarane.
        § 7 bokstav a | Gjennomføre: oppgaver og planer er kjent, og blir utført. | Gjennomføre: oppgåver og planar er kjende, og blir utførte.
        § 7 bokstav b | Gjennomføre: de ansatte kan faget, reglene og styringssystemet. | Gjennomføre: dei tilsette kan faget, reglane og styringssystemet.
        § 7 bokstav c | Gjennomføre: utvikle og bruke prosedyrer som avdekker, retter opp og forebygger brudd på reglene. | Gjennomføre: utvikle og bruke prosedyrar som avdekkjer, rettar opp og førebyggjer brot på reglane.
        § 7 bokstav d | Gjennomføre: de ansatte tar del, og erfaringene deres blir brukt. | Gjennomføre: dei tilsette tek del, og erfaringane deira blir brukte.
        § 7 bokstav e | Gjennomføre: bruke erfaringene til pasienter, brukere og pårørende. | Gjennomføre: bruke erfaringane til pasientar, brukarar og pårørande.
        § 8 bokstav a | Evaluere: se etter at oppgaver og planer blir utført. | Evaluere: sjå etter at oppgåver og planar blir utførte.
        § 8 bokstav b | Evaluere: vurdere om det er nok til å oppfylle kravene. | Evaluere: vurdere om det er nok til å oppfylle krava.
        § 8 bokstav c | Evaluere: vurdere om tiltakene virker: om de er kjent, forstått og fulgt. | Evaluere: vurdere om tiltaka verkar: om dei er kjende, forstådde og følgde.
        § 8 bokstav d | Evaluere: vurdere praksis ut fra erfaringene til pasienter, brukere og pårørende. | Evaluere: vurdere praksis ut frå erfaringane til pasientar, brukarar og pårørande.
        § 8 bokstav e | Evaluere: gå gjennom avvik, slik at lignende hendelser kan forebygges. | Evaluere: gå gjennom avvik, slik at liknande hendingar kan førebyggjast.
        § 8 bokstav f | Evaluere: gå gjennom hele styringssystemet minst én gang i året. | Evaluere: gå gjennom heile styringssystemet minst éin gong i året.
        § 9 bokstav a | Korrigere: rette opp uforsvarlige og ulovlige forhold straks. | Korrigere: rette opp uforsvarlege og ulovlege forhold straks.
        § 9 bokstav b | Korrigere: sette i verk tiltak som retter opp og forebygger. | Korrigere: setje i verk tiltak som rettar opp og førebyggjer.
        § 9 bokstav c | Korrigere: forbedre prosedyrer og rutiner. | Korrigere: forbetre prosedyrar og rutinar.
        """
    ),
    "internkontrollforskriften": _requirements(
        """
        § 5 nr. 1 | Ha lovene og forskriftene som gjelder for virksomheten, tilgjengelige, med oversikt over det viktigste. | Ha lovene og forskriftene som gjeld for verksemda, tilgjengelege, med oversyn over det viktigaste.
        § 5 nr. 2 | Sørge for at de ansatte kan nok om helse, miljø og sikkerhet. | Sørgje for at dei tilsette kan nok om helse, miljø og tryggleik.
        § 5 nr. 3 | La de ansatte ta del, slik at all kunnskap og erfaring blir brukt. | La dei tilsette ta del, slik at all kunnskap og erfaring blir brukt.
        § 5 nr. 4 | Ha skriftlige mål for helse, miljø og sikkerhet. | Ha skriftlege mål for helse, miljø og tryggleik.
        § 5 nr. 5 | Ha skriftlig oversikt over organisasjonen: hvem har ansvar, oppgaver og myndighet. | Ha skriftleg oversyn over organisasjonen: kven har ansvar, oppgåver og mynde.
        § 5 nr. 6 | Kartlegge farer, vurdere risiko og ha skriftlige planer og tiltak. | Kartleggje farar, vurdere risiko og ha skriftlege planar og tiltak.
        § 5 nr. 7 | Ha skriftlige rutiner som avdekker, retter opp og forebygger brudd på reglene. | Ha skriftlege rutinar som avdekkjer, rettar opp og førebyggjer brot på reglane.
        § 5 nr. 8 | Gå jevnlig gjennom internkontrollen, og skrive ned hva gjennomgangen viste. | Gå jamleg gjennom internkontrollen, og skrive ned kva gjennomgangen viste.
        """
    ),
    "arbeidsmiljøloven": _requirements(
        """
        § 2 A-6 | Ha en skriftlig rutine for varsling: oppfordring, hvordan en varsler, og hvordan varsel blir tatt imot og fulgt opp. | Ha ein skriftleg rutine for varsling: oppmoding, korleis ein varslar, og korleis varsel blir tekne imot og følgde opp.
        § 5-1 | Registrere alle skader og sykdommer som kan skyldes arbeidet, uten helseopplysninger. | Registrere alle skadar og sjukdommar som kan kome av arbeidet, utan helseopplysningar.
        § 5-2 | Varsle Arbeidstilsynet og politiet straks ved død eller alvorlig skade, og bekrefte skriftlig. | Varsle Arbeidstilsynet og politiet straks ved død eller alvorleg skade, og stadfeste skriftleg.
        """
    ),
    "personvernforordningen": _requirements(
        """
        art. 33 | Melde brudd på personopplysningssikkerheten innen 72 timer, og dokumentere alle brudd. | Melde brot på personopplysningstryggleiken innan 72 timar, og dokumentere alle brot.
        art. 34 | Gi beskjed til dem det gjelder når bruddet kan bety høy risiko for dem. | Gi beskjed til dei det gjeld når brotet kan bety høg risiko for dei.
        """
    ),
    "helsetilsynsloven": _requirements(
        """
        § 6 | Varsle om dødsfall og svært alvorlig skade som var uventet. | Varsle om dødsfall og svært alvorleg skade som var uventa.
        """
    ),
    "opplæringslova": _requirements(
        """
        § 12-4 | Følge med, gripe inn, melde fra, undersøke og sette inn tiltak for et trygt og godt skolemiljø, med skriftlig plan. | Følgje med, gripe inn, melde frå, undersøkje og setje inn tiltak for eit trygt og godt skulemiljø, med skriftleg plan.
        § 12-5 | Handle strengere og raskere når en ansatt kan ha krenket en elev. | Handle strengare og raskare når ein tilsett kan ha krenkt ein elev.
        """
    ),
    "barnehageloven": _requirements(
        """
        § 41 | Nulltoleranse for krenkelser, og forebyggende arbeid for et trygt og godt barnehagemiljø. | Nulltoleranse for krenkingar, og førebyggjande arbeid for eit trygt og godt barnehagemiljø.
        § 42 | Følge med, melde fra, undersøke og lage en skriftlig plan når et barn ikke har det trygt og godt. | Følgje med, melde frå, undersøkje og lage ein skriftleg plan når eit barn ikkje har det trygt og godt.
        § 43 | Handle strengere og raskere når en ansatt kan ha krenket et barn. | Handle strengare og raskare når ein tilsett kan ha krenkt eit barn.
        """
    ),
    "forskrift om brannforebygging": _requirements(
        """
        § 12 | Arbeide systematisk med sikkerheten i bygget: mål, rutiner, øvelser og oppfølging av avvik. | Arbeide systematisk med tryggleiken i bygget: mål, rutinar, øvingar og oppfølging av avvik.
        """
    ),
}  # fmt: skip
