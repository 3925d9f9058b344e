"""A stretch of an article to the person or body that says it, read from the words around it.

Patterns of news prose, no model: "X said", "said X", "according to X", "X, the ..., told Y"; a quotation with no verb of its
own goes on from the one before it, and "she" is the last person who spoke. In doubt nobody is named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from assistant.chunking import zone_at
from assistant.sentences import split_sentences
from assistant.types import Article, Span, Zone

READER = "a reader"  # the speaker of everything in a comment zone


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says a stretch of an article, and how the article puts it."""

    speaker: str
    """The full name where the article has it, without titles; else the article's own words ("a British official")."""
    role: str
    """What stands beside the name: "head of Britain's armed forces", "president of the union's Local 88"; may be empty."""
    quoted: bool
    """Whether the stretch stands in quotation marks."""
    cue: Span
    """The word or words that attribute it: "said", "according to"."""


def speaker_of(article: Article, span: Span) -> str | None:
    """Who says a quotation or a sentence, None where the article says it itself or does not tell."""
    speech = speech_at(article, span)
    return speech.speaker if speech else None


def speech_at(article: Article, span: Span) -> Speech | None:
    """The attribution of the words at `span`.

    A quotation takes it from its own sentence, else from the speaker before it in the paragraph, else from the sentence
    after it. Words outside quotation marks take it from their own sentence only.
    """
    if zone_at(article, span.start, span.end) is Zone.COMMENT:
        return Speech(READER, "", False, Span(article.id, span.start, span.start))
    paragraph = _paragraph_at(article, span)
    cue = _cue_for(article, paragraph, span)
    if cue is None:
        return None
    name = _resolved(article, paragraph, cue)
    if not name:
        return None
    return Speech(name, cue.role, paragraph.is_quoted(span), Span(article.id, cue.start, cue.end))


def is_quoted(article: Article, span: Span) -> bool:
    """Whether the words at `span` stand in quotation marks."""
    return _paragraph_at(article, span).is_quoted(span)


_LONGEST_TAG = 160  # characters of a "said X, the head of Y," between two halves of a quotation


