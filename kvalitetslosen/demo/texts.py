# ruff: noqa: E501 - one line a text, so that the two languages stand beneath each other
"""What people write in the demo world: cases, questions, causes and answers, in bokmål and nynorsk.

``[one|other]`` is a choice. No persons, and no numbers that could be somebody's.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from deviations.models import CauseKind, Kind

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def said(text: str, rng: random.Random) -> str:
    """The text with its choices made."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
    return text


class Pattern(NamedTuple):
    units: str  # codes of the units it can happen at; those a municipality lacks are passed over
    main: int  # index in deviations.categories.STANDARD
    sub: str
    kind: str
    gravity: int  # 0 seldom serious, 1 anything, 2 often serious
    nb: str
    nn: str


A, N, R, F, G = Kind.DEVIATION, Kind.NEAR_MISS, Kind.RISK, Kind.PROPOSAL, Kind.GOOD_PRACTICE
WARDS = "INST A1 A2 LT KT"
SCHOOLS = "SKU SKA SKB BS US"
KINDERGARTENS = "BH1 BH2 BH3"
KITCHENS = "KR KJ"

PATTERNS = (
    Pattern("HB", 1, "ikke gitt", A, 1,
        "[Kveldsdosen|Morgendosen|Dosen kl. 14] lå igjen i [multidosen|dosetten] ved neste besøk. [Fastlegen|Legevakten] ble kontaktet. [Ingen endring i tilstanden|Bruker var litt trøtt, ellers som vanlig].",
        "[Kveldsdosen|Morgondosen|Dosen kl. 14] låg att i [multidosen|dosetten] ved neste besøk. [Fastlegen|Legevakta] vart kontakta. [Inga endring i tilstanden|Brukaren var litt trøytt, elles som vanleg]."),
    Pattern("HB", 1, "feil tidspunkt", A, 0,
        "Legemidler ble gitt [to|tre|nesten fire] timer for sent fordi [ruten var endret samme dag|besøket ble lagt på feil liste|bilen sto fast i snøen].",
        "Legemiddel vart gitt [to|tre|nesten fire] timar for seint fordi [ruta var endra same dag|besøket låg på feil liste|bilen stod fast i snøen]."),
    Pattern("HB", 0, "uteblitt eller forsinket tjeneste", A, 1,
        "[Morgenstellet|Tilsynet på kvelden|Besøket kl. 12] ble ikke utført. Arbeidslisten var [ikke oppdatert etter vaktbytte|delt på to vikarer uten gjennomgang]. [Pårørende ringte|Bruker ringte selv] og fikk hjelp senere.",
        "[Morgonstellet|Tilsynet på kvelden|Besøket kl. 12] vart ikkje utført. Arbeidslista var [ikkje oppdatert etter vaktbyte|delt på to vikarar utan gjennomgang]. [Pårørande ringde|Brukaren ringde sjølv] og fekk hjelp seinare."),
    Pattern("HB", 0, "trygghetsalarm og velferdsteknologi", A, 2,
        "Trygghetsalarmen ga ikke kontakt ved [utløsning|ukentlig prøve]. [Batteriet var tomt|Dekningen falt ut i huset|Alarmen var koblet til gammelt nummer]. Det gikk [20|35|50] minutter før noen var framme.",
        "Tryggleiksalarmen gav ikkje kontakt ved [utløysing|vekeprøva]. [Batteriet var tomt|Dekninga fall ut i huset|Alarmen var kopla til gammalt nummer]. Det gjekk [20|35|50] minutt før nokon var framme."),
    Pattern("HB", 0, "observasjon/forverring ikke oppdaget", A, 2,
        "Vekttap på [tre|fire] kilo over to måneder var notert, men ikke fulgt opp. [Ernæringskartlegging manglet|Tiltaksplanen var ikke endret].",
        "Vekttap på [tre|fire] kilo over to månader var notert, men ikkje følgt opp. [Ernæringskartlegging mangla|Tiltaksplanen var ikkje endra]."),
    Pattern("HB", 2, "alenearbeid", R, 1,
        "Kveldsvakten er alene på [den lengste ruten|ruten uten mobildekning] i [nesten to timer|over en time]. Ingen ringer etter oss om vi ikke melder oss tilbake.",
        "Kveldsvakta er åleine på [den lengste ruta|ruta utan mobildekning] i [nesten to timar|over ein time]. Ingen ringjer etter oss om vi ikkje melder oss tilbake."),
    Pattern("HB", 2, "personskade", A, 1,
        "[Falt på isete trapp|Skled på gårdsplassen] på vei inn til bruker. [Slo kneet|Vond rygg etterpå|Forstuet håndledd]. Det var ikke strødd, og broddene lå igjen i bilen.",
        "[Fall på isete trapp|Skleid på tunet] på veg inn til brukar. [Slo kneet|Vond rygg etterpå|Vrikka handleddet]. Det var ikkje strødd, og broddane låg att i bilen."),
    Pattern("HB", 6, "kjøretøy og maskin", N, 0,
        "Tjenestebilen hadde [slitte vinterdekk|varsellampe for bremser] og [fikk sleng i svingen|måtte stå igjen]. Ingen skade, men ruten ble [en time|halvannen time] forsinket.",
        "Tenestebilen hadde [slitne vinterdekk|varsellampe for bremser] og [fekk sleng i svingen|måtte stå att]. Ingen skade, men ruta vart [ein time|halvannan time] forseinka."),
    Pattern("HB BO", 1, "dosett/multidose", N, 1,
        "Ved dobbeltkontroll ble det funnet [én tablett for mye|feil styrke] i dosetten for [fredag|onsdag|søndag]. Rettet før den gikk ut.",
        "Ved dobbeltkontroll vart det funne [éin tablett for mykje|feil styrke] i dosetten for [fredag|onsdag|søndag]. Retta før han gjekk ut."),
    Pattern("HB", 7, "kompetanse/opplæring mangler", R, 1,
        "[Tre|To] nye sommervikarer har ikke fått [opplæring i alarmmottaket|gjennomgang av nøkkelrutinen|kurs i legemiddelhåndtering] før første vakt.",
        "[Tre|To] nye sommarvikarar har ikkje fått [opplæring i alarmmottaket|gjennomgang av nøkkelrutinen|kurs i legemiddelhandtering] før første vakt."),
    Pattern(WARDS, 0, "fall", A, 1,
        "Beboer funnet på gulvet [ved sengen|på badet|i gangen] [tidlig om morgenen|under kveldsstellet|etter middag]. [Ingen synlig skade|Blåmerke på hoften|Lite kutt ved øyet]. [Sensormatten var av|Skoene sto under stolen|Sengen var ikke senket].",
        "Bebuar funnen på golvet [ved senga|på badet|i gangen] [tidleg om morgonen|under kveldsstellet|etter middag]. [Ingen synleg skade|Blåmerke på hofta|Lite kutt ved auget]. [Sensormatta var av|Skoa stod under stolen|Senga var ikkje senka]."),
    Pattern(WARDS, 0, "fall", N, 0,
        "Beboer ble støttet i siste liten [på vei fra toalettet|ved forflytning til stol]. Gulvet var vått etter [vask|en lekkasje], uten varselskilt.",
        "Bebuar vart stødd i siste liten [på veg frå toalettet|ved forflytting til stol]. Golvet var vått etter [vask|ein lekkasje], utan varselskilt."),
    Pattern(WARDS, 0, "trykksår", A, 2,
        "Rødme som ikke blekner på [hælen|halebenet] ble oppdaget ved [morgenstell|dusj]. Snuplan var ikke signert [siste natt|siste to netter].",
        "Raudne som ikkje bleiknar på [hælen|halebeinet] vart oppdaga ved [morgonstell|dusj]. Snuplanen var ikkje signert [siste natta|dei to siste nettene]."),
    Pattern(WARDS, 0, "ernæring/svelg", A, 2,
        "Beboer med svelgvansker fikk [brød med skorpe|kjøttbiter|tynn drikke] til [kvelds|middag]. Kostkortet på [kjøkkenet|vogna] var [gammelt|ikke byttet etter ny vurdering].",
        "Bebuar med svelgvanskar fekk [brød med skorpe|kjøtbitar|tynn drikke] til [kvelds|middag]. Kostkortet på [kjøkkenet|vogna] var [gammalt|ikkje bytt etter ny vurdering]."),
    Pattern(WARDS, 1, "signering/kardex", A, 0,
        "Legemidler gitt, men ikke signert for [kveld|morgen] på [to|tre] beboere. Oppdaget ved vaktskifte, avklart med den som hadde vakten.",
        "Legemiddel gitt, men ikkje signert for [kveld|morgon] på [to|tre] bebuarar. Oppdaga ved vaktskifte, avklart med den som hadde vakta."),
    Pattern(WARDS, 1, "feil person", A, 2,
        "To medisinbegre ble forvekslet under [frokosten|kveldsrunden]. Lege ble ringt straks og ga råd om [tettere tilsyn|blodtrykk hver time].",
        "To medisinbeger vart bytte om under [frukosten|kveldsrunden]. Lege vart ringd straks og gav råd om [tettare tilsyn|blodtrykk kvar time]."),
    Pattern(WARDS, 1, "oppbevaring/holdbarhet", A, 0,
        "Medisinkjøleskapet viste [9|10|11] grader om morgenen. [Insulin|Vaksiner] kastet etter råd fra apoteket. [Døren lukker dårlig|Ingen hadde logget temperaturen i helgen].",
        "Medisinkjøleskapet viste [9|10|11] grader om morgonen. [Insulin|Vaksinar] kasta etter råd frå apoteket. [Døra lèt att dårleg|Ingen hadde logga temperaturen i helga]."),
    Pattern(WARDS, 2, "vold", A, 1,
        "Ansatt ble [slått mot armen|klort på hånden|sparket i leggen] under [morgenstell|kveldsstell]. Det var planlagt to på stellet, men [én var flyttet|det manglet en på vakt].",
        "Tilsett vart [slått mot armen|klort på handa|sparka i leggen] under [morgonstell|kveldsstell]. Det var planlagt to på stellet, men [éin var flytta|det mangla ein på vakt]."),
    Pattern(WARDS, 2, "tungt løft/ergonomi", A, 0,
        "[Takheisen|Personløfteren] virket ikke, og forflytning ble gjort for hånd av to. [Vondt i ryggen etterpå|Ingen skade, men tungt].",
        "[Takheisen|Personlyftaren] verka ikkje, og forflyttinga vart gjort for hand av to. [Vondt i ryggen etterpå|Ingen skade, men tungt]."),
    Pattern(WARDS, 2, "bemanning og arbeidstid", A, 1,
        "Vi var [én|to] for lite på [nattevakt|helgevakt], og vikar var ikke leid inn. [Dusj måtte utsettes|Pausene ble ikke tatt|Tilsyn hver time ble ikke fulgt].",
        "Vi var [éin|to] for lite på [nattevakt|helgevakt], og vikar var ikkje leigd inn. [Dusj måtte utsetjast|Pausane vart ikkje tekne|Tilsyn kvar time vart ikkje følgt]."),
    Pattern(WARDS, 2, "stikk/smitteeksponering", A, 2,
        "Stakk meg på [brukt kanyle|lansett] som lå [i avfallsposen|på brettet]. [Skylt og vasket straks|Bedriftshelsetjenesten er kontaktet]. Kanylebøtten var full.",
        "Stakk meg på [brukt kanyle|lansett] som låg [i avfallsposen|på brettet]. [Skylte og vaska straks|Bedriftshelsetenesta er kontakta]. Kanylebøtta var full."),
    Pattern(WARDS, 5, "basale rutiner/håndhygiene", A, 0,
        "[Håndspriten var tom på tre rom|Smittefrakker lå ikke utenfor isolatet|Hansker ble ikke byttet mellom to stell] under [utbruddet|kveldsvakten].",
        "[Handspriten var tom på tre rom|Smittefrakkar låg ikkje utanfor isolatet|Hanskar vart ikkje bytte mellom to stell] under [utbrotet|kveldsvakta]."),
    Pattern(WARDS, 5, "utbrudd", A, 2,
        "[Tre|Fire] beboere på samme gang fikk [oppkast|luftveissymptomer] i løpet av [ett døgn|helgen]. Varsling til kommuneoverlegen kom [dagen etter|for sent].",
        "[Tre|Fire] bebuarar på same gang fekk [oppkast|luftvegssymptom] i løpet av [eitt døgn|helga]. Varslinga til kommuneoverlegen kom [dagen etter|for seint]."),
    Pattern(WARDS, 0, "tvang og makt", A, 2,
        "Sengehest ble brukt [to netter|en uke] uten at [vedtaket var fornyet|det var vurdert om beboer samtykker].",
        "Sengehest vart brukt [to netter|ei veke] utan at [vedtaket var fornya|det var vurdert om bebuaren samtykkjer]."),
    Pattern(WARDS + " HB", 0, "samhandling/overføring", A, 1,
        "Utskrevet fra sykehus [fredag ettermiddag|sent på kvelden] uten [oppdatert legemiddelliste|epikrise|melding på forhånd]. Det tok [tre|fem] timer å få avklart.",
        "Utskriven frå sjukehus [fredag ettermiddag|seint på kvelden] utan [oppdatert legemiddelliste|epikrise|melding på førehand]. Det tok [tre|fem] timar å få avklart."),
    Pattern("BO", 2, "trusler", A, 1,
        "[Truet med å slå|Kastet en kopp mot veggen] da [middagen ble forsinket|planen for dagen ble endret]. To ansatte trakk seg tilbake etter rutinen.",
        "[Truga med å slå|Kasta ein kopp i veggen] då [middagen vart forseinka|planen for dagen vart endra]. To tilsette trekte seg tilbake etter rutinen."),
    Pattern("BO", 7, "prosedyre mangler/utdatert", F, 0,
        "Kan vi få [en kort sjekkliste for helgevakten|en felles tavle for avtaler i bofellesskapet]? Nå ligger dette i [tre permer|flere e-poster].",
        "Kan vi få [ei kort sjekkliste for helgevakta|ei felles tavle for avtalar i bufellesskapet]? No ligg dette i [tre permar|fleire e-postar]."),
    Pattern(KITCHENS, 5, "temperatur", A, 0,
        "[Kjølerommet|Frysen|Kjøleskapet på postkjøkkenet] viste [8|9|minus 11] grader ved kontroll. [Varer ble kastet|Varer ble flyttet]. [Døren lukker dårlig|Viften sto].",
        "[Kjølerommet|Frysaren|Kjøleskapet på postkjøkkenet] viste [8|9|minus 11] grader ved kontroll. [Varer vart kasta|Varer vart flytta]. [Døra tettar dårleg|Vifta stod]."),
    Pattern(KITCHENS, 5, "allergen/feil kost", A, 1,
        "[Glutenfri|Melkefri] porsjon ble sendt til feil [avdeling|bord]. Oppdaget [før servering|etter at måltidet var begynt]. Merkingen [var falt av|var skrevet for hånd].",
        "[Glutenfri|Mjølkefri] porsjon vart send til feil [avdeling|bord]. Oppdaga [før servering|etter at måltidet var byrja]. Merkinga [var falla av|var skriven for hand]."),
    Pattern(KITCHENS + " RE", 2, "maskin/kjemikalier", A, 0,
        "[Oppvaskmiddel sto åpent på gulvet|To middel sto på samme hylle uten merking|Sikkerhetsdatablad manglet for nytt middel]. Ryddet samme dag.",
        "[Oppvaskmiddel stod ope på golvet|To middel stod på same hylle utan merking|Tryggleiksdatablad mangla for nytt middel]. Rydda same dag."),
    Pattern("KR RE", 5, "renhold", A, 0,
        "Renhold av [to rom|korridoren|fellesbadet] ble ikke utført [mandag|i helgen] på grunn av [sykdom uten vikar|feil i planen].",
        "Reinhald av [to rom|korridoren|fellesbadet] vart ikkje utført [måndag|i helga] på grunn av [sjukdom utan vikar|feil i planen]."),
    Pattern(SCHOOLS, 3, "skade/ulykke", A, 1,
        "Elev [falt fra klatrestativet|skled på is i skolegården|fikk ball i ansiktet] i [storefri|gymtimen]. [Plaster og hvile holdt|Undersøkt av lege|Foresatte hentet eleven].",
        "Elev [fall frå klatrestativet|skleid på is i skulegarden|fekk ball i andletet] i [storefri|gymtimen]. [Plaster og kvile heldt|Undersøkt av lege|Føresette henta eleven]."),
    Pattern(SCHOOLS, 3, "skolemiljø – plikt ikke fulgt", A, 2,
        "[Utestenging|Ertingen i garderoben|En hendelse på skolebussen] ble meldt, men skriftlig plan var ikke laget etter [sju|ni|ti] skoledager.",
        "[Utestenging|Ertinga i garderoben|Ei hending på skulebussen] vart meld, men skriftleg plan var ikkje laga etter [sju|ni|ti] skuledagar."),
    Pattern(SCHOOLS, 2, "vold", A, 1,
        "Ansatt ble [sparket i leggen|slått i ryggen|bitt i armen] da [en konflikt ble stanset|eleven skulle følges inn]. [Blåmerke|Ingen varig skade].",
        "Tilsett vart [sparka i leggen|slegen i ryggen|biten i armen] då [ein konflikt vart stoppa|eleven skulle følgjast inn]. [Blåmerke|Ingen varig skade]."),
    Pattern(SCHOOLS, 3, "vedtak om tilrettelegging ikke fulgt", A, 1,
        "Timer med [spesialundervisning|assistent] falt bort [tre dager|en hel uke] fordi [vikar ikke ble satt inn|den ansatte dekket en annen klasse].",
        "Timar med [spesialundervisning|assistent] fall bort [tre dagar|ei heil veke] fordi [vikar ikkje vart sett inn|den tilsette dekte ein annan klasse]."),
    Pattern(SCHOOLS, 3, "skyss og tur", A, 1,
        "[Skolebussen kjørte før alle var om bord|Bussen kom ikke|Telling manglet da turen snudde]. [To|Tre] elever [sto igjen i et kvarter|ventet i 20 minutter].",
        "[Skulebussen køyrde før alle var om bord|Bussen kom ikkje|Teljing mangla då turen snudde]. [To|Tre] elevar [stod att i eit kvarter|venta i 20 minutt]."),
    Pattern(SCHOOLS, 4, "tapt utstyr/papir", A, 1,
        "[Et nettbrett uten kode|En perm med telefonlister|En minnepinne] ble liggende igjen [i gymsalen|på biblioteket|på bussen] over [natten|helgen].",
        "[Eit nettbrett utan kode|Ein perm med telefonlister|Ein minnepinne] vart liggjande att [i gymsalen|på biblioteket|på bussen] over [natta|helga]."),
    Pattern(SCHOOLS, 6, "inneklima/bygg", A, 0,
        "[25|26|16] grader i klasserommet [hele uken|etter helgen]. [Ventilasjonen sto|Radiatoren er kald]. Flere har [vondt i hodet|trukket inn i gangen].",
        "[25|26|16] grader i klasserommet [heile veka|etter helga]. [Ventilasjonen stod|Radiatoren er kald]. Fleire har [vondt i hovudet|flytta ut i gangen]."),
    Pattern("SFO", 3, "barn borte/tilsyn sviktet", N, 2,
        "Barn på vei ut [porten|parkeringsplassen] ble sett av en forelder. [Vi var én på 22 barn|Listen ble ikke brukt ved skiftet].",
        "Barn på veg ut [porten|på parkeringsplassen] vart sett av ein forelder. [Vi var éin på 22 barn|Lista vart ikkje brukt ved skiftet]."),
    Pattern(KINDERGARTENS, 3, "skade/ulykke", A, 0,
        "Barn [klemte fingeren i døren|falt fra husken|fikk spade i hodet] [før lunsj|i utetiden]. [Trøst og kald klut|Foresatte ringt|Legevakt, limt kutt].",
        "Barn [klemde fingeren i døra|fall frå huska|fekk spade i hovudet] [før lunsj|i utetida]. [Trøyst og kald klut|Føresette ringde|Legevakt, limt kutt]."),
    Pattern(KINDERGARTENS, 3, "legemiddel/allergi", A, 2,
        "Barn med [egg|nøtt|melke]allergi fikk [kake|saus] på [bursdag|turdag]. [Ingen reaksjon|Utslett, medisin gitt]. Allergilisten [hang ikke på kjøkkenet|var fra i fjor].",
        "Barn med [egg|nøtte|mjølke]allergi fekk [kake|saus] på [bursdag|turdag]. [Ingen reaksjon|Utslett, medisin gitt]. Allergilista [hang ikkje på kjøkkenet|var frå i fjor]."),
    Pattern(KINDERGARTENS, 3, "ute- og lekeareal", R, 1,
        "[Gjerdet mot bekken er løst|Fallunderlaget under klatrestativet er hardt|En bolt stikker ut av sklien]. [Sperret av med bånd|Barna holdes unna].",
        "[Gjerdet mot bekken er laust|Fallunderlaget under klatrestativet er hardt|Ein bolt stikk ut av sklia]. [Sperra av med band|Barna blir haldne unna]."),
    Pattern(KINDERGARTENS, 2, "bemanning og arbeidstid", A, 0,
        "[Én|To] borte uten vikar, og grunnbemanningen ble ikke holdt fra [åpning|kl. 14]. [Turen ble avlyst|Avdelingene ble slått sammen].",
        "[Éin|To] borte utan vikar, og grunnbemanninga vart ikkje halden frå [opning|kl. 14]. [Turen vart avlyst|Avdelingane vart slegne saman]."),
    Pattern("VA", 6, "drikkevann", A, 2,
        "[Lav klorrest|Høy turbiditet|Koliforme bakterier] i [rutineprøve|prøve fra ledningsnettet]. [Ny prøve tatt|Dosering justert], kommuneoverlegen er informert.",
        "[Låg klorrest|Høg turbiditet|Koliforme bakteriar] i [rutineprøve|prøve frå leidningsnettet]. [Ny prøve teken|Doseringa justert], kommuneoverlegen er informert."),
    Pattern("VA", 6, "avløp/utslipp", A, 1,
        "Pumpestasjon stanset [ved strømbrudd|på grunn av fiberkluter], overløp til bekk i [to|fem] timer. [Alarmen kom ikke fram|Alarmen kom, men vakten var ute på annet oppdrag].",
        "Pumpestasjon stoppa [ved straumbrot|på grunn av fiberklutar], overløp til bekk i [to|fem] timar. [Alarmen kom ikkje fram|Alarmen kom, men vakta var ute på anna oppdrag]."),
    Pattern("VE", 6, "vei og trafikk", A, 1,
        "[Skiltingen ved gravearbeidet var blåst ned|Gang- og sykkelveien var ikke strødd før kl. 08|Kumlokk lå skjevt etter brøyting]. [Rettet samme formiddag|Sperret av].",
        "[Skiltinga ved gravearbeidet var blåsen ned|Gang- og sykkelvegen var ikkje strødd før kl. 08|Kumlokk låg skeivt etter brøyting]. [Retta same formiddag|Sperra av]."),
    Pattern("VE VA BY", 2, "nestenulykke", N, 2,
        "[Grøftekanten raste|Stein løsnet fra skuffen|Stigen glapp] like ved [der vi sto|kollegaen]. [Ingen skadd|Arbeidet ble stanset].",
        "[Grøftekanten rasa|Stein losna frå skuffa|Stigen glapp] like ved [der vi stod|kollegaen]. [Ingen skadd|Arbeidet vart stoppa]."),
    Pattern("BY", 6, "rømningsvei/dør", A, 1,
        "Rømningsdør [var låst|var sperret av møbler|gikk ikke opp på grunn av snø] ved [vernerunde|brannøvelse]. [Åpnet straks|Ryddet med en gang].",
        "Rømmingsdør [var låst|var sperra av møblar|gjekk ikkje opp på grunn av snø] ved [vernerunde|brannøving]. [Opna straks|Rydda med ein gong]."),
    Pattern("BY", 6, "alarm, slokkeutstyr, øvelse", A, 1,
        "[Brannslokker manglet på festet|Detektor sto i feil i to døgn|Orienteringsplanen viste gammel planløsning] i [skolebygget|institusjonen|kommunehuset].",
        "[Brannsløkkjar mangla på festet|Detektor stod i feil i to døgn|Orienteringsplanen viste gammal planløysing] i [skulebygget|institusjonen|kommunehuset]."),
    Pattern("SD OK PE", 4, "feilsendt", A, 1,
        "[Brev med vedtak|E-post med vedlegg|Lønnsslipp] gikk til feil mottaker etter [automatisk utfylling|flettefeil]. [Mottakeren har bekreftet sletting|Brevet kom uåpnet i retur].",
        "[Brev med vedtak|E-post med vedlegg|Lønsslipp] gjekk til feil mottakar etter [automatisk utfylling|flettefeil]. [Mottakaren har stadfesta sletting|Brevet kom uopna i retur]."),
    Pattern("SD", 4, "feilpublisering", A, 2,
        "[Møtedokument|Postliste|Vedlegg i byggesak] med opplysninger som skulle vært skjermet, lå åpent i [40 minutter|tre timer|et døgn]. Tatt ned straks det ble oppdaget.",
        "[Møtedokument|Postliste|Vedlegg i byggesak] med opplysningar som skulle vore skjerma, låg ope i [40 minutt|tre timar|eit døgn]. Teke ned straks det vart oppdaga."),
    Pattern("IKT", 4, "nedetid", A, 1,
        "[Journalsystemet|Sakssystemet|Telefonsentralen] var nede i [50|70|95] minutter. [Nødrutinen virket|Papirlistene var gamle|Varselet kom sent ut].",
        "[Journalsystemet|Sakssystemet|Telefonsentralen] var nede i [50|70|95] minutt. [Naudrutinen verka|Papirlistene var gamle|Varselet kom seint ut]."),
    Pattern("IKT PE SD", 4, "tilgang ikke avsluttet", A, 1,
        "[To|Tre|Fire] tidligere ansatte hadde fortsatt tilgang til [fagsystemet|fellesområdet] [to uker|en måned] etter sluttdato. Stengt samme dag.",
        "[To|Tre|Fire] tidlegare tilsette hadde framleis tilgang til [fagsystemet|fellesområdet] [to veker|ein månad] etter sluttdato. Stengt same dag."),
    Pattern("IKT OK", 4, "svindel/skadevare", N, 1,
        "Falsk e-post som så ut til å komme fra [en leverandør|ledelsen] ba om [nytt kontonummer|innlogging]. [Ingen svarte|Én klikket, passordet er byttet].",
        "Falsk e-post som såg ut til å kome frå [ein leverandør|leiinga] bad om [nytt kontonummer|innlogging]. [Ingen svara|Éin klikka, passordet er bytt]."),
    Pattern("OK SD", 7, "faktura/refusjon", A, 0,
        "[Faktura betalt to ganger|Refusjonskrav sendt etter fristen|Purregebyr på tre fakturaer] fordi [attestering lå hos en som var i ferie|varselet gikk til felles postkasse].",
        "[Faktura betalt to gonger|Refusjonskrav sendt etter fristen|Purregebyr på tre fakturaer] fordi [attesteringa låg hos ein som var i ferie|varselet gjekk til felles postkasse]."),
    Pattern("SO", 7, "fristbrudd", A, 1,
        "Søknad ble behandlet [6|9|11] dager etter egen frist, og foreløpig svar ble ikke sendt. [Ferieavvikling|Saken lå ufordelt].",
        "Søknad vart behandla [6|9|11] dagar etter eigen frist, og førebels svar vart ikkje sendt. [Ferieavvikling|Saka låg ufordelt]."),
    Pattern("SO", 2, "trusler", A, 2,
        "[Roping og trusler|Slag i skranken] i mottaket. Alarmknappen [virket ikke|ga ikke lyd på bakrommet]. To ansatte trakk seg ut etter rutinen.",
        "[Roping og truslar|Slag i skranken] i mottaket. Alarmknappen [verka ikkje|gav ikkje lyd på bakrommet]. To tilsette trekte seg ut etter rutinen."),
    Pattern("LK HS", 0, "journal og dokumentasjon", A, 1,
        "[Prøvesvar|Vaksinasjon|Notat] ble ført på feil pasient. Oppdaget ved [gjennomgang samme dag|neste time] og rettet.",
        "[Prøvesvar|Vaksinasjon|Notat] vart ført på feil pasient. Oppdaga ved [gjennomgang same dag|neste time] og retta."),
    Pattern("LK HS PH", 4, "uautorisert innsyn", A, 2,
        "Skjermen sto åpen i [venterommet|resepsjonen] mens ingen var til stede i [fem|ti] minutter. Navn på timelisten var synlig.",
        "Skjermen stod open i [venterommet|resepsjonen] medan ingen var til stades i [fem|ti] minutt. Namn på timelista var synlege."),
    Pattern("PH", 2, "alenearbeid", R, 1,
        "Hjemmebesøk gjennomføres alene selv om [risikovurderingen sier to|alarmen ikke har dekning]. Vi trenger en fast avtale om hvem som følger med.",
        "Heimebesøk blir gjennomførte åleine sjølv om [risikovurderinga seier to|alarmen ikkje har dekning]. Vi treng ein fast avtale om kven som følgjer med."),
    Pattern("BI FR KI SY", 6, "alarm, slokkeutstyr, øvelse", A, 0,
        "Ved [kveldsåpent|arrangement] visste ingen [hvem som var brannansvarlig|hvor møteplassen er]. Øvelse er ikke holdt [i år|siden i fjor vår].",
        "Ved [kveldsope|arrangement] visste ingen [kven som var brannansvarleg|kvar møteplassen er]. Øving er ikkje halden [i år|sidan i fjor vår]."),
    Pattern(f"HB {WARDS} BO {KITCHENS}", 7, "prosedyre mangler/utdatert", F, 0,
        "Forslag: [fast overlapp på ti minutter ved vaktskifte|bilde av riktig merking på hyllen|felles huskeliste for helg]. Da [slipper vi å ringe hverandre|blir det færre misforståelser].",
        "Forslag: [fast overlapp på ti minutt ved vaktskifte|bilete av rett merking på hylla|felles hugseliste for helg]. Då [slepp vi å ringje kvarandre|blir det færre misforståingar]."),
    Pattern(f"{SCHOOLS} {KINDERGARTENS} SFO", 3, "ute- og lekeareal", F, 0,
        "Forslag: [strø området ved inngangen før kl. 07|merke møteplassen ute|sette opp speil i svingen ved parkeringen]. Det [glir|er trangt] der hver vinter.",
        "Forslag: [strø området ved inngangen før kl. 07|merkje møteplassen ute|setje opp spegel i svingen ved parkeringa]. Det [er glatt|er trongt] der kvar vinter."),
    Pattern(f"HB {WARDS} {SCHOOLS} VA", 7, "kompetanse/opplæring mangler", G, 0,
        "[Kollegaøvelsen|Tavlemøtet|Den nye sjekklisten] på [mandag|onsdag] gjorde at vi [oppdaget en feil i tide|brukte halve tiden]. Verdt å dele med andre enheter.",
        "[Kollegaøvinga|Tavlemøtet|Den nye sjekklista] på [måndag|onsdag] gjorde at vi [oppdaga ein feil i tide|brukte halve tida]. Verdt å dele med andre einingar."),
)  # fmt: skip

