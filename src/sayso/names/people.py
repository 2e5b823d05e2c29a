"""Names of people: given names, patronymics and surnames in any order; titles, initials, particles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sayso.names.scripts import fold, is_abjad, skeletons, vowels_unwritten
from sayso.names.tokens import likeness
from sayso.names.words import name_even, noms_de_guerre

_TITLES = frozenset(
    """president vice prime minister premier chancellor king queen prince princess general gen colonel col lieutenant lt major maj
    captain capt sergeant sgt corporal admiral adm marshal commander commandant comandante chief director spokesman spokeswoman
    spokesperson adviser advisor ambassador envoy judge justice attorney prosecutor professor prof doctor dr mr mrs ms miss sir lord lady
    archbishop bishop cardinal pope father reverend rev monsignor rabbi imam sheikh shaykh sheik cheikh ayatollah grand hojatoleslam mullah maulana mawlana
    speaker lawmaker senator sen deputy governor gov mayor secretary representative rep foreign defense defence interior former acting leader
    warlord ex head of the army armed forces brigadier field hon comrade emir amir sayyed sayyid seyyed hajj haji mufti patriarch metropolitan
    prezident generał pan monsieur mme m herr frau senor don praesident presidente presidentin
    президент генерал полковник губернатор министр глава лидер премьер міністр голова командир прем єр
    general-polkovnik leitenant polkovnik gubernator ministr glava prezydent premier-ministre ministre ministro gouverneur gobernador
    senior brig chairperson baroness baron count countess duke duchess sultan tsar czar kaiser laureate nobel daw un nato eu secretary-general field rear staff first supreme chairman chairwoman boss rebel militia spiritual opposition wagner""".split()
)
_FOLDED_TITLES = frozenset(fold(t) for t in _TITLES) | {
    fold(t) for t in ("الرئيس", "ملا", "آیت الله", "الشيخ", "شيخ", "мулла", "шейх", "аятолла", "אלוף", "הרב", "батько")
}
_MOST_WORDS = 12
_PARTICLES = frozenset(
    "al el ul as ash ad ed ar an at az bin ibn ben fon van von vom zu zum af av bint ould abd de da do dos del della di von van der den la le ter".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv junior senior".split())
_PATRONYMIC = re.compile(
    r"(?:ovich|evich|ovych|evych|yovych|yevich|ievich|owitsch|ewitsch|evitch|ovitch|ovic|evic|ovna|evna|ivna|yivna|owna|ewna|ilyich|ilich|kuzmich|fomich|lukich)$"
)
_NICKNAMES = (
    "vladimir volodymyr uladzimir volodimir wladimir wolodymyr vlodzimierz", "alexander oleksandr aleksandr alexandr aliaksandr alyaksandr sasha alejandro alexandre aleksander iskander", "sergei serhiy serhii siarhei sergey sergej sergiy serge siarhiej",
    "nikolai mykola mikalai nikolay nikolaj nicolas mikola", "dmitry dmytro dmitri dzmitry dmitriy dmitrij dimitri dmitro dima", "andrei andriy andriі andrew andrey andrij andrii andre andrzej", "michael mikhail mykhailo mikhailo michail mihail mykhaylo michel misha mikhal mihajlo",
    "pavel pavlo paul pawel pol", "yuri yuriy yurii iurii jurij youri jurii yury jury iouri",
    "evgeny yevgeny yevhen yevgeniy evgeniy evgueni jewgeni evgenij ievgen jewhen yevhenii ievhen eugene",
    "konstantin kostiantyn kostyantyn kastus constantin", "kirill kyrylo kiril",
    "vasily vasyl basil vasiliy vasil wassyl",
    "ivan dzhon john yvan iwan jan", "peter petro pyotr petr piotr piotr petar pjotr pierre pedro",
    "alexey oleksiy alexei oleksii aleksei aleksey alexej alexis aliaksei oleksij", "oleg oleh aleh",
    "igor ihor ihar", "grigory hryhoriy hryhorii grigori gregory", "denis denys dzianis", "anna hanna ganna",
    "elena olena alena helena yelena jelena", "natalia nataliya natalya nataliia natalie natalja",
    "joseph dzhozef joe dzho josef yosef yusuf youssef yousef jose iosif osip josip", "abraham ibrahim avraham ebrahim", "david dawud daoud dawood daud davyd", "moses musa moussa moshe mousa", "solomon suleiman sulayman sulaiman soleiman shlomo soulaymane suleyman qasem",
    "mohammed muhammad mohamed mohammad muhamad mohamad muhammed mahomet mehmet mohammedou magomed mokhammed",
    "ahmed ahmad akhmad achmat achmad akhmat ahmat achmed akhmed ahmet akhmed", "hassan hasan",
    "hussein husayn hossein hussain husein huseyin hoseyn housseine", "ali", "omar umar omer",
    "othman uthman osman usman ousmane", "khaled khalid halid", "mustafa mostafa moustapha mustapha",
    "william bill will guillermo", "robert bob rob", "richard dick rick", "james dzheyms jim jaime", "thomas tom",
    "anthony tony antony antonio", "edward ted ed eduard",
    "george dzhordzh georgios georgy heorhii georgi jorge giorgi georgiy heorhiy yegor",
    "francis frank francisco francois", "charles charlz carlos karl carl charlie",
    "stephen steve stefan steven stepan", "daniel dan danylo danilo danila", "matthew matt matvei",
    "benjamin ben binyamin benny beni beny biniamin biniyamin veniamin benyamin", "samuel sam",
    "gerald gerry gerard dzherri dzherald zherar gerardo", "martin", "marine marin", "marion",
    "maria mariya marie mary mariia", "marina", "mariam maryam miriam", "mark marcus marc marko",
    "maxim maksim maksym massimo", "mahmoud mahmud mahmood makhmud", "hamid khamid hameed", "hamad khamad",
    "jean zhan", "jeanne zhanna", "julia yulia iulia yuliya yuliia julija", "julian", "julius", "paula",
    "pauline polina", "carla karla", "andrea", "alexandra aleksandra oleksandra alessandra", "alexis",
    "christian khristian cristian", "christina kristina cristina", "christine kristine",
    "christopher khristofor kris chris",
    "daniela daniella", "danielle", "gabriel gavriil havryil gavril", "gabriela gabriella", "ismail ismael ismayil",
    "isa issa", "musab mosab", "murad murat", "mehdi mahdi", "rashid rachid", "rashad", "amir ameer", "amira",
    "amin ameen", "karam", "akram", "adil adel", "adnan", "munir mounir", "mansour mansur mansoor",
    "masoud masud massoud masood", "masrour masrur", "uday oday", "qusay qusai", "samira", "jamila", "nadia",
    "nadir", "majid majed maged", "majida", "rasheeda rashida", "said saeed sayeed", "samir sameer", "sami",
    "salim saleem selim", "salem", "salman", "karim kareem kerim", "kamal kemal", "jamal dzhamal djamal gamal cemal",
    "jamil djamil", "hadi", "hani", "hasna", "nasser nasir naser", "nasrin", "walid waleed oualid",
    "tariq tarek tareq", "faisal faysal feisal", "fatima fatma", "yahya yehya",
    "yakov yaakov jacob jakob iakov yaqub yakub", "isaac yitzhak itzhak ishaq isak", "elias ilyas ilias",
    "ilya illia ilia", "luke luka lukas lucas", "lucia", "olga olha", "oksana",
    "tatiana tetiana tetyana tatyana tatjana", "svetlana svitlana",
    "ekaterina kateryna yekaterina katerina catherine katherine", "galina halyna", "ludmila liudmyla lyudmila",
    "lev leo", "fyodor fedir fedor theodor theodore", "stanislav stanislaw", "vyacheslav viacheslav",
    "yaroslav jaroslav iaroslav", "rostislav rostyslav", "vladislav vladyslav wladislaw", "sviatoslav svyatoslav",
    "timur", "tamerlan", "taras", "ramzan", "roza rosa", "raul", "ramon", "rodrigo", "rafael raphael rafail",
    "ricardo", "roberto", "fernando", "federico frederick friedrich frederic", "felipe philip philippe filip",
    "miguel", "enrique henry henri heinrich", "javier xavier", "eva yeva", "esther ester", "sara sarah",
    "anatoly anatoliy anatolii", "valery valeriy valerii valeri waleri walerij valerij", "arseny arsen",
    "bogdan bohdan", "ruslan", "roman", "leonid", "viktor victor wiktor",
    "vitaly vitali vitaliy vitalii witali vitalij", "gennady hennadiy guennadi gennadi", "iryna irina",
    "jong chen zheng chong", "un yn eun",
    "gaddafi qaddafi kadhafi gadhafi kaddafi qadhafi khadafy kadafi gadafi qadafi", "luis lewis louis",
    "manuel emmanuel imanuel",
)  # fmt: skip


@lru_cache(maxsize=1)
def _forms() -> dict[str, int]:
    return {form: number for number, line in enumerate(_NICKNAMES) for form in line.split()}


@dataclass(frozen=True, slots=True)
class PersonName:
    """Folded words in order: `words` without titles, particles and suffixes; `patronymic` apart."""

    words: tuple[str, ...]
    patronymic: str | None
    suffix: str | None
    titled: bool
    number: str | None = None
    """of a sovereign or pope: "vi" """


_HAN_NAME = re.compile(
    r"^((?:欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|夏侯|남궁|황보|선우|제갈)(?=..?$)|[\u4e00-\u9fff\uac00-\ud7a3](?=..?$))([\u4e00-\u9fff\uac00-\ud7a3]+)$"
)
"""a Chinese or Korean name in its own characters: the family's name first, mostly of one character"""
_DROPPED = frozenset({"mohammed", "jose", "maria", "jean", "abdallah", "mirza", "agha", "muhammad"})
"""given names that are commonly left out before another one, by the first form of their line in `_NICKNAMES`"""


