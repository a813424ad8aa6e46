"""The shared base of categories: two levels, in bokmål, nynorsk and English.

A municipality begins with them and makes them its own. What is added here later, it may take in when it wants to. Each
is known by its key, which is made of its English name: to call one otherwise in English, give it the old key.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.text import slugify

from deviations.models import Topic


class Names(NamedTuple):
    name: str
    name_nn: str  # empty where it is the same as in bokmål
    name_en: str
    may_be_ticked: bool = False  # frequent and mild enough for a tally sheet, to begin with
    base: str = ""  # the key


class Main(NamedTuple):
    names: Names
    topic: str
    subs: tuple[Names, ...]


def _main(text: str, topic: str = Topic.NONE) -> Main:
    """The first line is the main category, the others those below it: bokmål | nynorsk | English | ticked or not."""
    main, *subs = (
        Names(nb, "" if nn == nb else nn, en, ticked == ["ticked"], slugify(en))
        for nb, nn, en, *ticked in ([part.strip() for part in line.split("|")] for line in text.strip().splitlines())
    )
    return Main(main, topic, tuple(each._replace(base=f"{main.base}/{each.base}") for each in subs))


STANDARD = (
    _main(
        """
        Pasient/bruker – tjenesteutførelse | Pasient/brukar – tenesteutføring | Patients and users – services
        Fall | Fall | Fall | ticked
        Uteblitt eller forsinket tjeneste | Uteblitt eller forseinka teneste | Service missed or late
        Observasjon/forverring ikke oppdaget | Observasjon/forverring ikkje oppdaga | Change for the worse not noticed
        Trykksår | Trykksår | Pressure ulcer
        Ernæring/svelg | Ernæring/svelg | Nutrition and swallowing
        Tvang og makt | Tvang og makt | Coercion and force
        Trygghetsalarm og velferdsteknologi | Tryggleiksalarm og velferdsteknologi | Alarms and welfare technology
        Medisinsk utstyr | Medisinsk utstyr | Medical devices | ticked
        Samhandling/overføring | Samhandling/overføring | Cooperation and handover
        Journal og dokumentasjon | Journal og dokumentasjon | Records and documentation
        Uro | Uro | Unrest | ticked
        """
    ),
    _main(
        """
        Legemiddel | Legemiddel | Medication
        Ikke gitt | Ikkje gitt | Not given | ticked
        Feil dose | Feil dose | Wrong dose
        Feil legemiddel | Feil legemiddel | Wrong medicine
        Feil person | Feil person | Wrong person
        Feil tidspunkt | Feil tidspunkt | Wrong time | ticked
        Dosett/multidose | Dosett/multidose | Pill organiser or multidose
        A-/B-preparat, svinn | A-/B-preparat, svinn | Controlled drugs, missing
        Oppbevaring/holdbarhet | Oppbevaring/haldbarheit | Storage and expiry
        Signering/kardex | Signering/kardex | Signing and medication chart | ticked
        Forordning uklar | Forordning uklar | Prescription unclear
        """
    ),
    _main(
        """
        HMS – ansatte | HMS – tilsette | Health and safety of employees
        Vold | Vald | Violence
        Trusler | Truslar | Threats
        Personskade | Personskade | Injury
        Nestenulykke | Nestenulykke | Near accident
        Stikk/smitteeksponering | Stikk/smitteeksponering | Needle stick or exposure to infection
        Tungt løft/ergonomi | Tungt løft/ergonomi | Heavy lifting and ergonomics
        Psykososialt arbeidsmiljø | Psykososialt arbeidsmiljø | Psychosocial working environment
        Bemanning og arbeidstid | Bemanning og arbeidstid | Staffing and working hours
        Alenearbeid | Åleinearbeid | Working alone
        Maskin/kjemikalier | Maskin/kjemikaliar | Machines and chemicals
        """,
        Topic.HSE,
    ),
    _main(
        """
        Barn og elever | Barn og elevar | Children and pupils
        Skolemiljø – plikt ikke fulgt | Skulemiljø – plikt ikkje følgd | School environment – duty not followed
        Barnehagemiljø – plikt ikke fulgt | Barnehagemiljø – plikt ikkje følgd | Kindergarten – duty not followed
        Skade/ulykke | Skade/ulykke | Injury or accident
        Barn borte/tilsyn sviktet | Barn borte/tilsyn svikta | Child missing, supervision failed
        Skyss og tur | Skyss og tur | Transport and outings
        Legemiddel/allergi | Legemiddel/allergi | Medication and allergy
        Vedtak om tilrettelegging ikke fulgt | Vedtak om tilrettelegging ikkje følgt | Adaptation not carried out
        Ute- og lekeareal | Ute- og leikeareal | Playgrounds and outdoor areas
        """
    ),
    _main(
        """
        Personvern og informasjonssikkerhet | Personvern og informasjonstryggleik | Privacy and information security
        Feilsendt | Feilsend | Sent to the wrong receiver
        Uautorisert innsyn | Uautorisert innsyn | Unauthorised access
        Feilpublisering | Feilpublisering | Published by mistake
        Tapt utstyr/papir | Tapt utstyr/papir | Lost equipment or paper
        Tilgang ikke avsluttet | Tilgang ikkje avslutta | Access not ended
        Nedetid | Nedetid | Downtime
        Svindel/skadevare | Svindel/skadevare | Fraud or malware
        Manglende databehandleravtale | Manglande databehandlaravtale | No data processing agreement
        Lagret på feil sted | Lagra på feil stad | Stored in the wrong place
        """,
        Topic.PRIVACY,
    ),
    _main(
        """
        Smittevern, mat og hygiene | Smittevern, mat og hygiene | Infection control, food and hygiene
        Utbrudd | Utbrot | Outbreak
        Basale rutiner/håndhygiene | Basale rutinar/handhygiene | Basic routines and hand hygiene
        Isolering | Isolering | Isolation
        Renhold | Reinhald | Cleaning
        Temperatur | Temperatur | Temperature
        Allergen/feil kost | Allergen/feil kost | Allergen or wrong diet
        Holdbarhet | Haldbarheit | Shelf life
        Avfall/tekstil | Avfall/tekstil | Waste and textiles
        """
    ),
    _main(
        """
        Brann, bygg, teknisk og ytre miljø | Brann, bygg, teknisk og ytre miljø | Fire, buildings, environment
        Branntilløp | Branntilløp | Fire or near fire
        Rømningsvei/dør | Rømmingsveg/dør | Escape route or door
        Alarm, slokkeutstyr, øvelse | Alarm, sløkkjeutstyr, øving | Alarm, extinguishers, drills
        Drikkevann | Drikkevatn | Drinking water
        Avløp/utslipp | Avløp/utslepp | Sewage and spills
        Vei og trafikk | Veg og trafikk | Roads and traffic
        Elektrisk | Elektrisk | Electrical
        Inneklima/bygg | Inneklima/bygg | Indoor climate and buildings
        Kjøretøy og maskin | Køyretøy og maskin | Vehicles and machines
        """
    ),
    _main(
        """
        Saksbehandling, økonomi og styring | Saksbehandling, økonomi og styring | Casework, finance and management
        Fristbrudd | Fristbrot | Deadline missed
        Feil i vedtak | Feil i vedtak | Error in a decision
        Taushetsplikt | Teieplikt | Duty of confidentiality
        Arkiv/journalføring | Arkiv/journalføring | Archive and records
        Anskaffelse | Innkjøp | Procurement
        Faktura/refusjon | Faktura/refusjon | Invoices and refunds
        Habilitet/delegasjon | Habilitet/delegasjon | Impartiality and delegation
        Prosedyre mangler/utdatert | Prosedyre manglar/utdatert | Procedure missing or out of date
        Kompetanse/opplæring mangler | Kompetanse/opplæring manglar | Competence or training missing
        """
    ),
)
