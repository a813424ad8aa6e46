# ruff: noqa: E501 - one line a text, so that the two languages stand beneath each other
"""The procedures of the demo municipalities, in bokmål and nynorsk.

A block each: kind; owning units (with a star where it is for the whole municipality); law; months between reviews. Then, in bokmål and in nynorsk, the title and what it is for, and the
steps.
"""

from __future__ import annotations

from typing import NamedTuple

from documents.models import Kind

KINDS = {
    "policy": Kind.GUIDELINE,
    "retningslinje": Kind.GUIDELINE,
    "prosedyre": Kind.PROCEDURE,
    "rutine": Kind.ROUTINE,
    "mal": Kind.FORM,
    "skjema": Kind.FORM,
    "plan": Kind.PLAN,
    "reglement": Kind.REGULATION,
    "tiltakskort": Kind.ACTION_CARD,
    "sjekkliste": Kind.CHECKLIST,
}


class Text(NamedTuple):
    title: str
    purpose: str
    steps: tuple[str, ...]


class Procedure(NamedTuple):
    kind: str
    units: tuple[str, ...]
    everywhere: bool
    law: str
    months: int
    texts: tuple[Text, Text]  # bokmål, nynorsk


def _read(blocks: str) -> tuple[Procedure, ...]:
    return tuple(_procedure(block.strip().splitlines()) for block in blocks.strip().split("\n\n"))


def _procedure(lines: list[str]) -> Procedure:
    kind, units, law, months = (part.strip() for part in lines[0].split(";"))
    return Procedure(
        KINDS[kind],
        tuple(units.removesuffix("*").split("/")),
        units.endswith("*"),
        law,
        int(months),
        (_text(lines[1], lines[2]), _text(lines[3], lines[4])),
    )


def _text(first: str, second: str) -> Text:
    title, _bar, purpose = first.partition(" | ")
    return Text(title.strip(), purpose.strip(), tuple(step.strip() for step in second.split(" | ")))