@lru_cache(maxsize=64)
def quoted_runs(article: Article) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Quotations that only a "he said" parts: for each run of two or more, (start, end) between the marks of each."""
    runs: list[tuple[tuple[int, int], ...]] = []
    for start, end in _paragraphs(article.text):
        inside = [(start + m.start() + 1, start + m.end() - 1) for m in _QUOTED.finditer(article.text[start:end])]
        run: list[tuple[int, int]] = []
        for place in inside:
            if run and not _is_tag(article, run[-1][1] + 1, place[0] - 1):
                runs.append(tuple(run))
                run = []
            run.append(place)
        runs.append(tuple(run))
    return tuple(run for run in runs if len(run) > 1)


def _is_tag(article: Article, start: int, end: int) -> bool:
    """Whether the words between two quotations say no more than who speaks."""
    between = article.text[start:end]
    if end - start > _LONGEST_TAG:
        return False
    return not any(char.isalnum() for char in between) or bool(
        _CUE.search(between) and not re.search(r"[.!?]\s+\w", between)
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BREAK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


# --- Names ------------------------------------------------------------------------------------------------------------

_TITLES = frozenset(
    """
    mr mrs ms miss mx dr doctor prof professor sir dame lord lady judge justice captain capt admiral general gen
    colonel col major sergeant sgt lieutenant lt detective inspector constable officer chief president vice prime
    minister chancellor premier secretary senator sen representative rep congressman congresswoman governor gov mayor
    king queen prince princess pope father rev reverend bishop archbishop cardinal rabbi imam ambassador commissioner
    attorney director coach former acting interim deputy herr frau bundeskanzler bundeskanzlerin präsident
    präsidentin kanzler minister ministerin analyst spokesman spokeswoman spokesperson lawmaker owner founder ceo
    pollster author actor actress singer driver geologist sheriff superintendent señor señora don doña presidente
    presidenta ministro ministra monsieur madame president-elect us uk
    """.split()
)
_PARTICLES = frozenset("von van der den de del della di da dos du la le el al bin ibn ben ten ter zu af y e".split())


def same_person(a: str, b: str) -> bool:
    """Whether two names can mean one person or body: titles, accents and case do not count.

    Surnames must agree, and first names where both are given (an initial agrees with a name). An institution is itself.
    """
    first, second = _name_parts(a), _name_parts(b)
    if not first or not second:
        return False
    if first == second:
        return True
    if 1 in (len(first), len(second)) and first[0] == second[0]:
        return True  # "Aldane" is Aldane Energy, "Keir" is Keir Starmer
    if first[-1] != second[-1]:
        return False
    given, other = _given(first), _given(second)
    return not given or not other or bool({*given} & {*other}) or _is_initial_of(given[0], other[0])


def _given(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts[:-1] if part not in _PARTICLES)


def _is_initial_of(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) == 1 and longer.startswith(shorter)


_NAME_PART = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@lru_cache(maxsize=4096)
def _name_parts(name: str) -> tuple[str, ...]:
    """The name's words without accents, case, titles, articles, possessives and what follows a comma."""
    plain = unicodedata.normalize("NFKD", name.split(",")[0].replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    parts = [part.removesuffix("'s") for part in _NAME_PART.findall(plain)]
    kept = [part for part in parts if part not in ("the", "a", "an")]
    last_title = max((i for i, part in enumerate(kept[:-1]) if part in _TITLES), default=-1)
    return tuple(kept[last_title + 1 :])


def is_title(word: str) -> bool:
    """Whether the word is a title, or an abbreviation that takes a full stop before a name: "Dr", "St"."""
    return word.casefold() in _TITLES or word in ("St", "No", "Jr", "Sr", "Inc", "Co", "vs")


def has_name(text: str) -> bool:
    """Whether the words name somebody ("Keir Starmer", "Downing Street") and do not only describe ("the mayor")."""
    return any(_is_name_word(word) for word in _words(text))


# --- The paragraph, its quotations out of the way ---------------------------------------------------------------------

_REACH = 3000  # characters on each side of a span that are read; longer paragraphs are lists or damage
_BREAK = re.compile(r"\n(?:\s*\n|(?![ \t]*[a-zà-öø-ÿ]))\s*")
_QUOTED = re.compile(
    '“[^“”"]*[”"]|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«'
    + r"|(?<![\w\"])"
    + '"(?=\\S)[^"“]*["”]'
    + r"|(?<!\w)‘[^‘’]{3,}?’(?!\w)"
)
_OPENERS = '“„«"'
_HIDDEN = "x"  # stands for every character of a quotation, so that its own verbs and stops are not seen


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with every character of its quotations replaced by one letter; offsets are kept."""

    start: int
    text: str
    masked: str
    quotes: tuple[tuple[int, int], ...]
    """(start, end) of each quotation with its marks, in Article.text."""
    sentences: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_quoted(self, span: Span) -> bool:
        inside = sum(max(0, min(end, span.end) - max(start, span.start)) for start, end in self.quotes)
        return inside >= 0.9 * max(1, min(span.end, self.end) - span.start)


def _paragraph_at(article: Article, span: Span) -> _Paragraph:
    text = article.text
    low, high = max(0, span.start - _REACH), min(len(text), span.start + _REACH)
    start = max((m.end() for m in _BREAK.finditer(text, low, high) if m.end() <= span.start), default=low)
    end = next((m.start() for m in _BREAK.finditer(text, start, high) if m.start() > span.start), high)
    return _read_paragraph(text[start:end], start, article.language)


def _paragraph_before(article: Article, paragraph: _Paragraph) -> _Paragraph | None:
    before = article.text[: paragraph.start].rstrip()
    if not before or article.text[len(before) : paragraph.start].count("\n") == 0:
        return None
    return _paragraph_at(article, Span(article.id, len(before) - 1, len(before)))


@lru_cache(maxsize=512)
def _read_paragraph(text: str, start: int, language: str | None) -> _Paragraph:
    quotes = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    after = quotes[-1][1] if quotes else 0
    opened = next((i for i in range(after, len(text)) if text[i] in _OPENERS), None)
    if opened is not None and not text[:opened][-1:].isalnum():
        quotes.append((opened, len(text)))
    masked = list(text)
    for low, high in quotes:
        for i in range(low + 1, high - 1):
            keep = text[i].isspace() or (i >= high - 3 and text[i] in ".,!?")
            masked[i] = text[i] if keep else _HIDDEN
    hidden = "".join(masked)
    placed = tuple((start + low, start + high) for low, high in quotes)
    sentences = tuple((start + low, start + high) for low, high in split_sentences(hidden, language))
    return _Paragraph(start, text, hidden, placed, sentences)


# --- Cues -------------------------------------------------------------------------------------------------------------

_SAY = (
    "said|says|say|saying|told|tells|telling|added|adds|adding|noted|notes|noting|warned|warns|warning|argued|argues|arguing"
    "|claimed|claims|claiming|insisted|insists|insisting|wrote|writes|explained|explains|explaining|announced|announces"
    "|stated|states|stating|replied|continued|recalled|recalls|joked|conceded|admitted|admits|denied|denies|denying"
    "|acknowledged|confirmed|suggested|suggests|observed|remarked|declared|testified|tweeted|pledged|promised|vowed"
    "|pointed out|points out|put it|puts it|believes|believed|predicted|estimated|reported|reiterated|stressed"
    "|emphasi[sz]ed|cautioned|complained|concluded|asserted|alleged|contended|maintained|answered|responded"
    "|remembers|remembered|found that|finds that"
    "|sagte|sagt|erklärte|betonte|meinte|warnte|schrieb|teilte|berichtete|kritisierte"
    "|dijo|dice|afirmó|afirma|señaló|explicó|aseguró|declaró|añadió|advirtió|contó|recordó|subrayó|sostiene|sostuvo|niega|negó|reconoció|indicó"
    "|déclaré|affirmé|expliqué"
)
_QUOTING = (  # verbs that attribute a quotation, and no clause
    "called|calls|calling|described|describes|describing|summed up|dubbed|labell?ed|branded|accepted|recommended|urged"
    "|had it|has it|welcomed|accused|praised|condemned|thanked|bezeichnete|bezeichnet|nannte|calificó|llamó"
    "|asked(?! (?:not|to|for|about|by|how|whether|if|why|what|who))"
)
_CUE = re.compile(
    rf"\b(?:(?P<say>{_SAY})|(?P<quoting>{_QUOTING})"
    r"|(?P<source>according to|in the words of|as quoted by|laut|nach angaben (?:von|der|des)|según))\b",
    re.IGNORECASE,
)
_NO_CUE_BEFORE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|to|not|of|the|a|an|its|their|his|her|this|that|wird|wurde|so-)|['’-])\s?$",
    re.IGNORECASE,
)
_MIDDLE = re.compile(
    r"(?:[\s,]*\b(?:has|had|have|also|then|later|too|once|again|himself|herself|itself|each|all|both|will|would|who|now|only"
    r"|hat|habe|ha|still|even|soon|first|(?-i:[a-z]+ly)"
    r"|(?:on|last|this) (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week)))+\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """A word that attributes, and the words for whom."""

    start: int
    end: int
    speaker: str
    role: str
    at: int
    """Where the speaker's words stand."""
    quoting: bool


def _cue_for(article: Article, paragraph: _Paragraph, span: Span) -> _Cue | None:
    touched = [i for i, (start, end) in enumerate(paragraph.sentences) if start < span.end and span.start < end]
    if not touched:
        return None
    quoted = paragraph.is_quoted(span)
    own = [cue for i in touched for cue in _cues_of(paragraph, i) if quoted or not cue.quoting]
    has_quote = any(start < span.end and span.start < end for start, end in paragraph.quotes)
    if own:
        return _nearest(own, span)
    return _carried(article, paragraph, touched) if quoted or (has_quote and _opens(paragraph, span)) else None


def _opens(paragraph: _Paragraph, span: Span) -> bool:
    return any(start <= span.start + 2 and end >= span.end - 2 for start, end in paragraph.quotes)


def _nearest(cues: list[_Cue], span: Span) -> _Cue:
    """The cue nearest to the span; one inside it counts as nearest of all."""

    def distance(cue: _Cue) -> int:
        return max(0, cue.start - span.end, span.start - cue.end)

    return min(cues, key=distance)


def _carried(article: Article, paragraph: _Paragraph, touched: list[int]) -> _Cue | None:
    for i in range(touched[0] - 1, max(-1, touched[0] - 5), -1):
        if cues := _cues_of(paragraph, i):
            return cues[-1]
    for i in range(touched[-1] + 1, min(len(paragraph.sentences), touched[-1] + 2)):
        if cues := [cue for cue in _cues_of(paragraph, i) if _continues(paragraph, i, cue)]:
            return cues[0]
    return _from_paragraph_before(article, paragraph)


def _continues(paragraph: _Paragraph, i: int, cue: _Cue) -> bool:
    """Whether sentence i says who said what stands before it: "..." he said, or "..." That is what X told us."""
    start, _ = paragraph.sentences[i]
    return cue.start - start < 60 and any(low <= start <= high + 2 for low, high in paragraph.quotes)


def _from_paragraph_before(article: Article, paragraph: _Paragraph) -> _Cue | None:
    if not paragraph.text.lstrip()[:1] or paragraph.text.lstrip()[0] not in _OPENERS:
        return None
    before = _paragraph_before(article, paragraph)
    if before is None or not before.sentences:
        return None
    last = before.text.rstrip()
    runs_on = bool(before.quotes) and before.quotes[-1][1] >= before.start + len(last)
    cues = [cue for i in range(len(before.sentences)) for cue in _cues_of(before, i)]
    return cues[-1] if cues and (runs_on or last.endswith(":")) else None


def _cues_of(paragraph: _Paragraph, i: int) -> list[_Cue]:
    start, end = paragraph.sentences[i]
    return list(_find_cues(paragraph.masked[start - paragraph.start : end - paragraph.start], start))


_MOST_CUES = 60  # of one sentence; more stand only in lists and damage


@lru_cache(maxsize=2048)
def _find_cues(sentence: str, offset: int) -> tuple[_Cue, ...]:
    return tuple(islice(_read_cues(sentence, offset), _MOST_CUES))


def _read_cues(sentence: str, offset: int) -> Iterator[_Cue]:
    last: tuple[str, str, int] | None = None
    for match in _CUE.finditer(sentence[: 2 * _REACH]):
        before = sentence[max(0, match.start() - 12) : match.start()]
        if _NO_CUE_BEFORE.search(before):
            continue
        goes_on = match.group().endswith("ing") and before.rstrip().endswith(",")  # "X told Y, adding ..."
        who = last if goes_on and last else _who(sentence, match)
        if who and who[0]:
            name, role, at = last = who
            places = offset + match.start(), offset + match.end()
            yield _Cue(*places, name, role.strip(" .,"), offset + at, bool(match["quoting"]))


def _who(sentence: str, cue: re.Match[str]) -> tuple[str, str, int] | None:
    """(speaker, role, where) of one cue."""
    if cue["source"]:
        return _phrase_after(sentence, cue.end())
    if cue["say"] and _is_inverted(sentence, cue):
        if inverted := _phrase_after(sentence, cue.end()):
            return inverted
        if _NO_SUBJECT.match(sentence, cue.end()):  # Spanish leaves "she" to the verb: «...», contó.
            return "ella", "", cue.start()
    return _phrase_before(sentence, cue.start())


def _is_inverted(sentence: str, cue: re.Match[str]) -> bool:
    """Whether the speaker stands behind the verb: "...", said X. Without quotation marks only plain verbs do that."""
    if _NEVER_INVERTED.fullmatch(cue.group()):
        return False
    before = sentence[: cue.start()].rstrip()
    if before.rstrip(",")[-1:] in ("”", '"', "“", "»", "«", "’"):
        return True
    return before[-1:] == "," and bool(_PLAIN.fullmatch(cue.group())) and _looks_inverted(sentence, cue.end())


_NEVER_INVERTED = re.compile(r"tells|told|\w+ing|found that|finds that", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"\s*(?:[.,;]|$)")
_PLAIN = re.compile("said|says|wrote|added|explained|sagte|sagt|erklärte|dijo|explicó|afirmó|señaló", re.IGNORECASE)


# --- The noun phrase beside a cue -------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*\.?")
_PRONOUNS = frozenset("he she they it we i who one others er sie es wir él ella ellos ellas il elle".split())
_DETERMINERS = frozenset(
    """a an the its his her their our my your this that these those one two three four five six several some many few
    most another both all no der die das ein eine einer des dem den el la los las un una le les une""".split()
)
_PREPOSITIONS = frozenset(
    """of at in for from with by to on near behind into about as between among who which that whose von vom aus bei im in
    der des de del du en para por con""".split()
)
_NEVER_NAMES = frozenset(
    """the a an and but or so yet on in at by for from with to of as if when while after before since because although
    though however meanwhile still then now also not no nor it its he she they we i you this that these those there here
    his her their our my your what who why how where which whether both all some many most one two three four five six
    seven eight nine ten asked last next according even only later earlier once under over about more than up down
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december der die das ein eine er sie es im am und aber für mit von el la los las un una en y pero
    según asked speaking answering despite during until instead yes well""".split()
)
_FINITE = frozenset(
    """would will had has have was were is are could can should may might did do does must that it he she they there
    wanted needed came went made took gave""".split()
)
_END = re.compile(r"[,.;:()“”„«»\"!?–—]|\s-\s")


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text)]