NOT_DEVIATIONS = (
    ("Kaffemaskinen på pauserommet virker ikke.", "Kaffimaskina på pauserommet verkar ikkje.",
     "Takk for beskjed. Dette er en driftssak, og vaktmesteren har fått den. Slikt kan meldes rett til vaktmester.",
     "Takk for beskjeden. Dette er ei driftssak, og vaktmeisteren har fått ho. Slikt kan meldast rett til vaktmeister."),
    ("Jeg vil gjerne vite hvordan jeg søker om permisjon i påsken.", "Eg vil gjerne vite korleis eg søkjer om permisjon i påska.",
     "Dette er et spørsmål og ikke et avvik. Ta det med meg på mandag, så finner vi ut av det.",
     "Dette er eit spørsmål og ikkje eit avvik. Ta det med meg på måndag, så finn vi ut av det."),
    ("Parkeringsplassen er ofte full når kveldsvakten begynner.", "Parkeringsplassen er ofte full når kveldsvakta byrjar.",
     "Takk. Ingen rutine er brutt, så dette er ikke et avvik, men jeg tar det opp i neste personalmøte.",
     "Takk. Ingen rutine er broten, så dette er ikkje eit avvik, men eg tek det opp i neste personalmøte."),
)  # fmt: skip

MADE_PROPOSAL = (
    "Takk. Ingen rutine er brutt, men forslaget er godt: Jeg tar opp parkeringen med teknisk etat og skriver her hva de svarer.",
    "Takk. Ingen rutine er broten, men forslaget er godt: Eg tek opp parkeringa med teknisk etat og skriv her kva dei svarar.",
)

