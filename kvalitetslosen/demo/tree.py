"""The invented organisation: three small municipalities, their units and the people who work there."""

from __future__ import annotations

from typing import NamedTuple

from kvalitetslosen.organisation.models import Role, Unit

SECTOR, UNIT, DEPARTMENT = Unit.Kind.SECTOR, Unit.Kind.UNIT, Unit.Kind.DEPARTMENT


class Place(NamedTuple):
    code: str
    parent: str  # the code of the unit above; empty for the municipality
    kind: str
    name: str


class Person(NamedTuple):
    name: str
    email: str  # what stands before the @
    title: str
    roles: str  # as "leader HB, employee HB": role and code of the unit


class Municipality(NamedTuple):
    code: str
    name: str
    language: str
    domain: str
    places: tuple[Place, ...]
    people: tuple[Person, ...]


ROLES: dict[str, str] = {
    "leader": Role.LEADER,
    "employee": Role.EMPLOYEE,
    "quality": Role.QUALITY_CONTACT,
    "safety": Role.SAFETY_REP,
    "union": Role.UNION_REP,
    "dpo": Role.DPO,
    "committee": Role.WORK_ENVIRONMENT,
    "health": Role.OCCUPATIONAL_HEALTH,
    "admin": Role.ADMINISTRATOR,
}


def _places(lines: str) -> tuple[Place, ...]:
    """A line a unit, indented by its depth below the municipality: code, then name."""
    above: list[str] = [""]
    places = []
    for line in lines.strip("\n").splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        code, name = line.split(maxsplit=1)
        places.append(Place(code, above[depth], (SECTOR, UNIT, DEPARTMENT)[depth], name))
        above[depth + 1 :] = [code]
    return tuple(places)


def _people(lines: str) -> tuple[Person, ...]:
    """A line a person: name; e-mail; title; roles."""
    return tuple(Person(*(part.strip() for part in line.split(";"))) for line in lines.strip().splitlines())


ASERAL = Municipality(
    "AAS",
    "Åseral",
    "nn",
    "aseral.example",
    _places(
        """
KD Kommunedirektør
  KB Stab for kvalitet og beredskap
ADM Administrasjon
  OK Økonomi og løn
  PE Personal
  SD Servicekontor og dokumentsenter
  IKT IKT
PO Pleie og omsorg
  HB Heimebaserte tenester
  INST Institusjon
    A1 Avdeling 1
    A2 Avdeling 2, skjerma
  BO Bufellesskap
  KR Kjøkken og reinhald
HE Helse
  LK Legekontor
  HS Helsestasjon
  FY Fysioterapi
  PH Psykisk helse og rus
SK Skule
  SKU Skule 1–10
  SFO SFO
  KS Kulturskule
BH Barnehage
  BH1 Barnehagen
TE Teknisk
  VA Vatn og avløp
  VE Veg og anlegg
  BY Bygg og vaktmeister
  PB Plan og byggesak
  LA Landbruk
NAV NAV og sosial
  SO Sosiale tenester
  FL Flyktning
  BV Barnevern
KU Kultur
  BI Bibliotek
  FR Fritid
  SY Symjehall
"""
    ),
    _people(
        """
Aslaug Ljosland; ansatt; Helsefagarbeidar; employee HB
Gunnhild Røynås; leder; Einingsleiar heimebaserte tenester; leader HB
Torbjørn Austegard; sjef; Kommunalsjef helse og omsorg; leader PO, leader HE
Sigrid Kylland; radmann; Kommunedirektør; leader AAS
Marit Eikerapen; kvalitet; Kvalitetskoordinator; quality AAS, employee KB
Olav Håland; admin; Systemansvarleg; admin AAS, employee IKT
Jorunn Bordalen; verneombud; Hovudverneombod; safety AAS, employee BY
Per Arne Kyllingsland; tillitsvalgt; Hovudtillitsvald; union AAS, employee SKU
Ingvild Ørnefjell; personvernombud; Personvernombod; dpo AAS
Synnøve Eikerapen; amu; Leiar av arbeidsmiljøutvalet; committee AAS
Hallvard Rosseland; bht; Bedriftshelsetenesta; health AAS
Knut Lognavatn; knut.lognavatn; Administrasjonssjef; leader ADM
Hege Tjaldal; hege.tjaldal; Leiar servicekontor; leader SD
Åshild Smeland; ashild.smeland; Einingsleiar institusjon; leader INST
Tone Brelandsvik; tone.brelandsvik; Avdelingsleiar; leader A2
Reidun Ytrehus; reidun.ytrehus; Leiar bufellesskap; leader BO, leader PH
Kåre Mjåland; kare.mjaland; Kjøkkensjef; leader KR
Solveig Vinjestøl; solveig.vinjestol; Leiande helsesjukepleiar; leader HS, leader FY
Magne Foss; magne.foss; Rektor; leader SK, leader SKU
Liv Austrud; liv.austrud; SFO-leiar; leader SFO, leader KS
Bjørg Espeland; bjorg.espeland; Styrar; leader BH
Arvid Haugland; arvid.haugland; Teknisk sjef; leader TE
Svein Kvåse; svein.kvase; Driftsleiar vatn og avløp; leader VA
Ellen Nepstad; ellen.nepstad; NAV-leiar; leader NAV
Dagfinn Tveito; dagfinn.tveito; Kultursjef; leader KU
Berit Ljoslandsmo; berit.ljoslandsmo; Sjukepleiar; employee HB, quality PO
Odd Øydna; odd.oydna; Helsefagarbeidar; employee A1
Synnøve Fidjestøl; synnove.fidjestol; Sjukepleiar; employee A2
Trygve Garden; trygve.garden; Kontaktlærar; employee SKU
Anne Bortelid; anne.bortelid; Barnehagelærar; employee BH1
Terje Donnestad; terje.donnestad; Fagarbeidar; employee VA
Eldbjørg Logna; eldbjorg.logna; Sekretær; employee SD
"""
    ),
)