def _is_name_word(word: str) -> bool:
    plain = word.rstrip(".").replace("’", "'").removesuffix("'s").casefold()
    return (word[0].isupper() or (word[0].isdigit() and word[-1].isupper())) and plain not in _NEVER_NAMES


_NO_SPEAKERS = frozenset(
    """that what in on at to it he she they there x last this next earlier yesterday monday tuesday wednesday thursday friday
    saturday sunday during after before when as by via through proudly recently later""".split()
)


def _looks_inverted(sentence: str, at: int) -> bool:
    """Whether what follows ", said" is who said it, and no clause: a name or a role, then a stop and no finite verb."""
    after = sentence[at : at + 200]
    stop = _END.search(after, 1)
    words = _words(after[: stop.start()] if stop else after)
    if not words or words[0].casefold() in _NO_SPEAKERS:
        return False
    return 0 < len(words) <= 14 and not any(word.casefold() in _FINITE for word in words)


def _phrase_after(sentence: str, at: int) -> tuple[str, str, int] | None:
    """The noun phrase that begins at `at`, and the apposition behind it."""
    after = sentence[at : at + 240]
    pieces = _split_at_stops(after)
    if not pieces:
        return None
    first, where = pieces[0]
    words = _words(first)
    if not words or words[0].casefold() in _NO_SPEAKERS - _PRONOUNS:
        return None
    rest = pieces[1][0] if len(pieces) > 1 else ""
    if words[0].casefold() in _PRONOUNS and not (words[0].casefold() == "one" and len(words) > 1):
        return words[0], "", at + where
    if name := _leading_name(first):
        return name, rest.strip(), at + where
    if rest and _is_name(rest):
        return rest.strip(), first.strip(), at + where
    if name := _name_behind_role(first):
        return name, first.strip(), at + where
    phrase = re.split(r"\s(?:who|that|which|whose|when|after|because|while|as|during|on condition)\s", first.strip())[0]
    short = _short(phrase)
    return (short, rest.strip(), at + where) if short else None