NOTE = (
    "Skrevet ned samme kveld, så ikke noe blir glemt:\n1. Oppdaget ved vaktskiftet.\n2. Ansvarsvakt ringt.\n3. Ført i journalen.\n",
    "Skrive ned same kveld, så ikkje noko blir gløymt:\n1. Oppdaga ved vaktskiftet.\n2. Ansvarsvakt ringd.\n3. Ført i journalen.\n",
)


class Unnamed(NamedTuple):
    """A case that somebody reported without a name, with what was asked or answered."""

    main: int
    sub: str
    text: tuple[str, str]
    question: tuple[str, str] | None = None
    answer: tuple[str, str] | None = None


UNNAMED = (
    Unnamed(
        2,
        "psykososialt arbeidsmiljø",
        (
            "På flere vakter har kolleger snakket nedsettende til en ny medarbeider. Jeg tør ikke si det høyt.",
            "På fleire vakter har kollegaer snakka nedsetjande til ein ny medarbeidar. Eg tør ikkje seie det høgt.",
        ),
        question=(
            "Takk for at du sier fra. Skjer det mest på kveld, eller hele døgnet? Du kan svare her uten å si hvem du er.",
            "Takk for at du seier frå. Skjer det mest på kveld, eller heile døgnet? Du kan svare her utan å seie kven du er.",
        ),
    ),
    Unnamed(
        2,
        "psykososialt arbeidsmiljø",
        (
            "Tonen i den interne meldingsgruppa er blitt hard, og noen holdes utenfor.",
            "Tonen i den interne meldingsgruppa er blitt hard, og nokre blir haldne utanfor.",
        ),
        answer=(
            "Takk for at du meldte fra. Gruppa er lagt ned, og vi har hatt samtaler med alle. Vi tar det opp igjen om en måned.",
            "Takk for at du melde frå. Gruppa er lagd ned, og vi har hatt samtalar med alle. Vi tek det opp att om ein månad.",
        ),
    ),
    Unnamed(
        2,
        "psykososialt arbeidsmiljø",
        (
            "Det gjøres ofte narr av spørsmål på rapporten. Nå er det flere som ikke spør lenger.",
            "Det blir ofte gjort narr av spørsmål på rapporten. No er det fleire som ikkje spør lenger.",
        ),
    ),
)