MARNARDAL = Municipality(
    "MAR",
    "Marnardal",
    "nb",
    "marnardal.example",
    _places(
        """
KD Kommunedirektør
  KB Stab for kvalitet og beredskap
ADM Administrasjon
  OK Økonomi og lønn
  PE Personal
  SD Servicekontor og dokumentsenter
  IKT IKT (interkommunal)
PO Pleie og omsorg
  HB Hjemmebaserte tjenester
  INST Institusjon
    LT Langtid
    KT Korttid
  BO Bofellesskap
  KJ Kjøkken
  RE Renhold
HE Helse
  LK Legekontor
  HS Helsestasjon
  FY Fysio- og ergoterapi
  PH Psykisk helse og rus
SK Skole
  SKA Skole A 1–7
  SKB Skole B 1–10
  SFO SFO
BH Barnehage
  BH1 Barnehage 1
  BH2 Barnehage 2
  BH3 Barnehage 3
TE Teknisk
  VA Vann og avløp
  VE Vei og anlegg
  BY Bygg og vaktmester
  PB Plan og byggesak
  LA Landbruk
NAV NAV og sosial
  SO Sosiale tjenester
  FL Flyktning
  BV Barnevern (vertskommune)
KU Kultur
  BI Bibliotek
  FR Fritid
"""
    ),
    _people(
        """
Ingrid Heddeland; ansatt; Kontaktlærer; employee SKA
Morten Øyslebø; leder; Rektor; leader SKA
Randi Laudal; admin; Systemansvarlig; admin MAR, employee IKT
Geir Bjelland; radmann; Kommunedirektør; leader MAR
Kari Finsland; kvalitet; Kvalitetskoordinator; quality MAR, employee KB
Lars Hellegård; personvernombud; Personvernombud; dpo MAR
Wenche Usland; wenche.usland; Administrasjonssjef; leader ADM
Torill Røyland; sjef; Kommunalsjef helse og omsorg; leader PO, leader HE
Hilde Skuland; hilde.skuland; Enhetsleder hjemmebaserte tjenester; leader HB
Arne Breivoll; arne.breivoll; Enhetsleder institusjon; leader INST
Grete Mosby; grete.mosby; Kjøkkensjef; leader KJ, leader RE
Ole Sveinall; ole.sveinall; Leder bofellesskap; leader BO, leader PH
Unni Trygsland; unni.trygsland; Oppvekstsjef; leader SK, leader BH
Petter Fjelde; petter.fjelde; Rektor; leader SKB
Marianne Høye; marianne.hoye; Styrer; leader BH1, leader BH2
Stian Nome; stian.nome; Teknisk sjef; leader TE
Roger Spilling; roger.spilling; Driftsleder vann og avløp; leader VA
Nina Hægeland; nina.haegeland; NAV-leder; leader NAV
Elisabeth Krossen; elisabeth.krossen; Kultursjef; leader KU
Tom Erik Mannflå; verneombud; Hovedverneombud, vaktmester; safety MAR, committee MAR, employee BY
Bente Kleveland; tillitsvalgt; Hovedtillitsvalgt, sykepleier; union MAR, employee LT
Anita Stedjan; anita.stedjan; Helsefagarbeider; employee KT
Jan Ove Vigmostad; jan.ove.vigmostad; Sykepleier; employee HB, quality PO
Silje Bringsdal; silje.bringsdal; Barnehagelærer; employee BH1
Frode Solås; frode.solas; Fagarbeider; employee VA
Mette Hauge; mette.hauge; Veileder; employee SO
Sverre Manneråk; amu; Leder av arbeidsmiljøutvalget; committee MAR
Tove Heddal; bht; Bedriftshelsetjenesten; health MAR
"""
    ),
)