@lru_cache(maxsize=50_000)
def parse_person(name: str) -> PersonName:
    name = re.sub(r"\s[\"“”«»„][^\"“”«»„]{2,20}[\"“”«»]", "", name) if name.count(" ") > 1 else name
    name = _HAN_NAME.sub(r"\1 \2", name)
    folded = fold(re.sub(r"(?<=\w)\.(?=\w)", ". ", re.sub(r"['’]s\b", "", name)))
    folded = re.sub(r"\babd(?:el|ul|al|ol)?[ -]?(?:al|el|ul|ur|ar|ol|er)? ?(?=[a-z]{4})", "abd", folded)
    folded = re.sub(r"\babu (?=[a-z])", "abu", folded)
    if is_abjad(name):
        folded = re.sub(r"\babd (?=[a-z]{2})", "abd", folded)
    words = folded.split()
    titled = False
    while (
        len(words) > 1
        and words[0] in _FOLDED_TITLES
        and not (words[0] == "amir" and len(words) == 2)
        and (len(words) > 2 or len(words[1]) > 1)
    ):
        titled = True
        words = words[1:]
    suffix = words.pop() if len(words) > 2 and words[-1] in _SUFFIXES else None
    kept = [w for w in words if w not in _PARTICLES] or words
    kept = [re.sub(r"^(?:al|el)(?=[bcdfghjklmnpqrstvwxyz]{1}[a-z]{4,})", "", w) if is_abjad(name) else w for w in kept]
    patronymic = None
    if len(kept) >= 3:
        patronymic = next((w for w in kept if _PATRONYMIC.search(w) and w != kept[-1]), None)
        if patronymic is None and _PATRONYMIC.search(kept[-1]) and len(kept) == 3:
            patronymic = kept[-1]  # Ivanov Ivan Ivanovich
        if patronymic:
            kept.remove(patronymic)
    number = _REGNAL.search(name)
    if number and len(kept) > 1:
        kept = [w for w in kept if w != fold(number[1])] or kept
    return PersonName(tuple(kept), patronymic, suffix, titled, fold(number[1]) if number else None)