WELCOME = (
    "Du kjenner tjenestene våre best. Si fra om det som går galt, og om det som er bra.",
    "Du kjenner tenestene våre best. Sei frå om det som går gale, og om det som er bra.",
)

FROM_OUTSIDE = (
    "Hjelpen kom først klokka tolv, og morgenmedisinen ble da tatt sammen med middagsmedisinen. Ingen ringte oss.",
    "Hjelpa kom først klokka tolv, og morgonmedisinen vart då teken saman med middagsmedisinen. Ingen ringde oss.",
)

NEXT_OF_KIN = ("En pårørende, treffes best etter klokka 16", "Ein pårørande, er lettast å nå etter klokka 16")

ABOUT_LEADER = (
    "Vi ble bedt om å la være å melde fra om bemanningen, og turnusen ble endret på kort varsel uten drøfting.",
    "Vi vart bedne om å la vere å melde frå om bemanninga, og turnusen vart endra på kort varsel utan drøfting.",
)

# By main category: bokmål and nynorsk, one to draw from.
ANSWERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("Takk for at du meldte. Vi har gått gjennom hendelsen på avdelingsmøtet og endret tiltaksplanen. Fast punkt ved vaktskifte fra nå av.",
         "Takk for at du melde. Vi har gått gjennom hendinga på avdelingsmøtet og endra tiltaksplanen. Fast punkt ved vaktskifte frå no av."),
        ("Arbeidslisten oppdateres nå av vaktansvarlig før hver vakt, og endringer sies høyt i rapporten. Pårørende er informert.",
         "Arbeidslista blir no oppdatert av vaktansvarleg før kvar vakt, og endringar blir sagde høgt i rapporten. Pårørande er informerte."),
        ("Utstyret er kontrollert og står på listen for ukentlig sjekk. Vi følger med i en måned og ser om det holder.",
         "Utstyret er kontrollert og står på lista for vekesjekk. Vi følgjer med i ein månad og ser om det held."),
    ),
    (
        ("Takk for rask melding. Dobbeltkontroll er nå fast på to ulike vakter, og legelisten er oppdatert.",
         "Takk for rask melding. Dobbeltkontroll er no fast på to ulike vakter, og legelista er oppdatert."),
        ("Vi har gått gjennom legemiddelprosedyren med alle på vakt, og medisinrommet er ryddet slik at vi jobber uten avbrudd.",
         "Vi har gått gjennom legemiddelprosedyren med alle på vakt, og medisinrommet er rydda slik at vi arbeider utan avbrot."),
    ),
    (
        ("Takk for at du sa fra. Vi har snakket sammen, og verneombudet er med på å vurdere tiltak. To på stellet står nå i planen.",
         "Takk for at du sa frå. Vi har snakka saman, og verneombodet er med på å vurdere tiltak. To på stellet står no i planen."),
        ("Risikovurderingen er oppdatert sammen med verneombudet. Alarmen er prøvd og virker. Si fra om du trenger en samtale til.",
         "Risikovurderinga er oppdatert saman med verneombodet. Alarmen er prøvd og verkar. Sei frå om du treng ein samtale til."),
    ),
    (
        ("Takk. Tilsynet er delt i faste soner, og vi teller ved hvert skifte. Foresatte er informert.",
         "Takk. Tilsynet er delt i faste soner, og vi tel ved kvart skifte. Føresette er informerte."),
        ("Saken er tatt opp i personalmøtet, og planen er på plass. Vi ser på den igjen om fire uker.",
         "Saka er teken opp i personalmøtet, og planen er på plass. Vi ser på han att om fire veker."),
    ),
    (
        ("Takk for at du meldte med en gang. Personvernombudet har vurdert saken, og rutinen for utsending har fått en ekstra kontroll.",
         "Takk for at du melde med ein gong. Personvernombodet har vurdert saka, og rutinen for utsending har fått ein ekstra kontroll."),
        ("Tilgangene er gjennomgått. Sluttdato i personalsystemet stenger dem nå uten at noen må huske det.",
         "Tilgangane er gjennomgåtte. Sluttdato i personalsystemet stengjer dei no utan at nokon må hugse det."),
    ),
    (
        ("Takk. Temperaturen logges nå automatisk med varsel, og døren er justert.",
         "Takk. Temperaturen blir no logga automatisk med varsel, og døra er justert."),
        ("Merkingen er byttet til faste kort, og listen henger på kjøkkenet. Gjennomgått med alle på vakt.",
         "Merkinga er bytt til faste kort, og lista heng på kjøkkenet. Gjennomgått med alle på vakt."),
    ),
    (
        ("Rettet samme uke. Punktet er lagt inn i vernerunden og i kontrollplanen for bygget.",
         "Retta same veka. Punktet er lagt inn i vernerunden og i kontrollplanen for bygget."),
        ("Takk for meldingen. Leverandøren har vært her, og vi prøver alarmen hver måned framover.",
         "Takk for meldinga. Leverandøren har vore her, og vi prøver alarmen kvar månad framover."),
    ),
    (
        ("Takk. Ansvaret er delt på to, slik at fristene holdes også i ferier. Rutinen er oppdatert i håndboken.",
         "Takk. Ansvaret er delt på to, slik at fristane blir haldne også i feriar. Rutinen er oppdatert i handboka."),
        ("Godt innspill. Vi prøver dette i en måned og tar det opp på tavlemøtet.",
         "Godt innspel. Vi prøver dette i ein månad og tek det opp på tavlemøtet."),
    ),
)  # fmt: skip