def _split_at_stops(text: str) -> list[tuple[str, int]]:
    """The first two stretches between stops, with where each begins; a stop after a title or an initial is none."""
    pieces: list[tuple[str, int]] = []
    start = 0
    for stop in _END.finditer(text):
        if stop.group() == "." and _is_abbreviation(text[: stop.start()]):
            continue
        pieces.append((text[start : stop.start()], start))
        start = stop.end()
        if len(pieces) == 2 or stop.group() != ",":
            return pieces
    return [*pieces, (text[start:], start)]


def _is_abbreviation(before: str) -> bool:
    last = re.search(r"[^\W_]+$", before[-20:])
    return bool(last) and (last.group().casefold() in _TITLES or len(last.group()) == 1) if last else False


def _leading_name(text: str) -> str | None:
    """The name that the stretch begins with; "CNN's Kimberly Dozier" begins with Kimberly Dozier."""
    run = _run(text.lstrip())
    return run or None


def _run(text: str) -> str:
    """The longest run of name words at the beginning of the text."""
    kept: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        possessive = word.endswith(("'s", "’s"))
        if not (_is_name_word(word) or (kept and word.casefold() in _PARTICLES | {"and", "&"} and len(kept) < 6)):
            break
        if possessive:
            following = _run(text[match.end() :].lstrip())
            return following if len(following.split()) > 1 else ""
        if kept and word.casefold() in _PARTICLES and kept[-1].casefold() not in _PARTICLES and _surname_ended(kept):
            break
        kept.append(word)
        if _ends_sentence(word):
            break
    while kept and (kept[-1].casefold() in _PARTICLES or kept[-1] in ("and", "&")):
        kept.pop()
    return " ".join(kept[: kept.index("and")] if "and" in kept else kept)