_REGNAL = re.compile(r"(?<=\w )([IVX]{1,5})(?=$| of\b| the\b)")


def _pair(a: str, b: str, abjad: bool) -> float:
    """Of two words; an initial agrees with what it begins."""
    if min(len(a), len(b)) == 1 and max(len(a), len(b)) > 1:
        short, long = sorted((a, b), key=len)
        return 0.9 if long[0] == short or any(s[:1] == short for s in skeletons(long)) else 0.0
    if a.startswith("abu") and b.startswith("abu") and min(len(a), len(b)) > 5:
        a, b = a[3:], b[3:]
    forms = _forms()
    if a in forms and b in forms:
        return 0.97 if forms[a] == forms[b] else min(0.3, likeness(a, b, abjad))
    return likeness(a, b, abjad)


def _index() -> tuple[dict[str, set[int]], dict[str, list[tuple[int, tuple[str, ...]]]]]:
    """Noms de guerre by their evened words, and by the skeletons of their last word for spellings not listed."""
    exact: dict[str, set[int]] = {}
    loose: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, names in enumerate(noms_de_guerre()):
        for name in names:
            words = parse_person(name).words
            exact.setdefault(name_even(" ".join(words)), set()).add(number)
            if len(words) > 1:
                for skeleton in skeletons(words[-1]):
                    loose.setdefault(skeleton, []).append((number, words))
    return exact, loose


