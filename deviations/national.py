"""What cases are counted as for the whole country: codes of a kind with NOKUP's, and yearly national figures.

NOKUP (Norsk kodeverk for uønskede pasienthendelser, Volven code list 7221) is made for hospitals, and no municipality
must use it. So the codes here are words for the same groups of events, and a municipality may write NOKUP's own number
instead. The yearly figures are those that municipalities are asked about by Helsedirektoratet, Arbeidstilsynet,
Datatilsynet, DSB and in KOSTRA, as words, since none of them is counted from a system like this one by a fixed code.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import get_language


class Named(NamedTuple):
    key: str
    nb: str
    nn: str
    en: str

    @property
    def label(self) -> str:
        return {"nn": self.nn, "en": self.en}.get(get_language() or "nb", self.nb)


def _listed(text: str) -> dict[str, Named]:
    rows = [Named(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines()]
    return {row.key: row for row in rows}


CODES = _listed(
    """
    FALL | Pasientuhell og fall | Pasientuhell og fall | Accidents and falls of patients
    LEGEMIDDEL | Legemidler og væsker | Legemiddel og væsker | Medicines and fluids
    PROSEDYRE | Klinisk prosess og prosedyre | Klinisk prosess og prosedyre | Clinical process and procedure
    SAMHANDLING | Samhandling og overføring | Samhandling og overføring | Cooperation and handover
    DOKUMENTASJON | Dokumentasjon og informasjon | Dokumentasjon og informasjon | Records and information
    INFEKSJON | Infeksjon og smitte | Infeksjon og smitte | Infection
    ERNÆRING | Ernæring og mat | Ernæring og mat | Nutrition and food
    UTSTYR | Medisinsk utstyr | Medisinsk utstyr | Medical devices
    ATFERD | Atferd, tvang og uro | Åtferd, tvang og uro | Behaviour, coercion and unrest
    BYGG | Bygg, brann og teknisk | Bygg, brann og teknisk | Buildings, fire and technical
    RESSURS | Bemanning, ressurser og ledelse | Bemanning, ressursar og leiing | Staffing, resources and leadership
    """
)

FIGURES = _listed(
    """
    fall-institution | Fall blant pasienter og brukere | Fall blant pasientar og brukarar | Falls of patients and users
    medication | Uønskede hendelser med legemidler | Uønskte hendingar med legemiddel | Adverse events with medicines
    missed-service | Tjenester uteblitt eller forsinket | Tenester uteblitne eller forseinka | Services missed or late
    coercion | Bruk av tvang og makt | Bruk av tvang og makt | Use of coercion and force
    violence | Vold og trusler mot ansatte | Vald og truslar mot tilsette | Violence and threats against employees
    work-injury | Arbeidsulykker med ansatte | Arbeidsulykker med tilsette | Work accidents of employees
    school | Skolemiljø: plikt ikke fulgt | Skulemiljø: plikt ikkje følgd | School environment: duty not followed
    kindergarten | Barnehage: plikt ikke fulgt | Barnehage: plikt ikkje følgd | Kindergarten: duty not followed
    privacy | Brudd på personopplysningssikkerheten | Brot på personopplysningstryggleiken | Personal data breaches
    outbreak | Utbrudd av smitte | Utbrot av smitte | Outbreaks of infection
    fire | Branner og branntilløp | Brannar og branntilløp | Fires and near fires
    drinking-water | Hendelser med drikkevann | Hendingar med drikkevatn | Events with drinking water
    discharge | Akutt forurensning og utslipp | Akutt forureining og utslepp | Acute pollution and spills
    deadlines | Brudd på lovfestede frister | Brot på lovfeste fristar | Legal deadlines missed
    """
)

_PATIENTS, _WORK = "patients-and-users-services/", "health-and-safety-of-employees/"
_CHILDREN, _PRIVACY = "children-and-pupils/", "privacy-and-information-security/"
_HYGIENE, _FIRE = "infection-control-food-and-hygiene/", "fire-buildings-environment/"

COUNTED: dict[str, tuple[str, str]] = {
    _PATIENTS + "fall": ("FALL", "fall-institution"),
    _PATIENTS + "service-missed-or-late": ("PROSEDYRE", "missed-service"),
    _PATIENTS + "change-for-the-worse-not-noticed": ("PROSEDYRE", ""),
    _PATIENTS + "pressure-ulcer": ("PROSEDYRE", ""),
    _PATIENTS + "nutrition-and-swallowing": ("ERNÆRING", ""),
    _PATIENTS + "coercion-and-force": ("ATFERD", "coercion"),
    _PATIENTS + "alarms-and-welfare-technology": ("UTSTYR", ""),
    _PATIENTS + "medical-devices": ("UTSTYR", ""),
    _PATIENTS + "cooperation-and-handover": ("SAMHANDLING", ""),
    _PATIENTS + "records-and-documentation": ("DOKUMENTASJON", ""),
    _PATIENTS + "unrest": ("ATFERD", ""),
    "medication": ("LEGEMIDDEL", "medication"),
    **{
        f"medication/{each}": ("LEGEMIDDEL", "medication")
        for each in (
            "not-given", "wrong-dose", "wrong-medicine", "wrong-person", "wrong-time", "pill-organiser-or-multidose",
            "controlled-drugs-missing", "storage-and-expiry", "signing-and-medication-chart", "prescription-unclear",
        )
    },
    _WORK + "violence": ("", "violence"),
    _WORK + "threats": ("", "violence"),
    _WORK + "injury": ("", "work-injury"),
    _WORK + "needle-stick-or-exposure-to-infection": ("", "work-injury"),
    _WORK + "staffing-and-working-hours": ("RESSURS", ""),
    _CHILDREN + "school-environment-duty-not-followed": ("", "school"),
    _CHILDREN + "kindergarten-duty-not-followed": ("", "kindergarten"),
    **{
        _PRIVACY + each: ("", "privacy")
        for each in (
            "sent-to-the-wrong-receiver", "unauthorised-access", "published-by-mistake", "lost-equipment-or-paper",
            "access-not-ended", "stored-in-the-wrong-place",
        )
    },
    _HYGIENE + "outbreak": ("INFEKSJON", "outbreak"),
    _HYGIENE + "basic-routines-and-hand-hygiene": ("INFEKSJON", ""),
    _HYGIENE + "isolation": ("INFEKSJON", ""),
    _HYGIENE + "allergen-or-wrong-diet": ("ERNÆRING", ""),
    _FIRE + "fire-or-near-fire": ("BYGG", "fire"),
    _FIRE + "drinking-water": ("", "drinking-water"),
    _FIRE + "sewage-and-spills": ("", "discharge"),
    "casework-finance-and-management/deadline-missed": ("", "deadlines"),
}  # fmt: skip
"""What the categories of the shared base count as, to begin with: code and figure."""
