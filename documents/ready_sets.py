# ruff: noqa: E501 - one line a set
"""What a municipality's handbook begins with: subjects to sort by, and words that mean the same. Its own from then on."""

from __future__ import annotations

from typing import NamedTuple


class Names(NamedTuple):
    name: str
    name_nn: str  # empty where it is the same as in bokmål
    name_en: str


class Main(NamedTuple):
    names: Names
    subs: tuple[Names, ...]


def _main(lines: str) -> Main:
    """The first line is the main subject, the others those below it: bokmål | nynorsk | English."""
    main, *subs = (
        Names(nb, "" if nn == nb else nn, en)
        for nb, nn, en in ([part.strip() for part in line.split("|")] for line in lines.strip().splitlines())
    )
    return Main(main, tuple(subs))


SUBJECTS = tuple(
    _main(block)
    for block in """
Styring og internkontroll | Styring og internkontroll | Management and internal control
Avvik og forbedring | Avvik og forbetring | Deviations and improvement
Risiko og beredskap | Risiko og beredskap | Risk and preparedness
Møter og rapportering | Møte og rapportering | Meetings and reporting

Helse, miljø og sikkerhet | Helse, miljø og tryggleik | Health, safety and environment
Arbeidsmiljø og vernearbeid | Arbeidsmiljø og vernearbeid | Working environment
Vold og trusler | Vald og truslar | Violence and threats
Skader og smitteeksponering | Skadar og smitteeksponering | Injuries and exposure to infection
Kjemikalier | Kjemikaliar | Chemicals

Personal | Personal | Staff
Opplæring | Opplæring | Training
Fravær og oppfølging | Fråvær og oppfølging | Absence and follow-up
Varsling | Varsling | Whistle-blowing

Helse og omsorg | Helse og omsorg | Health and care
Legemidler | Legemiddel | Medication
Pleie og observasjon | Pleie og observasjon | Care and observation
Samtykke, tvang og medvirkning | Samtykke, tvang og medverknad | Consent, coercion and participation
Samhandling og journal | Samhandling og journal | Cooperation and records
Medisinsk utstyr og velferdsteknologi | Medisinsk utstyr og velferdsteknologi | Medical devices and welfare technology

Smittevern, mat og hygiene | Smittevern, mat og hygiene | Infection control, food and hygiene
Smittevern | Smittevern | Infection control
Mat og kjøkken | Mat og kjøkken | Food and kitchen
Renhold | Reinhald | Cleaning

Skole og barnehage | Skule og barnehage | School and kindergarten
Trygt miljø | Trygt miljø | A safe environment
Tilsyn, tur og bading | Tilsyn, tur og bading | Supervision, outings and swimming
Barnevern | Barnevern | Child welfare

Brann, bygg og teknisk | Brann, bygg og teknisk | Fire, buildings and technical services
Brannvern | Brannvern | Fire safety
Vann, avløp og forurensning | Vatn, avløp og forureining | Water, sewage and pollution
Maskiner og arbeid i grøft og kum | Maskiner og arbeid i grøft og kum | Machines and confined spaces

Personvern og informasjonssikkerhet | Personvern og informasjonstryggleik | Privacy and information security

Saksbehandling, økonomi og arkiv | Saksbehandling, økonomi og arkiv | Casework, finance and archive
Innsyn og klage | Innsyn og klage | Access to documents and appeals
Anskaffelser | Innkjøp | Procurement
Sosiale tjenester | Sosiale tenester | Social services
""".strip().split("\n\n")
)

# A set of words and phrases a line; both forms of Norwegian where search doesn't know that they are one.
SYNONYMS = tuple(
    line
    for line in """
HMS, helse miljø og sikkerhet, arbeidsmiljø
internkontroll, IK, styringssystem
avvik, uønsket hendelse, feil, uhell
sykefravær, sykmelding, egenmelding
nyansatt, nytilsatt, ny på jobb
legemiddel, medisin, medikament, tabletter, piller
kardex, medisinkort, legemiddelkort, legemiddelliste
dosett, multidose, ukedosett
fall, ramle, snuble
trykksår, liggesår, decubitus
infeksjon, smitte, korona, covid
utbrudd, epidemi, omgangssyke, norovirus
håndhygiene, håndvask, hånddesinfeksjon, sprit
beboer, pasient, bruker
pårørende, familie, nærmeste
dødsfall, død, stell av døde
tvang, makt, tvangsvedtak, tilbakeholdelse
forverring, NEWS, NEWS2, ISBAR, akutt syk
trygghetsalarm, velferdsteknologi
HLR, hjertestans, hjertestarter, gjenopplivning
ernæring, kosthold, mat, mat og drikke, vekttap
journal, dokumentasjon, Gerica, Profil, CosDoc
mobbing, krenkelse, plaging, utestenging
elev, skolebarn
foresatt, forelder, mor og far
bekymringsmelding, melding til barnevernet
tur, utflukt, ekskursjon
bading, svømming, drukning
vold, slag, utagering, utagerende
trusler, trakassering, ubehagelig opptreden
brann, røyk, brannalarm
evakuering, rømning
kjemikalier, stoffkartotek, farlige stoffer, sikkerhetsdatablad
verneutstyr, personlig verneutstyr, PVU
drikkevann, vannkvalitet, kokevarsel
avløp, kloakk, spillvann
utslipp, forurensning, søl
innkjøp, anskaffelse, bestilling
GDPR, personvern, personopplysninger
taushetsplikt, fortrolig, konfidensielt
nedetid, systemet er nede, strømbrudd
passord, innlogging, tilgang
varsling, si fra, kritikkverdige forhold
stikkskade, sprøytestikk, nålestikk
alenearbeid, jobbe alene, nattevakt
""".strip().splitlines()
)