_indexed = lru_cache(maxsize=1)(_index)


@lru_cache(maxsize=50_000)
def known_persons(name: str) -> frozenset[int]:
    """The rows of the table of noms de guerre that have this name, in this or another spelling."""
    exact, loose = _indexed()
    parsed = parse_person(name)
    if not parsed.words or len(parsed.words) > _MOST_WORDS:
        return frozenset()
    found = set(exact.get(name_even(" ".join(parsed.words)), ()))
    if not found and len(parsed.words) > 1:
        abjad = is_abjad(name)
        for skeleton in skeletons(parsed.words[-1]):
            for number, words in loose.get(skeleton, ()):
                if len(words) == len(parsed.words) and all(
                    _pair(x, y, abjad) >= 0.86 and min(len(x), len(y)) > 1
                    for x, y in zip(parsed.words, words, strict=True)
                ):
                    found.add(number)
    return frozenset(found)


def compare_people(left: str, right: str) -> tuple[float, list[str]]:
    """Score and reasons: the table of noms de guerre first, then the words of the names by their places in them."""
    if known_persons(left) & known_persons(right):
        return 0.96, ["two names of one well-known person"]
    abjad = vowels_unwritten(left, right)
    abjad_names = is_abjad(left) and is_abjad(right)  # a chain of fathers is usual there
    a, b = parse_person(left), parse_person(right)
    if a.number and b.number and a.number != b.number:
        return 0.1, [f"{a.number.upper()} against {b.number.upper()}"]
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return 0.2, [f"{a.suffix} against {b.suffix}"]
    joined = likeness("".join(a.words), "".join(b.words), abjad)
    if len(a.words) != len(b.words) and joined >= 0.95:
        return joined, ["the same letters, divided into words otherwise"]
    one, two = (a, b) if len(a.words) <= len(b.words) else (b, a)
    pairs = _match(one.words, two.words, abjad)
    worst = min((s for _, _, s in pairs), default=0.0)
    mean = sum(s for _, _, s in pairs) / max(1, len(pairs))
    reasons = [f"“{one.words[i]}” and “{two.words[j]}”: {_told(s)}" for i, j, s in pairs]
    score = 0.55 * worst + 0.45 * mean
    initials = sum(1 for i, j, _ in pairs if min(len(one.words[i]), len(two.words[j])) == 1)
    if initials == len(pairs):
        return min(score, 0.5), [*reasons, "only initials agree"]
    if (
        a.patronymic
        and b.patronymic
        and likeness(a.patronymic, b.patronymic, abjad) < 0.75
        and len(a.patronymic) > 1 < len(b.patronymic)
    ):
        return min(score, 0.45), [*reasons, "the patronymics differ"]
    if any(_feminine(one.words[i], two.words[j]) for i, j, _ in pairs[:1]) and left.isascii() and right.isascii():
        return min(score, 0.5), [*reasons, "a man's given name against a woman's"]
    if len(one.words) > 1 and left.isascii() and right.isascii() and _other_chinese(left, right):
        return min(score, 0.75), [*reasons, "Chinese names in which each letter counts"]
    missing = len(two.words) - len(one.words)
    if len(one.words) == 1 and missing:
        return _lone(one, two, pairs, score, reasons)
    if sinitic(left, right):
        return 0.85, [*reasons, "one name in two romanisations of Chinese"]
    if missing:
        matched = {j for _, j, _ in pairs}
        lead = min(matched)
        trail = len(two.words) - 1 - max(matched)
        if (
            lead == 1
            and trail == 0
            and _dropped(two.words[0])
            and not abjad_names
            and worst >= 0.85
            and not _crossed(pairs)
        ):
            return min(score, 0.9), [*reasons, f"“{two.words[0]}” is often left out"]
        if lead and len(one.words) > 1 and not _crossed(pairs):
            return min(score, 0.5), [*reasons, f"another given name, “{two.words[0]}”, stands before"]
        if trail > 1:
            return min(score, 0.6), [*reasons, "further names stand behind"]
        score -= 0.04 * missing
        reasons.append(f"{missing} further name{'s' if missing > 1 else ''} in one of them")
    if len(pairs) > 1 and pairs and _crossed(pairs) and worst < 0.9:
        score -= 0.05
    return score, reasons