CAUSES: tuple[tuple[str, str], ...] = (
    ("Endringer på dagen når ikke fram til den som skal på vakt. Overlappen er for kort til å gå gjennom listen.",
     "Endringar på dagen når ikkje fram til den som skal på vakt. Overlappen er for kort til å gå gjennom lista."),
    ("Arbeidet avbrytes ofte, og to pakninger ligner på hverandre. Kontrollen ble gjort av samme person.",
     "Arbeidet blir ofte avbrote, og to pakningar liknar på kvarandre. Kontrollen vart gjord av same person."),
    ("Bemanningen var lavere enn planen, og risikovurderingen tok ikke høyde for det.",
     "Bemanninga var lågare enn planen, og risikovurderinga tok ikkje høgd for det."),
    ("Ansvaret for tilsyn var ikke fordelt ved skiftet, og listen lå inne.",
     "Ansvaret for tilsyn var ikkje fordelt ved skiftet, og lista låg inne."),
    ("Systemet foreslår mottaker, og ingen kontroll er bygd inn før utsending.",
     "Systemet foreslår mottakar, og ingen kontroll er bygd inn før utsending."),
    ("Kontrollen sto på listen, men ingen hadde den som fast oppgave i helgene.",
     "Kontrollen stod på lista, men ingen hadde han som fast oppgåve i helgene."),
    ("Vedlikeholdet var utsatt, og varselet gikk til en telefon som ikke lenger er i bruk.",
     "Vedlikehaldet var utsett, og varselet gjekk til ein telefon som ikkje lenger er i bruk."),
    ("Rutinen er gammel og sier ikke hvem som tar over ved fravær.",
     "Rutinen er gammal og seier ikkje kven som tek over ved fråvær."),
)  # fmt: skip
CAUSE_KINDS: tuple[tuple[CauseKind, ...], ...] = (
    (CauseKind.ORGANISATION,),
    (CauseKind.SURROUNDINGS, CauseKind.TOOLS),
    (CauseKind.ORGANISATION,),
    (CauseKind.TASKS,),
    (CauseKind.TOOLS,),
    (CauseKind.TASKS,),
    (CauseKind.TOOLS,),
    (CauseKind.TASKS,),
)
"""Where each of them lies."""