def _ends_sentence(word: str) -> bool:
    """Whether the full stop behind a word is more than that of a title or an initial."""
    return word.endswith(".") and len(word) > 2 and not is_title(word[:-1])


def _surname_ended(kept: list[str]) -> bool:
    """Whether first name and surname are there, so that "von" begins a place: "Annegret Sudhoff von der Hochschule"."""
    return sum(word.rstrip(".").casefold() not in _TITLES for word in kept) > 1


def _is_name(text: str) -> bool:
    run = _run(text.strip())
    return bool(run) and len(run.split()) > 1 and len(run.split()) == len(_words(text))


def _name_behind_role(text: str) -> str | None:
    """The name in "the mediator Samuel Okonjo", "die Politikwissenschaftlerin Annegret Sudhoff von ..."."""
    words = _words(text)
    for i, word in enumerate(words[:6]):
        if word.casefold() in _PREPOSITIONS and i:
            return None
        if _is_name_word(word) and i:
            run = _run(" ".join(words[i:])).split()
            run = run[1:] if len(run) > 2 and run[0].endswith(("in", "er", "or", "ent")) else run
            return " ".join(run) if len(run) > 1 else None
    return None


def _phrase_before(sentence: str, at: int) -> tuple[str, str, int] | None:
    """The subject that ends before `at`: a name, a pronoun or a role, with or without an apposition in commas."""
    low = max(0, at - 300)
    clause = sentence[low:at]
    clause_start = max((m.end() for m in re.finditer(r"[;:()“”„«»\"]|\s[–—-]\s", clause)), default=0)
    clause = clause[clause_start:]
    trimmed = _MIDDLE.sub("", clause).rstrip()
    apposition = clause.rstrip().endswith(",") or trimmed.endswith(",")
    segments = [segment.strip() for segment in trimmed.rstrip(", ").split(",")]
    where = low + clause_start
    if not segments or not segments[-1]:
        return None
    if apposition and len(segments) > 1:
        if _is_name(segments[-1]) and not _is_name(segments[-2]):
            return segments[-1], segments[-2], where
        for i in range(len(segments) - 2, max(-1, len(segments) - 6), -1):
            subject = None if i and _APPOSED.match(segments[i]) else _subject(segments[i])
            if i and subject and _is_name(segments[0]):
                continue  # "Samantha Greenwood, Senior Category Director, Chocolate, said"
            if subject and (i == 0 or has_name(subject)):
                return subject, ", ".join(segments[i + 1 :]), where
    subject = _subject(segments[-1])
    if subject is None and len(segments) > 1:
        subject = _subject_of_clause(segments[0])
    return (subject, "", where) if subject else None