def _feminine(a: str, b: str) -> bool:
    """Given names that differ in the -a of a woman's name only (Ivan and Ivana, Mario and Maria)."""
    short, long = sorted((a, b), key=lambda w: (len(w), w[-1:] == "a"))
    return (
        long.endswith("a") and len(short) > 2 and (long[:-1] == short or (short[-1] == "o" and short[:-1] == long[:-1]))
    )


def _other_chinese(left: str, right: str) -> bool:
    """Both are made of Chinese syllables, but not of the same in any romanisation."""
    one, two = _all_syllables(left), _all_syllables(right)
    return all(2 <= len(s) <= 4 for s in (one, two)) and sorted(one) != sorted(two) and not sinitic(left, right)


def _dropped(word: str) -> bool:
    forms = _forms()
    return word in _DROPPED or (word in forms and _NICKNAMES[forms[word]].split()[0] in _DROPPED)


_WADE = tuple(
    (re.compile(pattern), plain_)
    for pattern, plain_ in ((r"ts|tz|zh|ch|[czqj]", "j"), (r"hs|sh|x", "s"), ("k", "g"), ("p", "b"),
        ("t", "d"), (r"^y(?=i)|^w(?=u)", ""), ("ung", "ong"), ("ien", "ian"), ("ih", "i"))
)  # fmt: skip


def sinitic(left: str, right: str) -> bool:
    """The same Chinese name in pinyin and in another romanisation ("Cai Yingwen", "Tsai Ing-wen").

    Two names that are both in pinyin are not evened out: Zhang and Chang are two families there.
    """
    syllables = [_all_syllables(name) for name in (left, right)]
    if not 2 <= len(syllables[0]) <= 4 or len(syllables[0]) != len(syllables[1]):
        return False
    foreign = [bool(re.search(r"ts|hs|tz", " ".join(s))) or "ing" in s or "un" in s for s in syllables]
    return foreign[0] != foreign[1] and [_wade(s) for s in syllables[0]] == [_wade(s) for s in syllables[1]]


def sinitic_key(name: str) -> str | None:
    """What a name of two to four Chinese syllables has in common in all romanisations."""
    syllables = _all_syllables(name)
    return "-".join(map(_wade, syllables)) if 2 <= len(syllables) <= 4 else None


def _all_syllables(name: str) -> list[str]:
    return [s for w in parse_person(name).words for s in _syllables(w)]


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> tuple[str, ...]:
    """A folded word as Chinese syllables; the word itself where it is no such word."""
    found = tuple(re.findall(r"(?:ts|tz|hs|zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiou]+(?:ng?(?![aeiou]))?", word[:40]))
    return found if "".join(found) == word and len(found) < 4 else (word, "", "", "", "")


@lru_cache(maxsize=20_000)
def _wade(syllable: str) -> str:
    for pattern, plain_ in _WADE:
        syllable = pattern.sub(plain_, syllable)
    return syllable


def _match(one: tuple[str, ...], two: tuple[str, ...], abjad: bool) -> list[tuple[int, int, float]]:
    scored = sorted(
        ((_pair(x, y, abjad), i, j) for i, x in enumerate(one) for j, y in enumerate(two)),
        key=lambda s: (-s[0], abs(s[1] - s[2]), s[1]),
    )
    pairs, used_one, used_two = [], set(), set()
    for score, i, j in scored:
        if i not in used_one and j not in used_two:
            pairs.append((i, j, score))
            used_one.add(i)
            used_two.add(j)
    return sorted(pairs)


def _lone(
    one: PersonName, two: PersonName, pairs: list[tuple[int, int, float]], score: float, reasons: list[str]
) -> tuple[float, list[str]]:
    """A single name against a full one: a titled surname names one man in a report, a bare one may be any of his name."""
    (_, at, likeness_) = pairs[0]
    if likeness_ < 0.8:
        return min(score, 0.4), reasons
    if at != len(two.words) - 1 and not one.titled and not two.titled:
        return 0.6 * score, [*reasons, "only a given name agrees"]
    reasons.append("only one of them has a given name")
    return (0.82 if one.titled or two.titled else 0.72) * min(1.0, likeness_ + 0.03), reasons


def _crossed(pairs: list[tuple[int, int, float]]) -> bool:
    return any(x[1] > y[1] for x, y in zip(pairs, pairs[1:], strict=False))


def _told(score: float) -> str:
    if score >= 0.99:
        return "the same"
    if score >= 0.85:
        return "one name in two spellings"
    return "alike" if score >= 0.7 else "not alike"