DONE_AT_ONCE = (
    ("Ga beskjed til vaktansvarlig og ryddet opp.", "Gav beskjed til vaktansvarleg og rydda opp."),
    ("Ringte lege og fulgte rådet.", "Ringde lege og følgde rådet."),
    ("Satte opp varselskilt og sperret av.", "Sette opp varselskilt og sperra av."),
    ("Tok det opp med dem som var på vakt.", "Tok det opp med dei som var på vakt."),
)
SUGGESTIONS = (
    ("Heng listen der vi faktisk ser den.", "Heng lista der vi faktisk ser ho."),
    ("Sett av ti minutter til overlapp.", "Set av ti minutt til overlapp."),
    ("Fast kontroll på fredager.", "Fast kontroll på fredagar."),
)
QUESTIONS = (
    (("Var det vikar på jobb da dette skjedde?", "Var det vikar på jobb då dette skjedde?"),
     ("Ja, vi hadde én vikar, som var her for andre gang.", "Ja, vi hadde éin vikar, som var her for andre gong.")),
    (("Ble noen andre varslet samme dag?", "Vart nokon andre varsla same dag?"),
     ("Ja, den som hadde ansvaret den dagen, fikk vite det med en gang.", "Ja, den som hadde ansvaret den dagen, fekk vite det med ein gong.")),
    (("Har dette hendt før, så vidt du vet?", "Har dette hendt før, så vidt du veit?"),
     ("Ja, minst to ganger siden i sommer.", "Ja, minst to gonger sidan i sommar.")),
)  # fmt: skip
MESSAGES = (
    ("Takk for meldingen. Jeg ser på dette i løpet av uken.", "Takk for meldinga. Eg ser på dette i løpet av veka."),
    ("Jeg har tatt det opp med de andre lederne og kommer tilbake med svar.", "Eg har teke det opp med dei andre leiarane og kjem tilbake med svar."),
)  # fmt: skip
REOPENED = (
    "Det har skjedd igjen på samme måte, så tiltaket holder ikke.",
    "Det har hendt att på same måten, så tiltaket held ikkje.",
)
FORWARDED = ("Bygget og utstyret er deres ansvar.", "Bygget og utstyret er dykkar ansvar.")
ESCALATED = (
    "Dette krever penger eller folk vi ikke har i enheten.",
    "Dette krev pengar eller folk vi ikkje har i eininga.",
)
SAME = ("Samme hendelse som en kollega har meldt: ", "Same hending som ein kollega har meldt: ")