PROCEDURES = _read(
    """
policy; KD; kommuneloven § 25-1; 48
Kvalitetspolitikk og kvalitetsmål | Innbyggerne skal få trygge og likeverdige tjenester, og vi skal lære av det som går galt.
Hver enhet setter to til fire kvalitetsmål i januar. | Målene henger sammen med risikovurderingen. | Leder følger opp målene i tavlemøtet. | Kommunedirektøren ser på alle målene i ledelsens gjennomgang.
Kvalitetspolitikk og kvalitetsmål | Innbyggjarane skal få trygge og likeverdige tenester, og vi skal lære av det som går gale.
Kvar eining set to til fire kvalitetsmål i januar. | Måla heng saman med risikovurderinga. | Leiaren følgjer opp måla i tavlemøtet. | Kommunedirektøren ser på alle måla i gjennomgangen i leiinga.

prosedyre; KD; kommuneloven § 25-1 c, internkontrollforskriften § 5; 12
Avvikshåndtering | Alle skal kunne melde avvik på få minutter, og alle som melder, skal få svar.
Meld avviket samme dag. Skriv om hendelsen, ikke om personen. | Nærmeste leder mottar innen to virkedager. | Leder vurderer konsekvens og sannsynlighet. | Finn årsaken når saken er moderat eller alvorligere. | Lukk med svar til melder om hva som er gjort.
Avvikshandtering | Alle skal kunne melde avvik på få minutt, og alle som melder, skal få svar.
Meld avviket same dag. Skriv om hendinga, ikkje om personen. | Næraste leiar tek imot innan to virkedagar. | Leiaren vurderer konsekvens og sannsyn. | Finn årsaka når saka er moderat eller meir alvorleg. | Lukk med svar til meldaren om kva som er gjort.

prosedyre; KD; kommuneloven § 25-1 b og d; 24
Dokumentstyring og godkjenning | Alle skal finne gjeldende rutine og vite at den er godkjent.
Dokumenteier skriver og holder dokumentet oppdatert. | En annen enn forfatteren godkjenner. | Ny versjon erstatter den gamle, som fortsatt kan leses av eieren. | Eieren går gjennom dokumentet innen revisjonsfristen.
Dokumentstyring og godkjenning | Alle skal finne gjeldande rutine og vite at ho er godkjend.
Dokumenteigaren skriv og held dokumentet oppdatert. | Ein annan enn forfattaren godkjenner. | Ny versjon erstattar den gamle, som eigaren framleis kan lese. | Eigaren går gjennom dokumentet innan revisjonsfristen.

prosedyre; KD; kvalitetsforskriften § 8 f; 12
Ledelsens gjennomgang | Ledelsen skal minst én gang i året vurdere om internkontrollen virker.
Kvalitetskoordinator henter tall om avvik, tiltak og dokumenter. | Ledergruppen går gjennom de alvorligste sakene. | Beslutninger får ansvarlig og frist. | Referatet er tilgjengelig for alle ledere.
Gjennomgang i leiinga | Leiinga skal minst éin gong i året vurdere om internkontrollen verkar.
Kvalitetskoordinatoren hentar tal om avvik, tiltak og dokument. | Leiargruppa går gjennom dei mest alvorlege sakene. | Avgjerder får ansvarleg og frist. | Referatet er tilgjengeleg for alle leiarar.

prosedyre; KD; kommuneloven § 25-1 e; 24
Internrevisjon og egenkontroll | Vi skal selv oppdage svikt før tilsynet gjør det.
Velg to områder i året ut fra risiko. | Les rutinen og spør dem som bruker den. | Sammenlign med hva som faktisk gjøres. | Skriv funnene som avvik med frist.
Internrevisjon og eigenkontroll | Vi skal sjølve oppdage svikt før tilsynet gjer det.
Vel to område i året ut frå risiko. | Les rutinen og spør dei som bruker han. | Samanlikn med kva som faktisk blir gjort. | Skriv funna som avvik med frist.

prosedyre; KD; kvalitetsforskriften § 6 d og e; 24
Risikovurdering i tjenestene | Vi skal kjenne de største farene og ha tiltak mot dem.
Samle dem som kjenner arbeidet, også verneombudet. | Spør hva som kan gå galt. | Sett konsekvens og sannsynlighet fra 1 til 5. | Velg tiltak for alt som er oransje eller rødt. | Se på vurderingen igjen etter ett år.
Risikovurdering i tenestene | Vi skal kjenne dei største farane og ha tiltak mot dei.
Samle dei som kjenner arbeidet, også verneombodet. | Spør kva som kan gå gale. | Set konsekvens og sannsyn frå 1 til 5. | Vel tiltak for alt som er oransje eller raudt. | Sjå på vurderinga att etter eitt år.

mal; KD; kommuneloven § 25-2; 12
Årsrapport om internkontroll til kommunestyret | Kommunestyret skal få vite hvordan internkontrollen virker og hva tilsynene fant.
Beskriv internkontrollen i korte trekk. | Vis tall for avvik og behandlingstid. | Gjør rede for statlige tilsyn. | Skriv hva som skal bli bedre neste år.
Årsrapport om internkontroll til kommunestyret | Kommunestyret skal få vite korleis internkontrollen verkar og kva tilsyna fann.
Skildre internkontrollen i korte trekk. | Vis tal for avvik og behandlingstid. | Gjer greie for statlege tilsyn. | Skriv kva som skal bli betre neste år.

plan; KD; forskrift om kommunal beredskapsplikt; 12
Overordnet beredskapsplan | Kommunen skal kunne lede en krise og gi innbyggerne rett informasjon.
Den som får varselet, ringer kommunedirektøren. | Kriseledelsen møtes innen én time. | Loggfører skriver ned beslutninger med klokkeslett. | Informasjonsansvarlig oppdaterer nettsiden. | Planen øves hvert år.
Overordna beredskapsplan | Kommunen skal kunne leie ei krise og gi innbyggjarane rett informasjon.
Den som får varselet, ringjer kommunedirektøren. | Kriseleiinga møtest innan éin time. | Loggføraren skriv ned avgjerder med klokkeslett. | Informasjonsansvarleg oppdaterer nettsida. | Planen blir øvd kvart år.

reglement; KD; kommuneloven § 5-14; 48
Delegasjonsreglement | Det skal være klart hvem som kan avgjøre hva.
Kommunestyret delegerer til utvalg og kommunedirektør. | Kommunedirektøren delegerer videre skriftlig. | Prinsipielle saker går tilbake til folkevalgt organ. | Vedtak viser hvilken delegasjon de bygger på.
Delegasjonsreglement | Det skal vere klart kven som kan avgjere kva.
Kommunestyret delegerer til utval og kommunedirektør. | Kommunedirektøren delegerer vidare skriftleg. | Prinsipielle saker går tilbake til folkevald organ. | Vedtak viser kva delegasjon dei byggjer på.

rutine; ADM; arbeidsmiljøloven § 2 A-6; 24
Varsling av kritikkverdige forhold | Det skal være trygt å si fra, og den som varsler, skal ha vern mot gjengjeldelse.
Si fra til leder, verneombud, tillitsvalgt eller varslingsmottaket. | Mottaket bekrefter innen en uke. | Den som er varslet om, får legge fram sin side. | Varsleren får vite når saken er avsluttet.
Varsling av kritikkverdige forhold | Det skal vere trygt å seie frå, og den som varslar, skal ha vern mot gjengjelding.
Sei frå til leiar, verneombod, tillitsvald eller varslingsmottaket. | Mottaket stadfestar innan ei veke. | Den det er varsla om, får leggje fram si side. | Varslaren får vite når saka er avslutta.

prosedyre; ADM; personvernforordningen art. 33 og 34; 12
Brudd på personopplysningssikkerheten | Brudd skal stanses, vurderes og meldes i tide.
Stans bruddet: hent tilbake, steng tilgangen eller slett. | Meld avvik med kategorien personvern. | Personvernombudet vurderer risikoen samme dag. | Meld til Datatilsynet innen 72 timer når det er risiko for dem det gjelder. | Si fra til de berørte når risikoen er høy.
Brot på personopplysningstryggleiken | Brot skal stoppast, vurderast og meldast i tide.
Stopp brotet: hent tilbake, steng tilgangen eller slett. | Meld avvik med kategorien personvern. | Personvernombodet vurderer risikoen same dag. | Meld til Datatilsynet innan 72 timar når det er risiko for dei det gjeld. | Sei frå til dei det gjeld når risikoen er høg.

prosedyre; ADM; eForvaltningsforskriften § 15, Normen; 12
Tilgangsstyring og opphør av tilgang | Bare de som trenger det i arbeidet, har tilgang, og bare så lenge.
Leder bestiller tilgang etter rolle. | IKT oppretter tilgangen og bekrefter. | Sluttdato i personalsystemet stenger tilgangen. | Leder går gjennom listen hvert halvår.
Tilgangsstyring og opphøyr av tilgang | Berre dei som treng det i arbeidet, har tilgang, og berre så lenge.
Leiaren bestiller tilgang etter rolle. | IKT opprettar tilgangen og stadfestar. | Sluttdato i personalsystemet stengjer tilgangen. | Leiaren går gjennom lista kvart halvår.

tiltakskort; ADM; Normen; 12
Nødrutine ved nedetid i journalsystem | Brukere og pasienter skal få rett hjelp også når systemet er nede.
Ring IKT-vakten. | Hent nødpermen med legemiddellister. Se på datoen. | Skriv på papirskjema med klokkeslett. | Før inn i journalen når systemet er oppe. | Meld avvik når nedetiden gikk ut over noen.
Naudrutine ved nedetid i journalsystem | Brukarar og pasientar skal få rett hjelp også når systemet er nede.
Ring IKT-vakta. | Hent naudpermen med legemiddellister. Sjå på datoen. | Skriv på papirskjema med klokkeslett. | Før inn i journalen når systemet er oppe. | Meld avvik når nedetida gjekk ut over nokon.

rutine; ADM; offentleglova, forvaltningsloven § 13; 24
Behandling av innsynskrav | Innsynskrav skal besvares uten ugrunnet opphold.
Registrer kravet samme dag. | Vurder meroffentlighet for hvert dokument. | Skjerm taushetsbelagte opplysninger. | Svar innen tre virkedager. | Vis til hjemmel ved avslag.
Behandling av innsynskrav | Innsynskrav skal få svar utan grunnlaust opphald.
Registrer kravet same dag. | Vurder meirinnsyn for kvart dokument. | Skjerm teiepliktige opplysningar. | Svar innan tre virkedagar. | Vis til heimel ved avslag.

plan; ADM; arkivlova § 8; 12
Dokumentasjonsplan | Kommunen skal vite hva den dokumenterer, hvor det ligger og hvor lenge.
List opp systemer og ansvar. | Beskriv hva som bevares og kasseres. | Oppdater ved nye systemer. | Gå gjennom planen hvert år.
Dokumentasjonsplan | Kommunen skal vite kva han dokumenterer, kvar det ligg og kor lenge.
List opp system og ansvar. | Skildre kva som blir bevart og kassert. | Oppdater ved nye system. | Gå gjennom planen kvart år.

rutine; ADM; forvaltningsloven kap. VI; 24
Klagebehandling | Den som klager, skal få saken vurdert på nytt innen rimelig tid.
Bekreft klagen innen en uke. | Kontroller klagefrist og klagerett. | Vurder saken på nytt. | Send til klageinstansen hvis vedtaket opprettholdes. | Orienter klageren.
Klagehandsaming | Den som klagar, skal få saka vurdert på nytt innan rimeleg tid.
Stadfest klaga innan ei veke. | Kontroller klagefrist og klagerett. | Vurder saka på nytt. | Send til klageinstansen dersom vedtaket blir halde ved lag. | Orienter klagaren.

rutine; ADM; anskaffelsesloven § 4; 24
Anskaffelser under terskelverdi | Innkjøp skal bygge på konkurranse så langt det er mulig.
Beskriv behovet og beregn verdien. | Sjekk om det finnes rammeavtale. | Spør minst tre leverandører. | Skriv kort protokoll. | Arkiver kontrakten.
Innkjøp under terskelverdi | Innkjøp skal byggje på konkurranse så langt det er mogleg.
Skildre behovet og rekn ut verdien. | Sjekk om det finst rammeavtale. | Spør minst tre leverandørar. | Skriv kort protokoll. | Arkiver kontrakten.

tiltakskort; ADM; arbeidsmiljøloven § 5-2, folketrygdloven § 13-14; 12
Melding av arbeidsulykke og yrkesskade | Den skadde skal få hjelp og beholde sine rettigheter.
Gi førstehjelp og ring 113 ved alvorlig skade. | Varsle politiet og Arbeidstilsynet ved alvorlig ulykke. | La stedet være urørt. | Leder sender skademelding til NAV. | Verneombudet deltar når årsaken undersøkes.
Melding av arbeidsulykke og yrkesskade | Den skadde skal få hjelp og halde på rettane sine.
Gi førstehjelp og ring 113 ved alvorleg skade. | Varsle politiet og Arbeidstilsynet ved alvorleg ulykke. | La staden vere urørt. | Leiaren sender skademelding til NAV. | Verneombodet er med når årsaka blir undersøkt.

prosedyre; ADM; arbeidsmiljøloven § 4-3, forskrift om utførelse av arbeid kap. 23 A; 12
Vold og trusler mot ansatte | Vold og trusler skal forebygges, meldes og følges opp.
Trekk deg ut og slå alarm. | Meld avvik samme dag. | Leder snakker med den ansatte innen ett døgn. | Oppdater risikovurderingen sammen med verneombudet. | Vurder anmeldelse. | Tilby samtale med bedriftshelsetjenesten.
Vald og truslar mot tilsette | Vald og truslar skal førebyggjast, meldast og følgjast opp.
Trekk deg ut og slå alarm. | Meld avvik same dag. | Leiaren snakkar med den tilsette innan eitt døgn. | Oppdater risikovurderinga saman med verneombodet. | Vurder melding til politiet. | Tilby samtale med bedriftshelsetenesta.

sjekkliste; ADM; internkontrollforskriften § 5 nr. 6; 12
Vernerunde | Vi skal se farene før noen blir skadet.
Leder og verneombud avtaler dag. | Gå gjennom lys, luft, rømning, kjemikalier og orden. | Spør de ansatte hva som plager dem. | Skriv handlingsplan med frist.
Vernerunde | Vi skal sjå farane før nokon blir skadd.
Leiar og verneombod avtalar dag. | Gå gjennom lys, luft, rømming, kjemikaliar og orden. | Spør dei tilsette kva som plagar dei. | Skriv handlingsplan med frist.

rutine; ADM; arbeidsmiljøloven § 4-6; 24
Sykefraværsoppfølging | Den som er syk, skal kjenne seg sett og komme trygt tilbake.
Ring leder første dag. | Leder tar kontakt innen en uke. | Oppfølgingsplan innen fire uker. | Dialogmøte innen sju uker. | Vurder tilrettelegging underveis.
Sjukefråværsoppfølging | Den som er sjuk, skal kjenne seg sedd og kome trygt tilbake.
Ring leiaren første dag. | Leiaren tek kontakt innan ei veke. | Oppfølgingsplan innan fire veker. | Dialogmøte innan sju veker. | Vurder tilrettelegging undervegs.

rutine; ADM; arbeidsmiljøloven § 4-3; 24
Konflikt og trakassering | Konflikter skal løses tidlig og ryddig.
Ta det opp med den det gjelder når det er trygt. | Si fra til leder eller verneombud. | Leder hører begge sider hver for seg. | Avtal tiltak skriftlig. | Følg opp etter fire uker.
Konflikt og trakassering | Konfliktar skal løysast tidleg og ryddig.
Ta det opp med den det gjeld når det er trygt. | Sei frå til leiar eller verneombod. | Leiaren høyrer begge sider kvar for seg. | Avtal tiltak skriftleg. | Følg opp etter fire veker.

prosedyre; ADM; forskrift om utførelse av arbeid; 12
Stoffkartotek og kjemikalier | Ingen skal bli skadet av stoffer de ikke kjenner.
Før inn nye stoffer før de tas i bruk. | Heng sikkerhetsdatablad ved lageret. | Merk alle beholdere. | Oppbevar surt og klorholdig middel hver for seg. | Bruk vernebriller og hansker.
Stoffkartotek og kjemikaliar | Ingen skal bli skadd av stoff dei ikkje kjenner.
Før inn nye stoff før dei blir tekne i bruk. | Heng tryggleiksdatablad ved lageret. | Merk alle behaldarar. | Oppbevar surt og klorhaldig middel kvar for seg. | Bruk vernebriller og hanskar.

tiltakskort; PO; forskrift om utførelse av arbeid kap. 6; 12
Stikkskade og smitteeksponering | Rask behandling etter stikk eller sprut.
La det blø og vask med såpe og vann i ti minutter. | Skyll øyne med vann. | Ring legevakten for vurdering av behandling. | Ta blodprøve samme dag. | Meld avvik.
Stikkskade og smitteeksponering | Rask behandling etter stikk eller sprut.
La det blø og vask med såpe og vatn i ti minutt. | Skyl auge med vatn. | Ring legevakta for vurdering av behandling. | Ta blodprøve same dag. | Meld avvik.

rutine; HB; arbeidsmiljøloven § 4-1; 12
Alenearbeid kveld og natt | Den som arbeider alene, skal kunne få hjelp fort.
Les dagens risikovurdering før vakten. | Ha alarmtelefonen på og ladet. | Meld deg ved start og slutt på ruten. | Vaktleder ringer når du ikke har meldt deg etter 30 minutter. | Gå to der det er avtalt.
Åleinearbeid kveld og natt | Den som arbeider åleine, skal kunne få hjelp fort.
Les risikovurderinga for dagen før vakta. | Ha alarmtelefonen på og lada. | Meld deg ved start og slutt på ruta. | Vaktleiaren ringjer når du ikkje har meldt deg etter 30 minutt. | Gå to der det er avtalt.

sjekkliste; ADM; arbeidsmiljøloven § 3-2, kvalitetsforskriften § 7 b; 24
Opplæring av nyansatte og vikarer | Ingen går alene før de kan det viktigste.
Vis rundt, også rømningsveier. | Gå gjennom taushetsplikten og få den signert. | Vis hvordan avvik meldes. | Gå to vakter sammen med en fadder. | Kryss av og send til leder.
Opplæring av nytilsette og vikarar | Ingen går åleine før dei kan det viktigaste.
Vis rundt, også rømmingsvegar. | Gå gjennom teieplikta og få ho signert. | Vis korleis avvik blir melde. | Gå to vakter saman med ein fadder. | Kryss av og send til leiaren.

prosedyre; PO; legemiddelhåndteringsforskriften; 12
Legemiddelhåndtering | Rett legemiddel i rett dose til rett person, på rett måte og til rett tid.
Les forordningen i legemiddellisten. | Klargjør uten avbrudd. | En annen kontrollerer dosetten. | Identifiser personen før utdeling. | Signer straks etter inntak. | Meld avvik og ring lege ved feil.
Legemiddelhandtering | Rett legemiddel i rett dose til rett person, på rett måte og til rett tid.
Les forordninga i legemiddellista. | Klargjer utan avbrot. | Ein annan kontrollerer dosetten. | Identifiser personen før utdeling. | Signer straks etter inntak. | Meld avvik og ring lege ved feil.

skjema; INST; legemiddelhåndteringsforskriften; 12
Regnskap for A- og B-preparater | Beholdningen skal stemme ved hvert vaktskifte.
Tell beholdningen to sammen. | Før uttak med klokkeslett og signatur. | Stemmer det ikke: tell på nytt og ring ansvarlig sykepleier. | Meld avvik samme vakt.
Rekneskap for A- og B-preparat | Behaldninga skal stemme ved kvart vaktskifte.
Tel behaldninga to saman. | Før uttak med klokkeslett og signatur. | Stemmer det ikkje: tel på nytt og ring ansvarleg sjukepleiar. | Meld avvik same vakt.

prosedyre; INST; legemiddelhåndteringsforskriften § 5 a; 12
Legemiddelgjennomgang | Beboere skal bare ha legemidler de har nytte av.
Forbered med observasjoner, vekt og blodprøver. | Lege og sykepleier går gjennom listen sammen. | Spør beboer og pårørende. | Følg med på virkning i fire uker. | Gjenta minst hvert år.
Legemiddelgjennomgang | Bebuarar skal berre ha legemiddel dei har nytte av.
Førebu med observasjonar, vekt og blodprøver. | Lege og sjukepleiar går gjennom lista saman. | Spør bebuar og pårørande. | Følg med på verknad i fire veker. | Gjenta minst kvart år.

sjekkliste; HB; legemiddelhåndteringsforskriften; 12
Dobbeltkontroll av dosett | Feil skal oppdages før dosetten går ut.
Den som kontrollerer, har ikke lagt dosetten. | Sammenlign med gjeldende legemiddelliste. | Tell tabletter for hvert tidspunkt. | Signer begge. | Feil: rett, og meld som nestenulykke.
Dobbeltkontroll av dosett | Feil skal oppdagast før dosetten går ut.
Den som kontrollerer, har ikkje lagt dosetten. | Samanlikn med gjeldande legemiddelliste. | Tel tablettar for kvart tidspunkt. | Signer begge. | Feil: rett, og meld som nestenulykke.

prosedyre; PO; kvalitetsforskriften § 7 c; 24
Fallforebygging | Færre fall og mindre skade når noen faller.
Kartlegg fallrisiko innen et døgn etter innkomst. | Se på sko, lys, medisiner og syn. | Sett mål og tiltak i planen. | Undersøk for skade før du løfter. | Meld avvik og oppdater planen etter hvert fall.
Fallførebygging | Færre fall og mindre skade når nokon fell.
Kartlegg fallrisiko innan eit døgn etter innkomst. | Sjå på sko, lys, medisinar og syn. | Set mål og tiltak i planen. | Undersøk for skade før du løftar. | Meld avvik og oppdater planen etter kvart fall.

prosedyre; PO; kvalitetsforskriften § 7 c; 24
Trykksår – forebygging | Ingen skal få trykksår hos oss.
Vurder huden ved innkomst og ved stell. | Bruk avlastende madrass ved risiko. | Endre stilling etter snuplanen. | Noter rødme som ikke blekner. | Sørg for nok mat og drikke.
Trykksår – førebygging | Ingen skal få trykksår hos oss.
Vurder huda ved innkomst og ved stell. | Bruk avlastande madrass ved risiko. | Endre stilling etter snuplanen. | Noter raudne som ikkje bleiknar. | Sørg for nok mat og drikke.

prosedyre; PO; kvalitetsforskriften § 7 c; 24
Ernæringskartlegging og kostplan | Underernæring skal oppdages og behandles.
Vei og kartlegg ved innkomst og hver måned. | Lag kostplan ved risiko. | Oppdater kostkortet på kjøkkenet samme dag. | Følg med på inntaket i en uke. | Ta opp vekttap med legen.
Ernæringskartlegging og kostplan | Underernæring skal oppdagast og behandlast.
Veg og kartlegg ved innkomst og kvar månad. | Lag kostplan ved risiko. | Oppdater kostkortet på kjøkkenet same dag. | Følg med på inntaket i ei veke. | Ta opp vekttap med legen.

tiltakskort; PO; kvalitetsforskriften § 7 c; 12
Forverret tilstand – NEWS2 og ISBAR | Forverring skal oppdages tidlig og formidles klart.
Mål og regn ut NEWS2. | Skår 5 eller mer: ring lege. | Skår 7 eller mer: ring 113. | Bruk ISBAR når du ringer. | Mål på nytt etter avtale.
Forverra tilstand – NEWS2 og ISBAR | Forverring skal oppdagast tidleg og formidlast klart.
Mål og rekn ut NEWS2. | Skår 5 eller meir: ring lege. | Skår 7 eller meir: ring 113. | Bruk ISBAR når du ringjer. | Mål på nytt etter avtale.

prosedyre; PO; pasient- og brukerrettighetsloven kap. 4 A, helse- og omsorgstjenesteloven kap. 9; 12
Tvang og makt, kap. 4 A og kap. 9 | Tvang skal unngås, og aldri brukes uten hjemmel.
Prøv tillitsskapende tiltak først. | Vurder samtykkekompetansen. | Fatt skriftlig vedtak før tiltaket. | Varsle pårørende og statsforvalteren. | Vurder underveis om tiltaket kan avsluttes.
Tvang og makt, kap. 4 A og kap. 9 | Tvang skal unngåast, og aldri brukast utan heimel.
Prøv tillitsskapande tiltak først. | Vurder samtykkekompetansen. | Gjer skriftleg vedtak før tiltaket. | Varsle pårørande og statsforvaltaren. | Vurder undervegs om tiltaket kan avsluttast.

tiltakskort; PO; helsetilsynsloven § 6, helse- og omsorgstjenesteloven § 12-3 a; 6
Melding om alvorlig hendelse | Dødsfall eller betydelig skade som er uventet, skal meldes straks.
Ta vare på pasienten og de pårørende. | Sikre utstyr og dokumentasjon. | Ring leder på vakt. | Meld til Helsetilsynet og Ukom straks. | Tilby pårørende møte innen ti dager.
Melding om alvorleg hending | Dødsfall eller vesentleg skade som er uventa, skal meldast straks.
Ta vare på pasienten og dei pårørande. | Sikre utstyr og dokumentasjon. | Ring leiaren på vakt. | Meld til Helsetilsynet og Ukom straks. | Tilby pårørande møte innan ti dagar.

prosedyre; KD; kvalitetsforskriften § 8 e; 24
Hendelsesanalyse | Vi skal forstå hvorfor, ikke finne noen å skylde på.
Velg gruppe uten bindinger til hendelsen. | Lag tidslinje. | Spør hvorfor til dere når noe kommunen kan endre. | Foreslå tiltak som gjør feilen vanskelig å gjøre. | Del læringspunktene.
Hendingsanalyse | Vi skal forstå kvifor, ikkje finne nokon å skulde på.
Vel gruppe utan bindingar til hendinga. | Lag tidslinje. | Spør kvifor til de når noko kommunen kan endre. | Føreslå tiltak som gjer feilen vanskeleg å gjere. | Del læringspunkta.

prosedyre; PO; forskrift om håndtering av medisinsk utstyr § 16; 12
Medisinsk utstyr – bruk, kontroll, melding | Utstyret skal være trygt og brukes av dem som kan det.
Bruk bare utstyr du har opplæring i. | Se etter kontrollmerket før bruk. | Ta defekt utstyr ut av bruk og merk det. | Meld avvik og si fra til DSA eller Direktoratet for medisinske produkter når det kreves.
Medisinsk utstyr – bruk, kontroll, melding | Utstyret skal vere trygt og brukast av dei som kan det.
Bruk berre utstyr du har opplæring i. | Sjå etter kontrollmerket før bruk. | Ta defekt utstyr ut av bruk og merk det. | Meld avvik og sei frå til DSA eller Direktoratet for medisinske produkt når det er kravd.

rutine; HB; kvalitetsforskriften § 7 c; 12
Trygghetsalarm og responstid | Den som utløser alarmen, skal ha hjelp innen avtalt tid.
Svar på alarmen innen to minutter. | Vurder hastegrad i samtalen. | Rykk ut når du ikke får svar. | Skriv tidspunktene i journalen. | Prøv alarmen hver uke.
Tryggleiksalarm og responstid | Den som løyser ut alarmen, skal ha hjelp innan avtalt tid.
Svar på alarmen innan to minutt. | Vurder hastegrad i samtalen. | Rykk ut når du ikkje får svar. | Skriv tidspunkta i journalen. | Prøv alarmen kvar veke.

rutine; HB; kvalitetsforskriften § 7 c; 12
Nøkkelhåndtering | Nøkler til brukernes hjem skal ikke komme på avveie.
Hent nøkkel mot signatur. | Merk nøkler med nummer, aldri med navn eller adresse. | Lås nøkkelskapet etter hver vakt. | Tell nøklene hver søndag. | Mistet nøkkel: ring leder straks og meld avvik.
Nøkkelhandtering | Nøklar til heimane til brukarane skal ikkje kome på avvegar.
Hent nøkkel mot signatur. | Merk nøklar med nummer, aldri med namn eller adresse. | Lås nøkkelskåpet etter kvar vakt. | Tel nøklane kvar søndag. | Mista nøkkel: ring leiaren straks og meld avvik.

rutine; PO; helse- og omsorgstjenesteloven § 6-1; 24
Inn- og utskriving fra sykehus | Ingen skal falle mellom to stoler.
Send innleggelsesrapport med legemiddelliste. | Svar på tidligmelding innen fire timer. | Avtal tidspunkt før hjemreise. | Sammenlign legemiddellistene. | Meld avvik når opplysninger mangler.
Inn- og utskriving frå sjukehus | Ingen skal falle mellom to stolar.
Send innleggingsrapport med legemiddelliste. | Svar på tidlegmelding innan fire timar. | Avtal tidspunkt før heimreise. | Samanlikn legemiddellistene. | Meld avvik når opplysningar manglar.

prosedyre; PO; pasientjournalforskriften; 24
Journalføring | Journalen skal vise hva som er vurdert og gjort.
Skriv samme vakt. | Hold deg til det faglig nødvendige. | Rett feil slik at det opprinnelige kan leses. | Logg ut når du går fra skjermen. | Avvik hører ikke hjemme i journalen.
Journalføring | Journalen skal vise kva som er vurdert og gjort.
Skriv same vakt. | Hald deg til det fagleg nødvendige. | Rett feil slik at det opphavlege kan lesast. | Logg ut når du går frå skjermen. | Avvik høyrer ikkje heime i journalen.

retningslinje; PO; kvalitetsforskriften §§ 7 e og 8 d; 24
Brukermedvirkning og pårørende | Brukeren er med og bestemmer, og pårørende blir hørt.
Spør hva som er viktig for deg. | Avklar hvem som er nærmeste pårørende. | Hold primærkontaktsamtale hvert halvår. | Ta med erfaringene i forbedringsarbeidet.
Brukarmedverknad og pårørande | Brukaren er med og avgjer, og pårørande blir høyrde.
Spør kva som er viktig for deg. | Avklar kven som er næraste pårørande. | Hald primærkontaktsamtale kvart halvår. | Ta med erfaringane i forbetringsarbeidet.

sjekkliste; INST; helsepersonelloven § 36; 24
Dødsfall i institusjon | En verdig avslutning og rett melding.
Ring lege for å konstatere dødsfallet. | Varsle pårørende. | Stell den døde med ro. | Meld til politiet ved unaturlig dødsfall. | Ta en samtale i personalgruppen.
Dødsfall i institusjon | Ei verdig avslutning og rett melding.
Ring lege for å konstatere dødsfallet. | Varsle pårørande. | Stell den døde med ro. | Meld til politiet ved unaturleg dødsfall. | Ta ein samtale i personalgruppa.

plan; PO; forskrift om smittevern i helse- og omsorgstjenesten; 12
Infeksjonskontrollprogram | Infeksjoner skal forebygges, oppdages og stanses.
Smittevernkontakten går tilsyn hvert kvartal. | Registrer infeksjoner to ganger i året. | Tilby influensavaksine i oktober. | Gå gjennom håndhygiene med alle nye.
Infeksjonskontrollprogram | Infeksjonar skal førebyggjast, oppdagast og stoppast.
Smittevernkontakten går tilsyn kvart kvartal. | Registrer infeksjonar to gonger i året. | Tilby influensavaksine i oktober. | Gå gjennom handhygiene med alle nye.

tiltakskort; PO; MSIS-forskriften §§ 3-3 og 3-4; 12
Utbrudd – varsling og tiltak | Utbrudd skal varsles samme dag.
To eller flere med samme symptomer: tenk utbrudd. | Ring kommuneoverlegen straks. | Isoler og bruk smittefrakk. | Forsterk renholdet. | Skriv liste over syke og symptomer.
Utbrot – varsling og tiltak | Utbrot skal varslast same dag.
To eller fleire med same symptom: tenk utbrot. | Ring kommuneoverlegen straks. | Isoler og bruk smittefrakk. | Forsterk reinhaldet. | Skriv liste over sjuke og symptom.

prosedyre; PO; smittevernforskriften; 12
Håndhygiene og basale smittevernrutiner | Rene hender stanser smitte.
Ta av ringer og klokke. | Bruk håndsprit før og etter kontakt. | Bytt hansker mellom oppgaver. | Vask med såpe ved synlig forurensning og ved diaré. | Spritdispenseren fylles av renhold hver dag.
Handhygiene og basale smittevernrutinar | Reine hender stoppar smitte.
Ta av ringar og klokke. | Bruk handsprit før og etter kontakt. | Byt hanskar mellom oppgåver. | Vask med såpe ved synleg forureining og ved diaré. | Spritdispensaren blir fylt av reinhald kvar dag.

plan; KR; smittevernforskriften; 12
Renholdsplan institusjon | Rommene skal være rene og trygge.
Vask kontaktpunkter hver dag. | Vask bad hver dag. | Ny mopp for hvert rom. | Følg egen plan ved smitte. | Signer på listen.
Reinhaldsplan institusjon | Romma skal vere reine og trygge.
Vask kontaktpunkt kvar dag. | Vask bad kvar dag. | Ny mopp for kvart rom. | Følg eigen plan ved smitte. | Signer på lista.

plan; KR; IK-mat-forskriften; 12
IK-mat med HACCP | Maten skal være trygg å spise.
Finn kritiske punkter: mottak, lagring, varming, nedkjøling. | Sett grenser for hvert punkt. | Mål og skriv ned. | Rett og meld avvik når grensen brytes. | Gå gjennom planen hvert år.
IK-mat med HACCP | Maten skal vere trygg å ete.
Finn kritiske punkt: mottak, lagring, varming, nedkjøling. | Set grenser for kvart punkt. | Mål og skriv ned. | Rett og meld avvik når grensa blir broten. | Gå gjennom planen kvart år.

skjema; KR; næringsmiddelhygieneforskriften; 12
Temperaturkontroll kjøl, frys, varmholding | Temperaturen skal være innenfor grensene hele døgnet.
Kjøl: 0 til 4 grader. Frys: minus 18 eller kaldere. | Varmmat: minst 60 grader i kjernen. | Mål morgen og kveld. | Over grensen: flytt eller kast varene. | Skriv hva du gjorde.
Temperaturkontroll kjøl, frys, varmhalding | Temperaturen skal vere innanfor grensene heile døgnet.
Kjøl: 0 til 4 grader. Frys: minus 18 eller kaldare. | Varmmat: minst 60 grader i kjernen. | Mål morgon og kveld. | Over grensa: flytt eller kast varene. | Skriv kva du gjorde.

prosedyre; KR; matinformasjonsforskriften; 12
Allergener og spesialkost | Ingen skal få mat de ikke tåler.
Hold listen over allergier oppdatert. | Lag spesialkost først og på eget brett. | Merk med faste kort. | Kontroller ved servering. | Reaksjon: gi medisin etter plan og ring 113.
Allergen og spesialkost | Ingen skal få mat dei ikkje toler.
Hald lista over allergiar oppdatert. | Lag spesialkost først og på eige brett. | Merk med faste kort. | Kontroller ved servering. | Reaksjon: gi medisin etter plan og ring 113.

prosedyre; SK; opplæringslova §§ 12-4 og 12-5; 12
Skolemiljø – aktivitetsplikt og plan | Alle elever har rett til et trygt og godt skolemiljø.
Følg med og grip inn med en gang. | Si fra til rektor samme dag. | Rektor varsler skoleeier i alvorlige tilfeller. | Undersøk og snakk med eleven. | Lag skriftlig plan innen en uke. | Evaluer planen sammen med eleven.
Skulemiljø – aktivitetsplikt og plan | Alle elevar har rett til eit trygt og godt skulemiljø.
Følg med og grip inn med ein gong. | Sei frå til rektor same dag. | Rektor varslar skuleeigaren i alvorlege tilfelle. | Undersøk og snakk med eleven. | Lag skriftleg plan innan ei veke. | Evaluer planen saman med eleven.

prosedyre; BH; barnehageloven §§ 41–43; 12
Barnehagemiljø – aktivitetsplikt og plan | Alle barn skal ha et trygt og godt barnehagemiljø.
Følg med på leken. | Stans krenkelser straks. | Si fra til styrer samme dag. | Snakk med barnet og foreldrene. | Lag plan og se om den virker.
Barnehagemiljø – aktivitetsplikt og plan | Alle barn skal ha eit trygt og godt barnehagemiljø.
Følg med på leiken. | Stopp krenkingar straks. | Sei frå til styraren same dag. | Snakk med barnet og foreldra. | Lag plan og sjå om han verkar.

rutine; SK/BH; barnevernsloven § 13-2; 12
Bekymringsmelding til barnevernet | Den som er alvorlig bekymret for et barn, skal melde selv.
Skriv ned hva du har sett og hørt. | Snakk med leder, men vent ikke på tillatelse. | Ring barnevernvakten når det haster. | Send meldingen elektronisk. | Snakk ikke med foreldrene først ved mistanke om vold.
Bekymringsmelding til barnevernet | Den som er alvorleg uroa for eit barn, skal melde sjølv.
Skriv ned kva du har sett og høyrt. | Snakk med leiaren, men vent ikkje på løyve. | Ring barnevernvakta når det hastar. | Send meldinga elektronisk. | Snakk ikkje med foreldra først ved mistanke om vald.

sjekkliste; SK/BH; forskrift om miljø og helse i skoler og barnehager; 12
Tur, bading og tilsyn | Alle som drar, skal komme trygt hjem.
Gå gjennom turen og været på forhånd. | Ta med førstehjelp, telefon og allergiliste. | Tell ved start, underveis og før retur. | Livredder og avgrenset område ved bading. | Meld fra om endringer.
Tur, bading og tilsyn | Alle som drar, skal kome trygt heim.
Gå gjennom turen og vêret på førehand. | Ta med førstehjelp, telefon og allergiliste. | Tel ved start, undervegs og før retur. | Livreddar og avgrensa område ved bading. | Meld frå om endringar.

prosedyre; SK/BH; avtale med foresatte, helse- og omsorgstjenesteloven; 12
Legemidler til barn og elever | Barn skal få legemidlene sine trygt i skole- og barnehagetiden.
Skriv avtale med de foresatte. | Oppbevar i låst skap med navn og dato. | To kontrollerer før utdeling. | Kvitter på skjema. | Feil: ring foresatte og lege, og meld avvik.
Legemiddel til barn og elevar | Barn skal få legemidla sine trygt i skule- og barnehagetida.
Skriv avtale med dei føresette. | Oppbevar i låst skåp med namn og dato. | To kontrollerer før utdeling. | Kvitter på skjema. | Feil: ring føresette og lege, og meld avvik.

sjekkliste; BH/TE; forskrift om sikkerhet ved lekeplassutstyr; 12
Lekeplassutstyr – kontroll | Leken skal være trygg.
Se over utstyret hver morgen. | Kontroller bolter og underlag hver måned. | Fagkontroll hvert år. | Sperr av det som er skadd. | Skriv kontrollen i loggen.
Leikeplassutstyr – kontroll | Leiken skal vere trygg.
Sjå over utstyret kvar morgon. | Kontroller boltar og underlag kvar månad. | Fagkontroll kvart år. | Sperr av det som er skadd. | Skriv kontrollen i loggen.

prosedyre; TE; drikkevannsforskriften; 12
Drikkevann – prøver og kokevarsel | Vannet skal være trygt, og folk skal få vite det når det ikke er det.
Ta prøver etter planen. | Funn av bakterier: ta ny prøve straks. | Ring kommuneoverlegen og Mattilsynet. | Send kokevarsel på SMS og nettside. | Opphev varselet etter to rene prøver.
Drikkevatn – prøver og kokevarsel | Vatnet skal vere trygt, og folk skal få vite det når det ikkje er det.
Ta prøver etter planen. | Funn av bakteriar: ta ny prøve straks. | Ring kommuneoverlegen og Mattilsynet. | Send kokevarsel på SMS og nettside. | Opphev varselet etter to reine prøver.

tiltakskort; TE; varslingsforskriften; 12
Akutt forurensning | Stans utslippet og varsle.
Ring 110. | Stans kilden når det er trygt. | Legg ut lense. | Ta bilder og prøver. | Skriv logg og meld avvik.
Akutt forureining | Stopp utsleppet og varsle.
Ring 110. | Stopp kjelda når det er trygt. | Legg ut lense. | Ta bilete og prøver. | Skriv logg og meld avvik.

prosedyre; TE*; forskrift om brannforebygging § 12; 12
Brannvern i kommunale bygg | Alle skal komme seg ut i tide.
Brannvernleder for hvert bygg er utpekt. | Gå egenkontroll hver måned. | Hold rømningsveier frie. | Opplæring for alle nyansatte. | Feil på anlegget rettes samme uke.
Brannvern i kommunale bygg | Alle skal kome seg ut i tide.
Brannvernleiar for kvart bygg er peikt ut. | Gå eigenkontroll kvar månad. | Hald rømmingsvegar frie. | Opplæring for alle nytilsette. | Feil på anlegget blir retta same veka.

sjekkliste; TE*; forskrift om brannforebygging § 12; 12
Brannøvelse | Øvelsen viser om planen virker.
Si fra til alarmsentralen. | Utløs alarmen. | Ta tiden til alle er på møteplassen. | Tell. | Skriv hva som må bli bedre.
Brannøving | Øvinga viser om planen verkar.
Sei frå til alarmsentralen. | Løys ut alarmen. | Ta tida til alle er på møteplassen. | Tel. | Skriv kva som må bli betre.

prosedyre; TE; forskrift om utførelse av arbeid; 12
Arbeid i kum og trange rom | Ingen går ned uten måler og vakt.
Fyll ut arbeidstillatelse. | Luft i ti minutter og mål gass. | En vakt står oppe hele tiden. | Bruk sele og line. | Alarm: opp straks, aldri ned for å hente uten pusteutstyr.
Arbeid i kum og trange rom | Ingen går ned utan målar og vakt.
Fyll ut arbeidsløyve. | Luft i ti minutt og mål gass. | Ei vakt står oppe heile tida. | Bruk sele og line. | Alarm: opp straks, aldri ned for å hente utan pusteutstyr.

rutine; NAV; sosialtjenesteloven, forvaltningsloven; 12
Økonomisk sosialhjelp – saksbehandling og frister | Søkeren skal få rett avgjørelse i rett tid.
Registrer søknaden samme dag. | Vurder nødhjelp straks. | Send foreløpig svar når det tar mer enn en måned. | Gjør en individuell vurdering. | Skriv vedtaket klart, med klagerett.
Økonomisk sosialhjelp – saksbehandling og fristar | Søkjaren skal få rett avgjerd i rett tid.
Registrer søknaden same dag. | Vurder naudhjelp straks. | Send førebels svar når det tek meir enn ein månad. | Gjer ei individuell vurdering. | Skriv vedtaket klart, med klagerett.

prosedyre; NAV; arbeidsmiljøloven § 4-3; 12
Sikkerhet i publikumsmottak | Ansatte og besøkende skal være trygge.
To på jobb når mottaket er åpent. | Prøv alarmen hver mandag. | Hold rømningsveien fri. | Trekk deg ut ved trusler. | Meld avvik og ta en samtale etterpå.
Tryggleik i publikumsmottak | Tilsette og besøkjande skal vere trygge.
To på jobb når mottaket er ope. | Prøv alarmen kvar måndag. | Hald rømmingsvegen fri. | Trekk deg ut ved truslar. | Meld avvik og ta ein samtale etterpå.
"""
)

