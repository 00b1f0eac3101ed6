"""What people call the fields of a practice at the head of a column, in the languages of the interface.

A row has the languages in the order of `LANGUAGES`: English, French, Italian, Spanish, Slovak, Slovene, Estonian, German;
between bars the names in one language, of which a template shows the first. Fields that hold ids of a vocabulary are
known by its title too, sections of the text by their headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search.vocabulary import LANGUAGES, Vocabulary

TEXT = "text"  # `text.problem` is the section under that heading
HEADINGS = "headings"

_ROWS: Mapping[str, str] = {
    "id": "id|identifier|short name;identifiant;identificativo;identificador;identifikátor;identifikator;tunnus;Kennung",
    "title": "title|name|practice|name of the practice|good practice;titre|nom|intitulé|nom de la pratique|bonne pratique;"
    "titolo|nome|denominazione|buona pratica;título|nombre|buena práctica;názov|názov praxe|dobrá prax;"
    "naslov|naziv|ime|dobra praksa;pealkiri|nimetus|nimi|hea tava;Titel|Name|Bezeichnung|Praxisbeispiel|Maßnahme|"
    "Titel der Maßnahme",
    "summary": "summary|short description|abstract|description in brief;résumé|description courte|brève description;"
    "riassunto|sintesi|breve descrizione;resumen|descripción breve;zhrnutie|stručný opis;povzetek|kratek opis;"
    "kokkuvõte|lühikirjeldus;Zusammenfassung|Kurzbeschreibung|Kurzfassung",
    "language": "language|language of the text;langue|langue du texte;lingua;idioma;jazyk;jezik;keel;Sprache|Textsprache",
    "regions": "regions|region|NUTS|NUTS code|area;régions|région|territoire|code NUTS;regioni|regione|territorio;"
    "regiones|región|territorio;regióny|región|kraj;regije|regija;piirkonnad|piirkond|maakond;"
    "Regionen|Region|Bundesland|NUTS-Code|Gebiet",
    "place": "place|town|city|municipality;lieu|ville|commune;luogo|città|comune;lugar|ciudad|municipio;miesto|mesto|obec;"
    "kraj|občina;koht|linn|vald;Ort|Stadt|Gemeinde",
    "barriers": "barriers|barrier|obstacles|barriers addressed;obstacles|obstacle|freins;ostacoli|barriere|ostacolo;"
    "barreras|barrera|obstáculos;prekážky|bariéry|prekážka;ovire|ovira;takistused|takistus;"
    "Hemmnisse|Hindernisse|Hemmnis|Barrieren",
    "factors": "factors|PESTEL|kind of factor;facteurs|facteurs PESTEL;fattori;factores;faktory;dejavniki;tegurid;"
    "Faktoren|Einflussfaktoren|Umfeldfaktoren",
    "instruments": "instruments|instrument|measures|type of measure;instruments|instrument;strumenti|strumento;"
    "instrumentos|instrumento;nástroje|nástroj;instrumenti|instrument;meetmed|meede;Instrumente|Instrument|Art der Maßnahme",
    "topics": "topics|topic|themes|subject;thèmes|thème;temi|tema;temas|tema;témy|téma;teme|tema;teemad|teema;"
    "Themen|Thema|Themenfeld",
    "target_groups": "target groups|target group|audience;publics cibles|public cible|bénéficiaires;destinatari|destinatario;"
    "destinatarios|grupo destinatario|beneficiarios;cieľové skupiny|cieľová skupina;ciljne skupine|ciljna skupina;"
    "sihtrühmad|sihtrühm;Zielgruppen|Zielgruppe",
    "status": "status|state;statut|état;stato;estado;stav;stanje|status;staatus|olek;Status|Stand",
    "started": "started|start|start date|begin|since|from|year of start;début|date de début|depuis;inizio|data di inizio|avvio|dal;"
    "inicio|fecha de inicio|desde;začiatok|dátum začiatku|od;začetek|datum začetka|od;algus|alguskuupäev|alates;"
    "Beginn|Start|Startdatum|seit|von",
    "ended": "ended|end|end date|until|to;fin|date de fin|jusqu'à;fine|data di fine|al;fin|fecha de fin|hasta;koniec|dátum ukončenia|do;"
    "konec|datum konca|do;lõpp|lõppkuupäev|kuni;Ende|Enddatum|bis",
    "organisation.name": "organisation|organization|run by|responsible body|lead organisation|organisation name|owner;"
    "organisme|organisation|porteur|structure porteuse|nom de l'organisation;organizzazione|ente|ente responsabile|soggetto gestore;"
    "organización|entidad|entidad responsable|organismo;organizácia|realizátor|nositeľ;organizacija|nosilec|izvajalec;"
    "organisatsioon|asutus|korraldaja;Organisation|Träger|Einrichtung|Name der Organisation|Durchführende Stelle",
    "organisation.url": "organisation website|website|web page of the organisation|homepage;"
    "site de l'organisme|site web|site internet;sito dell'organizzazione|sito web|sito;web de la organización|sitio web|página web;"
    "web organizácie|webová stránka;spletna stran organizacije|spletna stran;organisatsiooni veebileht|veebileht|koduleht;"
    "Website der Organisation|Website|Webseite|Internetseite",
    "organisation.type": "type of organisation|kind of organisation;type d'organisme|type d'organisation;tipo di organizzazione;"
    "tipo de organización;typ organizácie;vrsta organizacije;organisatsiooni liik;Art der Organisation|Organisationstyp|Trägerart",
    "partners": "partners|partner organisations;partenaires;partner|partner di progetto;socios|entidades colaboradoras;partneri;"
    "partnerji;partnerid;Partner|Kooperationspartner|Projektpartner",
    "origin.programme": "programme|funding programme;programme|dispositif;programma;programa;program;program|programi ime;programm;"
    "Programm|Förderprogramm",
    "origin.project": "project;projet;progetto;proyecto;projekt;projekt|projekt izvora;projekt;Projekt",
    "cost.amount": "cost|amount|budget|total cost|costs;coût|montant|budget|coût total;costo|importo|bilancio|costo totale;"
    "coste|importe|presupuesto|coste total;náklady|suma|rozpočet;strošek|znesek|proračun|stroški;maksumus|summa|eelarve|kulu;"
    "Kosten|Betrag|Budget|Gesamtkosten",
    "cost.currency": "currency;devise|monnaie;valuta;moneda|divisa;mena;valuta;valuuta;Währung",
    "cost.period": "cost period|period of the cost;période du coût;periodo del costo;período del coste;obdobie nákladov;"
    "obdobje stroškov;kulude periood;Kostenzeitraum|Zeitraum der Kosten",
    "cost.note": "note on the cost|what the cost includes;note sur le coût;nota sul costo;nota sobre el coste;"
    "poznámka k nákladom;opomba o stroških;märkus kulu kohta;Anmerkung zu den Kosten|Kostenhinweis",
    "funding.source": "funding|funded by|source of money|who pays;financement|financé par|financeur;finanziamento|finanziato da;"
    "financiación|financiado por;financovanie|financované z;financiranje|financira;rahastus|rahastaja;"
    "Finanzierung|gefördert durch|Geldgeber|Finanzierung durch",
    "funding.share": "share of funding|funding share|share;part du financement|taux;quota del finanziamento|quota;"
    "porcentaje de financiación|porcentaje;podiel financovania|podiel;delež financiranja|delež;rahastuse osakaal|osakaal;"
    "Finanzierungsanteil|Anteil|Förderquote",
    "effort.fte": "staff|full-time equivalents|FTE;effectif|équivalents temps plein|ETP;personale|equivalenti a tempo pieno;"
    "personal|equivalentes a tiempo completo;personál|plné pracovné úväzky;osebje|ekvivalent polnega delovnega časa;"
    "töötajad|täistööajale taandatud töötajad;Personal|Vollzeitäquivalente|VZÄ",
    "effort.note": "note on the staff|who works on it;note sur l'effectif;nota sul personale;nota sobre el personal;"
    "poznámka k personálu;opomba o osebju;märkus töötajate kohta;Anmerkung zum Personal",
    "results.indicator": "indicator|what was counted;indicateur;indicatore;indicador;ukazovateľ;kazalnik;näitaja;"
    "Indikator|Kennzahl|Was gezählt wurde",
    "results.value": "value|figure|result value;valeur|chiffre;valore|cifra;valor|cifra;hodnota|číslo;vrednost|številka;"
    "väärtus|arv;Wert|Zahl|Ergebniswert",
    "results.unit": "unit;unité;unità;unidad;jednotka;enota;ühik;Einheit",
    "results.period": "result period|period;période du résultat|période;periodo del risultato|periodo;período del resultado|período;"
    "obdobie výsledku|obdobie;obdobje rezultata|obdobje;tulemuse periood|periood;Zeitraum des Ergebnisses|Zeitraum",
    "results.source": "source of the figure|number of the source;source du chiffre|numéro de la source;fonte della cifra|numero della fonte;"
    "fuente de la cifra|número de la fuente;zdroj čísla|číslo zdroja;vir številke|številka vira;arvu allikas|allika number;"
    "Quelle der Zahl|Nummer der Quelle",
    "evaluation.by": "evaluated by|evaluator|evaluation;évalué par|évaluateur|évaluation;valutato da|valutatore|valutazione;"
    "evaluado por|evaluador|evaluación;hodnotil|hodnotenie;vrednotil|vrednotenje;hindaja|hindamine;"
    "Evaluiert von|Evaluation|Bewertung durch",
    "evaluation.independent": "independent evaluation|independent;évaluation indépendante|indépendant;valutazione indipendente|indipendente;"
    "evaluación independiente|independiente;nezávislé hodnotenie|nezávislé;neodvisno vrednotenje|neodvisno;"
    "sõltumatu hindamine|sõltumatu;Unabhängige Evaluation|unabhängig",
    "evaluation.url": "evaluation report|address of the evaluation;rapport d'évaluation;rapporto di valutazione;informe de evaluación;"
    "hodnotiaca správa;poročilo o vrednotenju;hindamisaruanne;Evaluationsbericht",
    "evaluation.year": "year of evaluation;année de l'évaluation;anno della valutazione;año de la evaluación;rok hodnotenia;"
    "leto vrednotenja;hindamise aasta;Jahr der Evaluation",
    "transfer.needs": "what another region needs|needs|preconditions;ce qu'il faut|prérequis|conditions préalables;cosa serve|prerequisiti;"
    "qué hace falta|requisitos previos;čo je potrebné|predpoklady;kaj je potrebno|predpogoji;mida on vaja|eeldused;"
    "Was man braucht|Voraussetzungen|Voraussetzungen für die Übertragung",
    "transfer.adaptable": "what may be changed|adaptable;ce qui peut changer|adaptable;cosa si può cambiare|adattabile;"
    "qué se puede cambiar|adaptable;čo sa dá zmeniť;kaj se lahko spremeni;mida võib muuta;Was sich anpassen lässt|anpassbar",
    "transfer.not_suitable_if": "when it should not be tried|not suitable if;quand l'éviter|non adapté si;quando evitarlo|non adatto se;"
    "cuándo no conviene|no adecuado si;kedy to neskúšať|nevhodné ak;kdaj ni primerno|neprimerno če;millal ei sobi|ei sobi kui;"
    "Wann man es lassen sollte|nicht geeignet wenn",
    "related": "related practices|related;pratiques liées;pratiche correlate;prácticas relacionadas;súvisiace praxe;"
    "povezane prakse;seotud tavad;Verwandte Praktiken|verwandt",
    "keywords": "keywords|tags;mots-clés|mots clés;parole chiave;palabras clave;kľúčové slová;ključne besede;märksõnad;"
    "Schlagwörter|Stichwörter|Schlagworte",
    "contact": "contact|contact address|e-mail|mailbox;contact|adresse de contact|courriel;contatto|contatti;contacto|correo electrónico;"
    "kontakt|e-mail;kontakt|stik;kontakt|e-post;Kontakt|Kontaktadresse|E-Mail",
    "confirmed": "confirmed|last confirmed|up to date on;confirmé|confirmé le|dernière confirmation;confermato|ultima conferma;"
    "confirmado|última confirmación;potvrdené|naposledy potvrdené;potrjeno|zadnja potrditev;kinnitatud|viimati kinnitatud;"
    "Bestätigt|zuletzt bestätigt|Stand vom",
    "license": "licence|license;licence;licenza;licencia;licencia|licencia textu;licenca;litsents;Lizenz",
    "sources.title": "source title|title of the source|source;titre de la source|source;titolo della fonte|fonte;título de la fuente|fuente;"
    "názov zdroja|zdroj;naslov vira|vir;allika pealkiri|allikas;Titel der Quelle|Quelle",
    "sources.url": "source address|source URL|link|URL|address of the source;adresse de la source|lien|URL source;"
    "indirizzo della fonte|link|collegamento;dirección de la fuente|enlace;adresa zdroja|odkaz;naslov spletne strani vira|povezava;"
    "allika aadress|link;Adresse der Quelle|Link|Internetadresse",
    "sources.publisher": "source publisher|publisher|published by;éditeur de la source|éditeur|publié par;editore della fonte|editore;"
    "editor de la fuente|editorial|publicado por;vydavateľ zdroja|vydavateľ;založnik vira|založnik;allika avaldaja|avaldaja;"
    "Herausgeber der Quelle|Herausgeber",
    "sources.language": "source language;langue de la source;lingua della fonte;idioma de la fuente;jazyk zdroja;jezik vira;"
    "allika keel;Sprache der Quelle",
    f"{TEXT}.problem": "problem|what was the problem;problème;problema;problema;problém;problem;probleem;Problem|Ausgangslage",
    f"{TEXT}.what-was-done": "what was done|description|activities|how it works;ce qui a été fait|description|actions;"
    "cosa è stato fatto|descrizione|attività;qué se hizo|descripción|actividades;čo sa urobilo|opis|popis|aktivity;"
    "kaj je bilo narejeno|opis|dejavnosti;mida tehti|kirjeldus|tegevused;Was getan wurde|Beschreibung|Umsetzung|Vorgehen|Aktivitäten",
    f"{TEXT}.results": "results|what came of it|outcomes;résultats;risultati;resultados;výsledky;rezultati;tulemused;"
    "Ergebnisse|Wirkung|Was daraus wurde",
    f"{TEXT}.what-was-hard": "what was hard|difficulties|lessons learnt;ce qui a été difficile|difficultés;cosa è stato difficile|difficoltà;"
    "qué fue difícil|dificultades;čo bolo ťažké|ťažkosti;kaj je bilo težko|težave;mis oli raske|raskused;"
    "Was schwierig war|Schwierigkeiten|Stolpersteine",
    f"{TEXT}.how-to-reuse": "how to reuse it|transferability;comment le reprendre|transférabilité;come riutilizzarlo|trasferibilità;"
    "cómo reutilizarlo|transferibilidad;ako to prevziať|prenositeľnosť;kako prevzeti|prenosljivost;kuidas üle võtta|ülekantavus;"
    "Wie man es übernimmt|Übertragbarkeit",
}  # fmt: skip

# What was done, or in brief what it is where another column says what was done.
DESCRIPTIONS = ("description", "descrizione", "descripción", "opis", "popis", "kirjeldus", "Beschreibung")
SCHEMES: Mapping[str, str] = {  # fields that hold ids, by the vocabulary of the ids
    "barriers": "barriers",
    "factors": "pestel",
    "instruments": "instruments",
    "topics": "topics",
    "target_groups": "target-groups",
    "status": "statuses",
    "organisation.type": "organisation-types",
}
TARGETS = tuple(_ROWS)  # in the order of a template
REPEATED = frozenset({"sources", "results", "funding"})  # lists of groups, whose columns may be numbered


def label(target: str, language: str) -> str:
    """What a template calls a field in this language; in English where it has no name in it."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return _ROWS[target].split(";")[place].split("|")[0]


def names(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Every name of every field, as (name, field), in any language; the names of the model too."""
    for target, row in _ROWS.items():
        yield target, target
        yield target.replace(".", " ").replace("_", " ").replace("-", " "), target
        yield from ((name, target) for part in row.split(";") for name in part.split("|"))
    for target, scheme in SCHEMES.items():
        if scheme in vocabulary.schemes:
            yield from ((title, target) for title in vocabulary.schemes[scheme].title.values())
    if HEADINGS in vocabulary.schemes:
        for concept in vocabulary.schemes[HEADINGS].concepts:
            titles = [*concept.pref_label.values(), *(one for many in concept.alt_labels.values() for one in many)]
            yield from ((title, f"{TEXT}.{concept.id}") for title in titles if f"{TEXT}.{concept.id}" in _ROWS)