# By main category: what is to be done (bokmål, nynorsk), and how strong that is.
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("Gå gjennom tiltaksplanene sammen med primærkontaktene", "Gå gjennom tiltaksplanane saman med primærkontaktane", "medium"),
    ("Rydd medisinrommet slik at to klargjør uten avbrudd", "Rydd medisinrommet slik at to klargjer utan avbrot", "strong"),
    ("Oppdater risikovurderingen sammen med verneombudet", "Oppdater risikovurderinga saman med verneombodet", "medium"),
    ("Lag soner og telleliste for tilsyn ute", "Lag soner og teljeliste for tilsyn ute", "medium"),
    ("Slå av automatisk utfylling av mottaker", "Slå av automatisk utfylling av mottakar", "strong"),
    ("Monter temperaturlogger med varsel", "Monter temperaturloggar med varsel", "strong"),
    ("Bestill kontroll av anlegget og prøv alarmen hver måned", "Bestill kontroll av anlegget og prøv alarmen kvar månad", "medium"),
    ("Oppdater rutinen og ta den opp i personalmøtet", "Oppdater rutinen og ta han opp i personalmøtet", "weak"),
)  # fmt: skip
MEASURE_DONE = (
    ("Gjort. Prøvd ut i to uker, og det virker.", "Gjort. Prøvd ut i to veker, og det verkar."),
    ("Ferdig og gjennomgått med alle på vakt.", "Ferdig og gjennomgått med alle på vakt."),
)
LATER = ("Leverandøren kan først komme neste måned.", "Leverandøren kan først kome neste månad.")