_APPOSED = re.compile(r"(?:who|which|whose|whom|an?|the|and|or|die|der|das|ein|eine|que|un|una|el|la)\b")


def _subject(segment: str) -> str | None:
    """The noun phrase at the end of a stretch: "On Tuesday Trump" -> "Trump", "and officials in Moscow" -> the officials."""
    words = _words(segment)
    if not words:
        return None
    if words[-1].casefold() in _PRONOUNS and words[-1].casefold() != "one":
        return words[-1]
    low = len(words)
    while low and (
        _is_name_word(words[low - 1]) or (low < len(words) and words[low - 1].casefold() in _PARTICLES | {"&"})
    ):
        if low < len(words) and _ends_sentence(words[low - 1]):
            break
        low -= 1
        if words[low].endswith(("'s", "’s")) and low < len(words) - 1:
            low += 1
            break
    while low < len(words) and words[low].casefold() in _PARTICLES:
        low += 1
    if low < len(words) and not (low and _holds_on(words, low)):
        return " ".join(words[low:])
    return _role(words)


def _holds_on(words: list[str], at: int) -> bool:
    """Whether the words before `at` make the name part of a longer phrase: "officials in |Moscow", "the |Post's editor"."""
    before = [word.casefold() for word in words[:at]]
    while before and before[-1] in _DETERMINERS:
        before.pop()
    return bool(before) and before[-1] in _PREPOSITIONS - {"that", "who", "which", "as"} and len(before) > 1


