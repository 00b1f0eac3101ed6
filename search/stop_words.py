"""Function words of the 24 official languages of the Union, which say nothing of what somebody looks for.

Short lists of our own: in longer ones there are words that a search may be about, as IT and WHO are in capitals.
In each language: articles, prepositions, conjunctions, pronouns, auxiliary and modal verbs, question words, negation,
adverbs.
"""

from __future__ import annotations

from collections.abc import Iterable

from search.analysis import fold

STOP_WORDS: dict[str, str] = {
    "bg": (
        "в във на с със за от до по при към из през под над без между "
        "и или но а че ако защото като да "
        "аз ти той тя то ние вие те се си ми му ѝ го я ги им ни ви този тази това тези който която което "
        "които "
        "съм е сме сте са беше бяха бъде бъдат ще мога може можем могат трябва има "
        "какво какъв каква какви как къде кой коя кое кои защо кога "
        "не няма "
        "също само много там тук още ли"
    ),
    "cs": (
        "v ve na s se z ze do od k ke o po pro při u bez za "
        "a i nebo ale že aby když protože jako "
        "já ty on ona my vy oni mi ho mu ji nás nám vás vám si ten ta to tento tato toto tyto "
        "být jsem je jsme jsou byl byla bylo byli bude budou by mít mám má mají mohu může mohou musí "
        "co jak jaký jaká jaké kde kdo který která které proč kdy "
        "ne není "
        "také jen velmi tam zde více"
    ),
    "da": (
        "en et den det de "
        "i på af til fra med om for ved hos under over mellem uden efter "
        "og eller men at som hvis fordi "
        "jeg du han hun vi mig dig os jer dem sig min mit mine din dit dine vores deres denne dette disse "
        "man der "
        "er være var været bliver blive har have havde kan kunne skal skulle vil ville må gør gøre "
        "hvad hvordan hvor hvem hvilken hvilket hvilke hvorfor hvornår når "
        "ikke "
        "også kun meget her mere"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines "
        "in im an am auf aus bei mit nach von vom zu zum zur für über um durch "
        "und oder aber dass wenn weil als "
        "ich du er sie es wir ihr mich mir ihn ihm uns sich diese dieser dieses man "
        "sein bin ist sind war waren wird werden haben habe hat kann können muss müssen darf soll will "
        "was wie wo wer welche welcher welches warum wann "
        "nicht kein keine "
        "auch nur sehr dort hier mehr"
    ),
    "el": (
        "ο η το οι τα του της των τον την τους τις ένας μια μία ένα έναν ενός μιας "
        "σε στο στη στην στον στα στους στις από για με ως προς χωρίς "
        "και κι ή αλλά ότι πως αν όταν που να "
        "εγώ εσύ εμείς εσείς αυτός αυτή αυτό αυτοί αυτές αυτά μου σου μας σας "
        "είμαι είναι είμαστε ήταν έχω έχει έχουμε έχουν θα μπορώ μπορεί μπορούμε μπορούν πρέπει "
        "τι πώς πού ποιος ποια ποιο ποιοι ποιες γιατί πότε "
        "δεν μη μην "
        "επίσης μόνο πολύ εκεί εδώ πιο"
    ),
    "en": (
        "it "
        "a an the "
        "of in on at to for from with by about into as "
        "and or but if that because "
        "i you he she we they me him her them my your his its our their this these those "
        "be am is are was were been have has had do does did can could will would shall should must "
        "what how where who which why when "
        "not no "
        "also only very there here more"
    ),
    "es": (
        "el la los las lo un una unos unas al del "
        "de en a con por para sin sobre entre desde hasta "
        "y e o u pero que si porque como "
        "yo tú él ella ellos ellas usted me te se nos le les mi mis su sus este esta esto estos estas "
        "ser soy es son era fue está están ha han he hay tengo tiene tienen puedo puede pueden debo debe "
        "deben "
        "qué cómo dónde quién cuál cuáles cuándo "
        "no "
        "también solo sólo muy ahí aquí más"
    ),
    "et": (
        "eest jaoks peale pärast ilma kuni alates enne koos läbi juures "
        "ja ning või aga kuid et kui sest nagu "
        "mina ma sina sa tema ta meie me teie te nemad nad mulle mul sul tal meil neid neil see selle seda "
        "need "
        "nende oma "
        "olla olen oled on oleme olete oli olid saab saan saame võib võin võivad peab pean peavad tuleb "
        "mis mida mille kuidas kus kust kuhu kes kelle milline millised miks millal "
        "ei pole "
        "ka ainult väga seal siin rohkem"
    ),
    "fi": (
        "kanssa ilman varten ennen jälkeen asti "
        "ja tai mutta että jos koska kun kuin sekä eli "
        "minä sinä hän me te he minun minulle sinun hänen meidän teidän heidän se sen sitä ne niiden tämä "
        "tämän "
        "tätä nämä joka jotka jonka "
        "olla olen olet on olemme ovat oli olivat onko voi voin voimme voivat voiko pitää täytyy tulee saa "
        "saan "
        "mikä mitä mitkä missä mistä mihin miten kuinka kuka ketkä miksi milloin "
        "ei en et emme eivät "
        "myös vain erittäin siellä täällä enemmän"
    ),
    "fr": (
        "le la les un une des du de au aux "
        "à dans en sur sous par pour avec sans entre vers "
        "et ou mais que si donc "
        "je tu il elle on nous vous ils elles me te se lui leur leurs mon ma mes son sa ses notre votre "
        "ce cet cette ces "
        "être suis est sont était avoir ai a ont faire peux peut peuvent dois doit doivent faut "
        "quoi comment où qui quel quelle quels quelles pourquoi quand "
        "ne pas "
        "aussi seulement très là ici plus y"
    ),
    "ga": (
        "an na "
        "ar ag as i in sa san sna le leis ó ón do don de den faoi chun chuig gan roimh idir go "
        "agus nó ach má mar "
        "mé tú sé sí muid sinn sibh siad é í iad mo a ár bhur agam agat aige aici againn acu dom duit dúinn "
        "seo sin "
        "is tá atá bhfuil bíonn bhí raibh beidh bheidh bheith féidir caithfidh "
        "cad céard conas cá cén cé fáth cathain "
        "ní níl nach níor "
        "freisin amháin ansin anseo níos"
    ),
    "hr": (
        "u na s sa za od do iz o po pri kod k bez između "
        "i ili ali a da ako jer kao te "
        "ja ti on ona ono mi vi oni me se mu ga ih im nas nam vas vam ovaj ova ovo ove taj ta to "
        "biti sam si je smo ste su bio bila bilo će ima imam imaju mogu može možemo moram mora moraju treba "
        "što kako gdje tko koji koja koje zašto kada "
        "ne nije nisu "
        "također samo vrlo tamo tu ovdje više li"
    ),
    "hu": (
        "a az egy "
        "alatt által után előtt között nélkül mellett szerint felé "
        "és vagy de hogy ha mert mint "
        "én te ő mi ti ők engem őt minket őket nekem neked neki nekünk nekik ez ezt ezek azt azok ami aki "
        "amely "
        "lenni vagyok van vannak volt voltak lesz lenne legyen kell kellene lehet tudok tud tudnak fogok "
        "mit milyen hogyan hol hová honnan ki kik kinek melyik melyek miért mikor "
        "nem ne nincs nincsenek "
        "is csak nagyon ott itt még már több"
    ),
    "it": (
        "il lo la i gli le un uno una "
        "di del dello della dei degli delle a al alla ai agli alle da dal dalla in nel nella nei nelle con "
        "su sul "
        "sulla per tra fra senza "
        "e ed o ma che se "
        "io tu lui lei noi voi loro mi ti si ci vi ne questo questa questi queste "
        "essere è sono era ho ha hanno fare posso può possono devo deve devono "
        "cosa come dove chi quale quali perché quando "
        "non "
        "anche solo molto lì qui più"
    ),
    "lt": (
        "į iš su be prie per po už ant nuo iki pagal apie dėl tarp "
        "ir ar arba bet kad jei nes o "
        "aš tu jis ji mes jūs jie jos man mane tau jam jai jį ją mums jums jiems jo jų savo šis ši šie šios "
        "tas ta "
        "tai "
        "būti esu yra buvo bus būtų turi turiu galiu gali galima galime reikia "
        "kas ką koks kokia kokie kokios kaip kur kuris kuri kurie kurios kodėl kada "
        "ne nėra "
        "taip pat tik labai ten čia daugiau"
    ),
    "lv": (
        "uz no ar pie par pēc pirms līdz bez starp pa "
        "un vai bet ka ja jo lai "
        "es tu viņš viņa mēs jūs viņi viņas man mani tev viņam viņai mums mūs jums savu šis šī šo šie tas "
        "tā to tie "
        "būt esmu ir esam esat bija būs būtu varu var varam varētu drīkst "
        "kas ko kāds kāda kādi kādas kā kur kurš kura kuri kuras kāpēc kad "
        "ne nav "
        "arī tikai ļoti tur šeit te vairāk"
    ),
    "mt": (
        "il iċ id in ir is it ix iz iż "
        "ta tal taċ tad tan tar tas tat tax taż fi fil bi bil minn mill għal għall lil bħal dwar bejn "
        "u jew imma iżda li jekk għax "
        "jien int hu huwa hi hija aħna intom huma dan din dawn dak dik dawk "
        "kien kienet kienu ikun tkun ikunu jkun jkunu għandi għandek għandu għandha għandhom se nista tista "
        "jista "
        "jistgħu "
        "xi kif fejn min liema għaliex għala meta "
        "ma mhux mhix mhumiex "
        "ukoll biss ħafna hemm hawn aktar"
    ),
    "nl": (
        "de het een "
        "in op aan van voor met naar uit bij tot om over door zonder tussen "
        "en of maar dat als omdat "
        "ik jij je u hij zij ze wij we jullie mij me hem haar hen hun ons onze mijn uw zich dit deze die er "
        "zijn ben bent is was waren wordt worden hebben heb heeft doen kan kunnen moet moeten mag zal "
        "zullen zou "
        "wat hoe waar wie welke welk waarom wanneer "
        "niet geen "
        "ook alleen zeer daar hier meer"
    ),
    "pl": (
        "w we na z ze do od o po przy dla u bez za przez "
        "i oraz lub ale a że żeby jeśli "
        "ja ty on ona my wy oni one mnie mi go jego jej mu im ich nas nam się ten ta to te tego tej tych "
        "być jestem jest są był była było były będzie będą mam ma mają mogę może mogą można muszę musi "
        "trzeba "
        "co jak jaki jaka jakie gdzie kto który która które dlaczego kiedy czy "
        "nie "
        "też także tylko bardzo tam tu więcej"
    ),
    "pt": (
        "o a os as um uma uns umas ao à aos às do da dos das no na nos nas "
        "de em com por para pelo pela sem sobre entre até "
        "e ou mas que se "
        "eu tu você ele ela nós eles elas me te lhe meu minha seu sua este esta isto esse essa "
        "ser sou é são era foi está estão ter tenho tem têm há posso pode podem deve devem "
        "quê como onde quem qual quais porque quando "
        "não "
        "também só muito ali aqui mais"
    ),
    "ro": (
        "un o unui unei niște al a ai ale cel cea cei cele "
        "de la în din pe cu pentru prin fără între despre până "
        "și sau dar că dacă să ca "
        "eu tu el ea noi voi ei ele mă te îl îi le se ne vă lui lor acest această acești aceste "
        "fi sunt ești este e suntem era erau fost am are avem au va vor pot poate putem trebuie "
        "ce cum unde cine care când "
        "nu "
        "doar numai foarte acolo aici mai"
    ),
    "sk": (
        "v vo na s so z zo do od k ku o po pre pri u bez za "
        "a i aj alebo ale že aby ak keď pretože "
        "ja ty on ona my vy oni ho im nás nám vás vám sa si ten tá to tie tento táto toto tieto "
        "byť som je sme ste sú bol bola bolo boli bude budú by mám má majú môžem môže môžu musí "
        "čo ako aký aká aké kde kto ktorý ktorá ktoré prečo kedy "
        "nie "
        "tiež len veľmi tam tu viac"
    ),
    "sl": (
        "v na s z za od do iz o po pri k med brez "
        "in ali a pa ampak da če ker kot "
        "jaz ti on ona mi vi oni me se si ga jo mu ji jim nas nam vas vam ta to te tega ki "
        "biti sem je smo ste so bil bila bilo bo bodo bi imam ima imajo lahko moram mora morajo treba "
        "kaj kako kje kdo kateri katera katero katere kakšen kakšna kakšne zakaj kdaj "
        "ne ni niso "
        "tudi samo zelo tam tu tukaj več"
    ),
    "sv": (
        "en ett den det de "
        "i på av till från med om för vid hos under över mellan utan efter "
        "och eller men att som eftersom "
        "jag du han hon vi ni mig dig oss er dem sig min mitt mina din ditt dina sin vår deras denna detta "
        "dessa "
        "man "
        "vara är var varit blir ha har hade kan kunna kunde ska skulle vill måste får gör göra "
        "vad hur vem vilken vilket vilka varför när "
        "inte "
        "också bara mycket där här mer"
    ),
}


_FOLDED = {lang: frozenset(fold(word) for word in words.split()) for lang, words in STOP_WORDS.items()}


def is_stop_word(word: str, lang: str) -> bool:
    """Whether a word of a query in this language says nothing, with its accents or without."""
    return fold(word) in _FOLDED.get(lang, frozenset())


def function_words(words: Iterable[str]) -> dict[str, int]:
    """How many of these words, each counted once, are such words in each language."""
    folded = {fold(word) for word in words}
    return {lang: len(folded & known) for lang, known in _FOLDED.items()}