# Written in a unit, and not yet in force.
NEW = _read(
    """
rutine; HB; kvalitetsforskriften § 7 c; 24
Vaktbytte og oppdatering av arbeidsliste | Ingen besøk skal bli borte når noen bytter vakt.
Vaktansvarlig oppdaterer listen før vakten begynner. | Endringer sies høyt i rapporten. | Kontroller listen etter halv vakt. | Uteblitt besøk meldes som avvik.
Vaktbyte og oppdatering av arbeidsliste | Ingen besøk skal bli borte når nokon byter vakt.
Vaktansvarleg oppdaterer lista før vakta byrjar. | Endringar blir sagde høgt i rapporten. | Kontroller lista etter halv vakt. | Uteblitt besøk blir meldt som avvik.

rutine; INST; kvalitetsforskriften § 7 c; 24
Nattilsyn på skjermet avdeling | Beboerne skal sove trygt uten å bli vekket unødig.
Les tilsynsplanen for hver beboer. | Gå tilsyn etter planen. | Kontroller at sensorer er på. | Skriv tidspunkt og observasjon.
Nattilsyn på skjerma avdeling | Bebuarane skal sove trygt utan å bli vekte unødig.
Les tilsynsplanen for kvar bebuar. | Gå tilsyn etter planen. | Kontroller at sensorar er på. | Skriv tidspunkt og observasjon.

rutine; SKA; opplæringslova § 12-4; 12
Inspeksjon og tilsyn i friminutt | Det skal alltid være en voksen i nærheten.
Bruk gul vest. | Gå i sonene på planen. | Kom fem minutter før det ringer. | Si fra om krenkelser til rektor samme dag.
Inspeksjon og tilsyn i friminutt | Det skal alltid vere ein vaksen i nærleiken.
Bruk gul vest. | Gå i sonene på planen. | Kom fem minutt før det ringjer. | Sei frå om krenkingar til rektor same dag.

rutine; VA; forurensningsforskriften; 12
Tilsyn med pumpestasjoner | Feil skal oppdages før avløpet renner over.
Les av driftstid og nivå hver uke. | Prøv alarmen den første i måneden. | Rengjør nivåføleren. | Skriv i driftsloggen. | Ring driftsvakten ved overløp.
Tilsyn med pumpestasjonar | Feil skal oppdagast før avløpet renn over.
Les av driftstid og nivå kvar veke. | Prøv alarmen den fyrste i månaden. | Reingjer nivåfølaren. | Skriv i driftsloggen. | Ring driftsvakta ved overløp.
"""
)