_CONJUNCTIONS = frozenset(
    """and but as while that who which because when though although after before since if where so yet whom und aber dass
    """.split()
)


def _role(words: list[str]) -> str | None:
    """The phrase without a name of its own at the end: "the harbour authority", "officials in Moscow"."""
    cut = max((i + 1 for i, word in enumerate(words) if word.casefold() in _CONJUNCTIONS), default=0)
    tail = words[cut:]
    if cut > 1 and words[cut - 1].casefold() in ("that", "who", "which") and not (tail and _opens_clause(tail[0])):
        return _role(words[: cut - 1])  # "a review that ended in December"
    if not tail:
        return None
    if leading := _leading_name(" ".join(tail)):
        rest = tail[len(leading.split()) :]
        if rest and rest[0].casefold() in _PREPOSITIONS:
            return leading
    start = next((i for i, word in enumerate(tail) if word.casefold() in _DETERMINERS), None)
    if start is not None and (start == 0 or tail[start - 1].casefold() not in _PREPOSITIONS):
        tail = tail[start:]
    lone = len(tail) == 1 and not (tail[0][0].isupper() or tail[0].endswith("s") or tail[0] == "police")
    lone = lone or (tail[0][0].islower() and tail[0].endswith(("ed", "ing"))) or tail[0].casefold() in _PREPOSITIONS
    return _short(" ".join(tail)) if len(tail) <= 10 and not lone and not _has_verb(tail) else None


def _opens_clause(word: str) -> bool:
    return _is_name_word(word) or word.casefold() in _DETERMINERS | _PRONOUNS | _PREPOSITIONS


def _has_verb(words: list[str]) -> bool:
    return any(word.casefold() in _FINITE for word in words)


def _subject_of_clause(segment: str) -> str | None:
    """Who a clause is about, for a participle behind it: "Russian officials softened that, insisting that ..."."""
    if leading := _leading_name(segment):
        rest = segment[segment.find(leading) + len(leading) :].split()
        plural = rest and rest[0] in (
            "officials",
            "leaders",
            "diplomats",
            "ministers",
            "lawyers",
            "police",
            "authorities",
        )
        return f"{leading} {rest[0]}" if plural else leading
    return None


def _short(phrase: str) -> str | None:
    words = phrase.split()
    return phrase if 0 < len(words) <= 12 and any(char.isalpha() for char in phrase) else None


# --- Who "he" is, and what X's whole name is --------------------------------------------------------------------------


def _resolved(article: Article, paragraph: _Paragraph, cue: _Cue) -> str | None:
    speaker = re.sub(r"['’]s$", "", _without_titles(cue.speaker))
    if cue.speaker.casefold() in _PRONOUNS:
        return _antecedent(article, paragraph, cue)
    if has_name(speaker):
        return _full_name(article, speaker, cue.at)
    return _named_by_role(article, paragraph, cue) or speaker


def _without_titles(name: str) -> str:
    words = name.split()
    titles = [i for i, word in enumerate(words[:-1]) if word.rstrip(".").casefold() in _TITLES]
    titles = titles or [0] * (words[:1] in (["the"], ["The"]) and len(words) > 1)
    while titles and not _is_name_word(words[titles[-1] + 1]):
        titles.pop()
    words = words[titles[-1] + 1 :] if titles else words
    return " ".join(words).rstrip(".") if words and has_name(name) else name


def _antecedent(article: Article, paragraph: _Paragraph, cue: _Cue) -> str | None:
    """The last speaker, or else the last person, before the cue in this paragraph or the one before."""
    pronoun = cue.speaker.casefold()
    wants_person = pronoun in ("he", "she", "er", "él", "ella")
    before: _Paragraph | None = paragraph
    limit = cue.start
    while before is not None:
        if found := _last_speaker(before, limit, pronoun, wants_person):
            return _full_name(article, _without_titles(found), limit)
        if found := _last_person(article, before, limit) if wants_person else None:
            return _full_name(article, found, limit)
        if before is not paragraph:
            return None
        before = _paragraph_before(article, paragraph)
        limit = paragraph.start
    return None


