"""Made words of six languages: syllables and endings of real shape, so that stemmers have something to do."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

ZIPF_S = 1.07  # exponent of the frequencies
ZIPF_SHIFT = 2.7  # Mandelbrot's shift: the first words of real texts are rarer than pure Zipf has it
LENGTHS = 8  # letters by which a word may be longer than another and yet be the more frequent one
SEED = "practice-atlas-1"


@dataclass(frozen=True, slots=True)
class Profile:
    """How the words of a language look. `paradigms` are the endings of one lemma, the plain form first."""

    code: str
    share: float  # of the documents
    size: int  # words
    stops: str  # the most frequent words, real ones
    onsets: str
    nuclei: str
    codas: str
    paradigms: tuple[str, ...]


PROFILES = (
    Profile(
        "en", 0.55, 33_000,
        "the of and to in a for is that with by on as are at from it be this which was an or not has their have they "
        "were more",
        "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sc sh sp st t th tr v w", "a e i o u ea ou ai oo",
        "- - - n r l t st m ck nd ll ss x", ("- s", "- s ed ing er", "ation ations", "ment ments", "al ally", "ive",
        "able ability", "ness", "ful fully", "- ing"),
    ),
    Profile(
        "fr", 0.12, 6_000,
        "de la le les des et en du un une dans pour par sur au que qui avec est sont aux ce cette ses plus ont leur",
        "b bl c ch d f g gr j l m n p pl pr r s t tr v", "a e i o u é è ou ai au oi ê", "- - - - n r l s t",
        ("e es", "er e ent é ée és ées ant", "tion tions", "eur eurs euse euses", "if ive ifs ives", "ement ements",
        "ique iques", "té tés"),
    ),
    Profile(
        "it", 0.09, 5_500,
        "di e la il in che per un le dei una con da del della i nel sono al si alla è gli più anche come ha dalla",
        "b c ch d f g gl l m n p pr qu r s sc st t tr v z", "a e i o u ia ie io", "- - - - n r l",
        ("o i", "a e", "are ato ata ati ando ano", "zione zioni", "ità", "mento menti", "ale ali", "oso osa osi"),
    ),
    Profile(
        "es", 0.09, 5_500,
        "de la que el en y los del las un por con una para es al se lo su más como sus entre han este está son",
        "b c ch d f g gr j l m n p pl pr r s t tr v z", "a e i o u ie ue á í", "- - - - n r l s",
        ("o os", "a as", "ar ado ada ados ando an", "ción ciones", "idad idades", "miento mientos", "al ales",
         "oso osa"),
    ),
    Profile(
        "de", 0.09, 5_500,
        "der die und in den von zu das mit des für auf ist im ein eine dem nicht sich auch als werden wird aus bei "
        "sind",
        "b br d f g gr h k kl l m n p pf r s sch sp st t tr w z", "a e i o u ä ö ü ei au ie", "- - n r l t ch ft nd ck",
        ("- e en", "ung ungen", "en t te end", "lich liche lichen licher", "keit keiten", "er ern", "schaft schaften"),
    ),
    Profile(
        "sk", 0.06, 4_500,
        "a v na sa je s z do pre ktoré ako aj po o za pri od alebo sú ich podľa tak má k so tieto viac by bola",
        "b c č d f h ch k l m n p pr r s š st t tr v vz z ž", "a e i o u á í ú é ô", "- - - - n r l k v m",
        ("a y e u ou", "ný ná né ného ných", "osť osti osťou", "ovať uje oval ovali", "enie enia ení", "ík íka íkov"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language, most frequent first, with the sums of their weights."""

    code: str
    words: list[str]
    sums: list[float]
    stops: int  # how many words at the beginning are function words

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """So many words, each as often as its rank says."""
        return rng.choices(self.words, cum_weights=self.sums, k=count)


def lexicon(profile: Profile) -> Lexicon:
    """The lexicon of a language; always the same."""
    rng = random.Random(f"{SEED}:words:{profile.code}")
    stops = profile.stops.split()
    forms: dict[str, None] = {}
    while len(forms) < profile.size - len(stops):
        root = _root(profile, rng)
        endings = rng.choice(profile.paradigms).split()
        forms |= dict.fromkeys(word for end in endings if len(word := root + end.strip("-")) > 3)
    content = [word for word in list(forms)[: profile.size - len(stops)] if word not in stops]
    content.sort(key=lambda word: len(word) + rng.random() * LENGTHS)
    words = stops + content
    sums = list(itertools.accumulate((rank + ZIPF_SHIFT) ** -ZIPF_S for rank in range(1, len(words) + 1)))
    return Lexicon(profile.code, words, sums, len(stops))


def _root(profile: Profile, rng: random.Random) -> str:
    syllables = rng.choices((1, 2, 3), weights=(3, 5, 2))[0]
    onsets, nuclei, codas = profile.onsets.split(), profile.nuclei.split(), profile.codas.split()
    parts = [rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas).strip("-") for _ in range(syllables)]
    return "".join(parts)
