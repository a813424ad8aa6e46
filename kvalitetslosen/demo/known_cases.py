"""Thirty cases as they come in to a small municipality, each at its unit: invented, no persons."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    municipality: str
    unit: str
    main: int  # index in deviations.categories.STANDARD
    sub: str  # the category below, as written there
    consequence: int
    probability: int
    text: str


KNOWN = (
    Known(
        "AUD",
        "HB",
        1,
        "ikke gitt",
        3,
        3,
        "Ved kveldsbesøk ble det oppdaget at morgendosen i multidosen ikke var gitt. Legevakt "
        "kontaktet, råd om å ikke gi ekstra dose. Ingen endring i tilstand.",
    ),
    Known(
        "MAR",
        "LT",
        0,
        "fall",
        3,
        4,
        "Beboer funnet sittende på gulvet ved sengen kl. 05.40. Ingen synlig skade. Sensormatten var "
        "koblet fra etter renhold dagen før.",
    ),
    Known(
        "MAR",
        "LT",
        1,
        "A-/B-preparat, svinn",
        4,
        2,
        "Telling ved vaktskifte viste én tablett for lite. Kontrolltelling ga samme svar. Skapet var låst.",
    ),
    Known(
        "AUD",
        "HB",
        0,
        "uteblitt eller forsinket tjeneste",
        3,
        3,
        "Besøk kl. 14 ble ikke utført fordi arbeidslisten ikke var oppdatert etter vaktbytte. Meldt "
        "av pårørende samme kveld.",
    ),
    Known(
        "AUD",
        "A2",
        2,
        "vold",
        3,
        4,
        "Ansatt ble slått på overarmen under morgenstell. Det var planlagt to på stellet, men én var "
        "flyttet til annen avdeling.",
    ),
    Known(
        "MAR",
        "KJ",
        5,
        "temperatur",
        2,
        3,
        "Varmmat ble levert med 52 grader i kjernen; egen rutine krever minst 60. Varmet opp på nytt før servering.",
    ),
    Known(
        "AUD",
        "KR",
        2,
        "maskin/kjemikalier",
        2,
        2,
        "Klorholdig og surt middel sto på samme hylle uten merking. Flyttet og merket samme dag.",
    ),
    Known(
        "MAR",
        "SKB",
        3,
        "skolemiljø – plikt ikke fulgt",
        3,
        3,
        "Utestenging i friminutt ble meldt rektor samme dag, men skriftlig plan var ikke laget etter åtte skoledager.",
    ),
    Known(
        "AUD",
        "BS",
        3,
        "skade/ulykke",
        3,
        3,
        "Elev skled på is i skolegården og ble undersøkt av lege. Det var ikke strødd før skolestart.",
    ),
    Known(
        "MAR",
        "BH1",
        3,
        "barn borte/tilsyn sviktet",
        4,
        2,
        "Barn gikk ut porten i hentetiden og ble funnet på parkeringsplassen etter to minutter. Låsen var defekt.",
    ),
    Known(
        "AUD",
        "BH1",
        3,
        "legemiddel/allergi",
        4,
        2,
        "Barn med melkeallergi fikk yoghurt på tur. Ingen reaksjon. Allergilisten lå ikke i tursekken.",
    ),
    Known(
        "MAR",
        "VA",
        6,
        "drikkevann",
        3,
        2,
        "Rutineprøve fra nettet viste koliforme bakterier. Ny prøve tatt, kommuneoverlege varslet, "
        "kokevarsel vurdert.",
    ),
    Known(
        "AUD",
        "VA",
        6,
        "avløp/utslipp",
        3,
        3,
        "Pumpestasjon stanset ved strømbrudd, og avløpsvann gikk i overløp til bekk i om lag fire "
        "timer. SMS-alarm kom ikke fram.",
    ),
    Known(
        "AUD",
        "SD",
        4,
        "feilsendt",
        3,
        3,
        "Vedtaksbrev gikk til feil adresse etter automatisk utfylling. Brevet kom uåpnet i retur. "
        "Personvernombud varslet.",
    ),
    Known(
        "MAR",
        "IKT",
        4,
        "nedetid",
        3,
        3,
        "Journalsystemet var nede i 70 minutter på kveldsvakt. Papirlisten i nødrutinen var tre uker gammel.",
    ),
    Known(
        "MAR",
        "SO",
        2,
        "trusler",
        3,
        3,
        "Besøkende ropte og truet i mottaket. Alarmknappen virket ikke. To ansatte trakk seg ut etter rutinen.",
    ),
    Known(
        "AUD",
        "SO",
        7,
        "fristbrudd",
        2,
        4,
        "Søknad om sosialhjelp ble behandlet 11 dager etter egen frist, og foreløpig svar ble ikke sendt.",
    ),
    Known(
        "MAR",
        "LT",
        0,
        "ernæring/svelg",
        5,
        2,
        "Beboer med svelgvansker fikk mat med feil konsistens og ble lagt inn akutt. Kostkortet var "
        "ikke oppdatert. Vurderes som meldepliktig.",
    ),
    Known(
        "AAS",
        "HB",
        1,
        "dosett/multidose",
        3,
        3,
        "Ved legging av dosett vart det lagt to tablettar i staden for éin to dagar. Oppdaga ved "
        "dobbeltkontroll før utlevering.",
    ),
    Known(
        "AAS",
        "A1",
        0,
        "fall",
        3,
        3,
        "Bebuar fall på badet under tilsyn og fekk kutt i panna. Golvet var vått, og sklisikre sokkar var ikkje på.",
    ),
    Known(
        "AAS",
        "A2",
        5,
        "utbrudd",
        4,
        3,
        "Tre bebuarar på same gang fekk oppkast same døgn. Kommuneoverlegen vart varsla først dagen etter.",
    ),
    Known(
        "AAS",
        "KR",
        5,
        "temperatur",
        2,
        3,
        "Kjøleskapet på postkjøkkenet viste 9 grader om morgonen. Mjølk og pålegg vart kasta. Døra tettar dårleg.",
    ),
    Known(
        "AAS",
        "SKU",
        4,
        "tapt utstyr/papir",
        3,
        2,
        "Liste med telefonnummer og helseopplysningar låg att i kopirommet. Lista vart makulert og rektor varsla.",
    ),
    Known(
        "AAS",
        "SKU",
        3,
        "skyss og tur",
        3,
        2,
        "Skulebussen køyrde før alle elevane var komne om bord. To elevar stod att i 15 minutt.",
    ),
    Known(
        "AAS",
        "BH1",
        6,
        "rømningsvei/dør",
        4,
        3,
        "Rømmingsdøra var sperra av vogner då brannalarmen gjekk. Evakueringa tok fire minutt lenger enn målet.",
    ),
    Known(
        "AAS",
        "VE",
        6,
        "elektrisk",
        3,
        2,
        "Ved graving vart ein kabel skadd fordi kabelpåvising ikkje var bestilt. Ingen personskade. "
        "Straumen var borte i to timar.",
    ),
    Known(
        "AAS",
        "VA",
        2,
        "alenearbeid",
        5,
        2,
        "Tilsett gjekk ned i kum utan gassmålar og vakt. Arbeidet vart stoppa før nokon kom til skade.",
    ),
    Known(
        "AAS",
        "SD",
        4,
        "feilpublisering",
        4,
        2,
        "Møteinnkalling med teiepliktige opplysningar låg open på nettsida i 40 minutt før ho vart teken ned.",
    ),
    Known(
        "AAS",
        "HB",
        7,
        "prosedyre mangler/utdatert",
        2,
        2,
        "Nøkkelskåpet stod ope etter kveldsvakta. Ingen nøklar mangla ved teljing.",
    ),
    Known(
        "AAS",
        "LK",
        4,
        "lagret på feil sted",
        3,
        2,
        "Prøvesvar vart ført på feil pasient. Oppdaga ved gjennomgang same dag og retta. Logg kontrollert.",
    ),
)  # fmt: skip