def _last_speaker(paragraph: _Paragraph, limit: int, pronoun: str, wants_person: bool) -> str | None:
    cues = [cue for i in range(len(paragraph.sentences)) for cue in _cues_of(paragraph, i) if cue.start < limit]
    for cue in reversed(cues):
        if cue.speaker.casefold() in _PRONOUNS:
            continue
        one_named = has_name(cue.speaker) and not _is_body(cue.speaker)
        unfit = _is_body(cue.speaker) if wants_person else pronoun == "they" and one_named
        if not unfit:
            return cue.speaker
    return None


_BODIES = frozenset(
    """
    company companies city county state agency police union office ministry government department report note line
    board authority commission coastguard statement officials people members diplomats law court house street party
    group council institute university museum hospital school bank firm committee service association campaign team
    army military news times post press journal medicine center centre hall club college fund inc corp league
    foundation church society memo letter document study survey two three several both some many most behörde polizei
    regierung ministerium partei verein policía gobierno ministerio empresa
    """.split()
)


def _is_body(speaker: str) -> bool:
    """Whether the words name more than one person, so that "he" or "she" can't be them."""
    return any(word.casefold() in _BODIES for word in _words(speaker))


def _last_person(article: Article, paragraph: _Paragraph, limit: int) -> str | None:
    """The first person named in the nearest sentence before `limit` that names one, outside quotations."""
    for start, end in reversed(paragraph.sentences):
        if start < limit:
            sentence = paragraph.masked[start - paragraph.start : min(end, limit) - paragraph.start]
            subject = _without_titles(_run(sentence))
            if subject and not _is_body(subject) and _is_name(_full_name(article, subject, limit)):
                return _full_name(article, subject, limit)
            for match in _TWO_WORDS.finditer(sentence):
                follows_preposition = _INSIDE.search(sentence[: match.start()][-12:])
                name = _without_titles(match.group())
                if not follows_preposition and _is_name(name) and not _is_body(name):
                    return name
    return None


_INSIDE = re.compile(r"\b(?:of|at|in|the|from|for|to|by)\s+$")
_TWO_WORDS = re.compile(r"(?:[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*\.? ){1,3}[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*")


def _full_name(article: Article, name: str, at: int) -> str:
    """The nearest longer form of a single-word name before `at`, else anywhere in the article; else the name."""
    if len(name.split()) > 1 or not name or not name[0].isupper():
        return name
    longer = [
        (match.start(), _without_titles(match.group()))
        for match in re.finditer(rf"(?:[^\W\d_a-z][^\W\d_]+\.?[ ]){{1,3}}{re.escape(name)}\b", article.text[:200_000])
    ]
    whole = [(start, full) for start, full in longer if _is_whole_name(full, name)]
    if before := [full for start, full in whole if start <= at]:
        return before[-1]
    begins_another = re.search(rf"\b{re.escape(name)} [^\W\d_a-z]", article.text)  # Brightwell Plating
    return whole[0][1] if whole and not begins_another else name


def _is_whole_name(full: str, surname: str) -> bool:
    words = full.split()
    return (
        2 <= len(words) <= 4
        and words[-1] == surname
        and all(_is_name_word(word) and not _ends_sentence(word) for word in words)
    )


def _named_by_role(article: Article, paragraph: _Paragraph, cue: _Cue) -> str | None:
    """The earlier words for "the official", "the planner": who was introduced by the same noun in the paragraphs above."""
    words = cue.speaker.split()
    if len(words) != 2 or words[0].casefold() != "the":
        return None
    text = article.text[max(0, paragraph.start - _REACH) : max(0, cue.start)]
    introduced = re.compile(rf"\b(?:an?|one) (?:[\w-]+ ){{0,3}}{re.escape(words[1])}\b", re.IGNORECASE)
    found = [match.group() for match in introduced.finditer(text)]
    return found[-1] if found else None