AUDNEDAL = Municipality(
    "AUD",
    "Audnedal",
    "nb",
    "audnedal.example",
    _places(
        """
KD Kommunedirektør
  KB Stab for kvalitet og beredskap
ADM Administrasjon
  OK Økonomi og lønn
  PE Personal
  SD Servicekontor og dokumentsenter
  IKT IKT (interkommunal)
PO Pleie og omsorg
  HB Hjemmebaserte tjenester
  INST Institusjon
    A1 Avdeling 1
    A2 Avdeling 2, skjermet
  BO Bofellesskap
  KR Kjøkken og renhold
HE Helse
  LK Legekontor
  HS Helsestasjon
  FY Fysio- og ergoterapi
  PH Psykisk helse og rus
SK Skole
  BS Barneskole
  US Ungdomsskole
  SFO SFO
  VO Voksenopplæring
BH Barnehage
  BH1 Barnehage 1
  BH2 Barnehage 2
TE Teknisk
  VA Vann og avløp
  VE Vei og anlegg
  BY Bygg og vaktmester
  PB Plan og byggesak
  LA Landbruk
NAV NAV og sosial
  SO Sosiale tjenester
  FL Flyktning
  BV Barnevern (vertskommune)
KU Kultur
  BI Bibliotek
  FR Fritid
  KI Kino og svømmehall
"""
    ),
    _people(
        """
Tonje Konsmo; ansatt; Helsefagarbeider; employee A1
Rune Viblemo; leder; Enhetsleder institusjon; leader INST
Astrid Byremo; admin; Systemansvarlig; admin AUD, employee IKT
Helge Sveindal; radmann; Kommunedirektør; leader AUD
Kristine Ågedal; kvalitet; Kvalitetskoordinator; quality AUD, employee KB
Øystein Grindheim; personvernombud; Personvernombud; dpo AUD
Bjørn Seland; bjorn.seland; Administrasjonssjef; leader ADM
Lise Tveiten; sjef; Kommunalsjef helse og omsorg; leader PO, leader HE
Eva Stallemo; eva.stallemo; Enhetsleder hjemmebaserte tjenester; leader HB
Irene Birkeland; irene.birkeland; Leder kjøkken og renhold; leader KR
Harald Ubostad; harald.ubostad; Leder bofellesskap; leader BO, leader PH
Gro Helle; gro.helle; Oppvekstsjef; leader SK, leader BH
Steinar Vårdal; steinar.vardal; Rektor; leader BS, leader SFO
Camilla Øydne; camilla.oydne; Rektor; leader US, leader VO
Trude Lian; trude.lian; Styrer; leader BH1
Vidar Eiken; vidar.eiken; Teknisk sjef; leader TE
Asbjørn Håverstad; asbjorn.haverstad; Driftsleder vann og avløp; leader VA
Monica Strædet; monica.straedet; NAV-leder; leader NAV
Henrik Valand; henrik.valand; Kultursjef; leader KU
Linda Opsal; verneombud; Hovedverneombud, renholder; safety AUD, committee AUD, employee KR
Kjell Moseid; tillitsvalgt; Hovedtillitsvalgt, lærer; union AUD, employee BS
Ranveig Sløgedal; ranveig.slogedal; Sykepleier; employee A2
Jostein Handeland; jostein.handeland; Sykepleier; employee HB, quality PO
Maria Øksendal; maria.oksendal; Barnehagelærer; employee BH1
Thomas Lindland; thomas.lindland; Fagarbeider; employee VA
Siv Roland; siv.roland; Saksbehandler; employee SO
Geir Åge Håland; amu; Leder av arbeidsmiljøutvalget; committee AUD
Ragnhild Vråland; bht; Bedriftshelsetjenesten; health AUD
"""
    ),
)

MUNICIPALITIES = (ASERAL, MARNARDAL, AUDNEDAL)