ASKED_COLLEAGUE = (
    (
        "Du var på jobb dagen etter. Hang det en lapp om dette på vaktrommet?",
        "Du var på jobb dagen etter. Hang det ein lapp om dette på vaktrommet?",
    ),
    (
        "Nei, jeg så ingen lapp. Vi hørte om det først på rapporten om kvelden.",
        "Nei, eg såg ingen lapp. Vi høyrde om det først på rapporten om kvelden.",
    ),
)
ASKED_TO_DO = (
    "Kan du se over rutinen sammen med nattevakta, og si meg hva dere savner i den?",
    "Kan du sjå over rutinen saman med nattevakta, og seie meg kva de saknar i han?",
)

TOLD_TEAM = (
    (
        "Noe ble glemt da en av oss tok over for en annen. Det ble oppdaget neste morgen, og ingen kom til skade.",
        "Noko vart gløymt då ein av oss tok over for ein annan. Det vart oppdaga neste morgon, og ingen kom til skade.",
    ),
    (
        "Utstyret vi trengte, var ikke der det skulle være, og det tok tid å finne det.",
        "Utstyret vi trong, var ikkje der det skulle vere, og det tok tid å finne det.",
    ),
    (
        "Det samme har hendt flere ganger denne måneden, på ulike dager.",
        "Det same har hendt fleire gonger denne månaden, på ulike dagar.",
    ),
    (
        "To av oss trodde at den andre hadde tatt det. Ingen hadde sagt det høyt.",
        "To av oss trudde at den andre hadde teke det. Ingen hadde sagt det høgt.",
    ),
)
"""What teams are told of a case: what happened, without who."""

TEAM_SAID = (
    (
        (
            "Det var travelt, og rapporten ble gitt i døra. Den som tok over, spurte ikke.",
            "Det var travelt, og rapporten vart gjeven i døra. Den som tok over, spurde ikkje.",
        ),
        (
            "Når to ting skjer samtidig, faller den muntlige beskjeden ut.",
            "Når to ting skjer samstundes, fell den munnlege beskjeden ut.",
        ),
        (
            "Vi tar to minutter ved tavla hver morgen og leser opp det som gjenstår.",
            "Vi tek to minutt ved tavla kvar morgon og les opp det som står att.",
        ),
    ),
    (
        (
            "Det er flere steder det kan ligge, og den forrige hadde ryddet etter eget hode.",
            "Det er fleire stader det kan liggje, og den førre hadde rydda etter eige hovud.",
        ),
        ("Vi legger ting der vi selv ville lete.", "Vi legg ting der vi sjølve ville leite."),
        (
            "Én fast plass med bilde på hylla. Vi prøver i to uker og ser om vi slipper å lete.",
            "Éin fast plass med bilete på hylla. Vi prøver i to veker og ser om vi slepp å leite.",
        ),
    ),
)
"""What they answered: why it made sense then, what is typical, what they try."""
