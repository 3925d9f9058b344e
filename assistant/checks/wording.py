"""A quotation and an article to where its words stand, and to what differs from the nearest words.

Compared are words, numbers and signs like % and $: typography is folded away, case and punctuation do not count, but a full
stop that parts two sentences does. Alignment is difflib's (Ratcliff & Metzener, 1988), within anchors for long texts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from assistant.checks.speakers import is_title, quoted_runs
from assistant.chunking import APART, blocks
from assistant.citations import folded_text
from assistant.text import fold
from assistant.types import Article, Difference, Kind, Span, Zone

MOST_WORDS = 20_000  # of a quotation that are compared
ALTERED_FROM = 0.6  # share of words in common, in order, from which a quotation counts as changed words of the article
NEAR_FROM = 0.4  # from here on the nearest sentence is worth naming


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: `text[start:end]`, and what it is compared by."""

    key: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a quotation's tokens without "..." or [brackets] inside."""

    tokens: tuple[Token, ...]
    bracket: str = ""
    """What stood in brackets in front of it, in place of words of the source or beside them."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a quotation's words stand in an article."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    """(start, end) of each stretch whose words were quoted: more than one where words were left out."""
    omitted: bool = False
    """Whether "..." or brackets stand for what lies between the parts; else it is the article's own "he said"."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of an article nearest to a quotation."""

    start: int
    end: int
    share: float
    """Words in common, in order, divided by the words of the longer side; 0..1."""
    differences: tuple[Difference, ...]


# --- Tokens -----------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"ReplyDelete(?=[^\W\d_a-z])|\d+(?:[.,:/]\d+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*|[%$€£¥₹°‰]|(?<![^\W_])-(?=[$€£]?\d)"
)
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_CASE_MATTERS = frozenset({"US", "IT", "WHO", "AIDS"})  # in small letters they are other words


@lru_cache(maxsize=256)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The text's tokens in reading order; offsets count in `text`."""
    folded = folded_text(text) if len(text) > 2000 else fold(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(folded.text):
        start, end = folded.original_range(*match.span())
        found.append(Token(_key(match.group()), match.group(), start, end))
    return tuple(found)


def _key(word: str) -> str:
    if word in _CASE_MATTERS:
        return word
    plain = word.casefold()
    return _THOUSANDS.sub("", plain) if plain[0].isdigit() else plain


_ELLIPSIS = re.compile(r"[\[(]\s*(?:\.{3}|…)\s*[\])]|\.{3,}|(?:\. ){2,}\.|…|\[([^\[\]\n]{0,120})\]")


def parts_of(quote: str) -> tuple[Part, ...]:
    """The quotation cut at "..." and at [brackets]; "[sic]" is dropped and cuts nothing."""
    parts: list[Part] = []
    tokens = _without_brackets(quote)
    start, bracket, i = 0, "", 0
    for match in (*_ELLIPSIS.finditer(quote), None):
        if match and (match.group(1) or "").strip().casefold() == "sic":
            continue
        until = match.start() if match else len(quote)
        run: list[Token] = []
        while i < len(tokens) and tokens[i].start < until:
            if tokens[i].start >= start:
                run.append(tokens[i])
            i += 1
        if run:
            parts.append(Part(tuple(run), bracket))
        if match:
            start, bracket = match.end(), match.group(1) or ""
    return tuple(parts)


def _without_brackets(quote: str) -> list[Token]:
    """The quotation's tokens but those in [brackets], which are not said to be the source's."""
    inside = [match.span() for match in _ELLIPSIS.finditer(quote) if match.group(1)]
    tokens = tokens_of(quote)[:MOST_WORDS]
    if not inside:
        return list(tokens)
    starts = [start for start, _ in inside]
    return [t for t in tokens if (i := bisect_right(starts, t.start)) == 0 or t.start >= inside[i - 1][1]]


@dataclass(frozen=True, slots=True)
class _Stream:
    """Tokens in a row that can be searched for a run of others."""

    tokens: tuple[Token, ...]
    joined: str
    offsets: tuple[int, ...]
    """Where each token's key begins in `joined`."""

    def find(self, keys: Sequence[str], low: int = 0) -> Iterator[int]:
        """Index of the first token of every run of these keys, from token `low` on."""
        if not keys or low >= len(self.offsets):
            return
        wanted = _SEP + _SEP.join(keys) + _SEP
        at = self.joined.find(wanted, self.offsets[low] - 1)
        while at >= 0:
            yield bisect_right(self.offsets, at + 1) - 1
            at = self.joined.find(wanted, at + 1)


_SEP = "\x1f"


def _stream(tokens: Sequence[Token]) -> _Stream:
    offsets, at = [], 1
    for token in tokens:
        offsets.append(at)
        at += len(token.key) + 1
    return _Stream(tuple(tokens), _SEP + "".join(token.key + _SEP for token in tokens), tuple(offsets))


@dataclass(frozen=True, slots=True)
class _Index:
    """An article as it is searched."""

    whole: _Stream
    spoken: tuple[_Stream, ...]
    """Quotations that only a "he said" parts, one stream for each run of them."""
    bag: frozenset[str]


@lru_cache(maxsize=64)
def _index(article: Article) -> _Index:
    tokens = tokens_of(article.text)
    starts = [token.start for token in tokens]
    runs = tuple(
        _stream([token for low, high in run for token in _between(tokens, starts, low, high)])
        for run in quoted_runs(article)
    )
    return _Index(_stream(tokens), runs, frozenset(token.key for token in tokens))


def _between(tokens: Sequence[Token], starts: Sequence[int], low: int, high: int) -> Sequence[Token]:
    return tokens[bisect_right(starts, low - 1) : bisect_right(starts, high - 1)]


# --- The very words ---------------------------------------------------------------------------------------------------


def occurrences(article: Article, quote: str, most: int = 50) -> list[Occurrence]:
    """Every place where the quotation's very words stand, in reading order; none in boilerplate.

    Without "..." the words must follow each other, though an article's own "he said" may stand between two halves. The parts
    round a "..." or [brackets] must stand in this order in one paragraph.
    """
    parts = parts_of(quote)
    if not parts or sum(len(part.tokens) for part in parts) == 0:
        return []
    index = _index(article)
    every = [token for part in parts for token in part.tokens]
    if not index.bag.issuperset(token.key for token in every):
        return []
    found = _unbroken(article, index, every, quote, most)
    if not found and len(parts) > 1:
        found = _in_parts(article, index, parts, quote, most)
    return found


def _unbroken(article: Article, index: _Index, wanted: list[Token], quote: str, most: int) -> list[Occurrence]:
    keys = [token.key for token in wanted]
    found: list[Occurrence] = []
    for stream in (index.whole, *index.spoken):
        for at in stream.find(keys):
            run = stream.tokens[at : at + len(keys)]
            occurrence = Occurrence(run[0].start, run[-1].end, _stretches(article, run))
            if _is_one_place(article, occurrence) and _same_sentences(article, run, wanted, quote):
                found.append(occurrence)
            if len(found) == most:
                return found
        if stream is index.whole and found:
            return found
    return found


_LETTERS = re.compile(r"[^\W_]")


def _stretches(article: Article, run: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """The run cut where other words stand between two of its tokens."""
    cuts = [
        i
        for i in range(1, len(run))
        if run[i].start - run[i - 1].end > 3 and _LETTERS.search(article.text, run[i - 1].end, run[i].start)
    ]
    edges = [0, *cuts, len(run)]
    return tuple((run[low].start, run[high - 1].end) for low, high in pairwise(edges))


def _is_one_place(article: Article, found: Occurrence) -> bool:
    """Whether the words stand in one part of the page, not in its furniture, and join no heading to what follows."""
    span = Span(article.id, found.start, found.end)
    zones = {block.zone for block in blocks(article) if block.span.overlaps(span)}
    if Zone.BOILERPLATE in zones or (len(zones) > 1 and zones.intersection(APART)):
        return False
    return not _HEADING.search(article.text, found.start, found.end)


_HEADING = re.compile(r"[\w,;][ \t]*\n[ \t]*\n")
_STOP = re.compile(r"[.!?…。][\"'”’»“)\]]*\s")


def _same_sentences(article: Article, run: Sequence[Token], wanted: Sequence[Token], quote: str) -> bool:
    """Whether the quotation ends its sentences where the article does; a word that runs two into one changes them."""
    for i in range(1, len(run)):
        there = article.text[run[i - 1].end : run[i].start]
        here = quote[wanted[i - 1].end : wanted[i].start]
        if there == here:
            continue
        if _LETTERS.search(there) or _LETTERS.search(here):
            continue  # an inserted "he said", or brackets
        if is_title(run[i - 1].word) or len(run[i - 1].word) == 1:
            continue  # "Dr. Farrow", "J. Doe"
        if _runs_on(there, here) or _runs_on(here, there):
            return False
    return True


def _runs_on(one: str, other: str) -> bool:
    """Whether a sentence ends in one gap between words and nothing at all marks it in the other."""
    return bool(_STOP.search(one)) and not re.search(r"[^\w\s\"'“”„«»‘’()\[\]]", other)


def _in_parts(article: Article, index: _Index, parts: tuple[Part, ...], quote: str, most: int) -> list[Occurrence]:
    found: list[Occurrence] = []
    first = [token.key for token in parts[0].tokens]
    for at in index.whole.find(first):
        places = _follow(article, index.whole, parts, at)
        if places is None:
            continue
        tokens = index.whole.tokens
        spans = tuple((tokens[low].start, tokens[high - 1].end) for low, high in places)
        occurrence = Occurrence(spans[0][0], spans[-1][1], spans, omitted=True)
        if _is_one_place(article, occurrence):
            found.append(occurrence)
        if len(found) == most:
            break
    return found


def _follow(article: Article, stream: _Stream, parts: tuple[Part, ...], at: int) -> list[tuple[int, int]] | None:
    """(first, end) token of each part from `at` on, each in the same paragraph as the one before."""
    places = [(at, at + len(parts[0].tokens))]
    for part in parts[1:]:
        low = places[-1][1]
        following = next(stream.find([token.key for token in part.tokens], low), None)
        if following is None:
            return None
        gap = article.text[stream.tokens[low - 1].end : stream.tokens[following].start]
        if _ends_paragraph(gap) or (part.bracket and following - low > _MOST_REPLACED):
            return None
        places.append((following, following + len(part.tokens)))
    return places


_MOST_REPLACED = 12  # words of the source that [brackets] can stand for


def _ends_paragraph(gap: str) -> bool:
    return bool(re.search(r"\n\s*\n|\n(?![ \t]*[a-zà-ÿ])", gap))


# --- The nearest words ------------------------------------------------------------------------------------------------


def align(article: Article, quote: str) -> Alignment | None:
    """The stretch of the article that has most of the quotation's words in its order, and what differs there."""
    wanted = _without_brackets(quote)
    index = _index(article)
    tokens = index.whole.tokens
    window = _densest(tokens, wanted)
    if window is None:
        return None
    low, high = window
    matches = _matching([t.key for t in wanted], [t.key for t in tokens[low:high]])
    matches = [(i, low + j, n) for i, j, n in matches]
    if not matches:
        return None
    matches = _compact(matches)
    first, last = _edges(article, tokens, matches, len(wanted))
    same = sum(n for _, _, n in matches)
    share = same / max(len(wanted), matches[-1][1] + matches[-1][2] - matches[0][1])
    differences = tuple(_differences(quote, wanted, article, tokens, matches, first, last))
    if not differences and last - first == len(wanted):
        differences = tuple(_run_together(quote, wanted, article, tokens[first:last]))
    return Alignment(tokens[first].start, tokens[last - 1].end, share, differences)


def common_share(article: Article, quote: str) -> float:
    """The share of the quotation's different words that the article has anywhere: an upper bound for `align`."""
    keys = {token.key for token in tokens_of(quote)[:MOST_WORDS]}
    return len(keys & _index(article).bag) / len(keys) if keys else 0.0


def _densest(tokens: Sequence[Token], wanted: Sequence[Token]) -> tuple[int, int] | None:
    """The window of the article, half again as long as the quotation, that has most of its words, rare ones first."""
    counts = Counter(token.key for token in tokens)
    quoted = Counter(token.key for token in wanted)
    weight = {key: 1.0 / counts[key] for key in quoted if counts[key]}
    if not weight:
        return None
    size = min(len(tokens), len(wanted) + len(wanted) // 2 + 6)
    held: Counter[str] = Counter()
    score, best, best_at = 0.0, -1.0, 0
    for i, token in enumerate(tokens):
        if token.key in weight:
            held[token.key] += 1
            score += weight[token.key] if held[token.key] <= quoted[token.key] else 0.0
        if i >= size and (left := tokens[i - size].key) in weight:
            score -= weight[left] if held[left] <= quoted[left] else 0.0
            held[left] -= 1
        if score > best + 1e-9:
            best, best_at = score, i
    end = min(len(tokens), best_at + 1 + len(wanted) // 2)
    return max(0, best_at + 1 - size - len(wanted) // 2), end


_ANCHOR = 6  # words in a row that anchor a long alignment
_LONG = 400  # words from which anchors are sought first


def _matching(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """(i, j, n) of runs with a[i:i+n] == b[j:j+n], in order."""
    if len(a) <= _LONG:
        return _blocks(a, b, 0, 0)
    found: list[tuple[int, int, int]] = []
    low_a = low_b = 0
    for i, j, n in [*_anchors(a, b), (len(a), len(b), 0)]:
        if i < low_a or j < low_b:
            continue
        gap_a, gap_b = a[low_a:i], b[low_b:j]
        if len(gap_a) <= 2 * _LONG and len(gap_b) <= 4 * _LONG:
            found += _blocks(gap_a, gap_b, low_a, low_b)
        if n:
            found.append((i, j, n))
        low_a, low_b = i + n, j + n
    return found


def _blocks(a: Sequence[str], b: Sequence[str], at_a: int, at_b: int) -> list[tuple[int, int, int]]:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return [(at_a + m.a, at_b + m.b, m.size) for m in matcher.get_matching_blocks() if m.size]


def _anchors(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Runs of words that stand once in b, extended as far as both agree, in order."""
    places: dict[tuple[str, ...], int] = {}
    for j in range(len(b) - _ANCHOR + 1):
        run = tuple(b[j : j + _ANCHOR])
        places[run] = -1 if run in places else j
    i, low = 0, 0
    while i <= len(a) - _ANCHOR:
        j = places.get(tuple(a[i : i + _ANCHOR]), -1)
        if j < low:
            i += 1
            continue
        n = _ANCHOR
        while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
            n += 1
        yield i, j, n
        i, low = i + n, j + n


def _compact(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Without stray single words at either end that lie far from the rest."""
    kept = list(matches)
    while len(kept) > 1 and kept[0][2] <= 2 and kept[1][1] - kept[0][1] > 4 * (kept[1][0] - kept[0][0]) + 2:
        kept.pop(0)
    while (
        len(kept) > 1
        and kept[-1][2] <= 2
        and kept[-1][1] - kept[-2][1] - kept[-2][2] > 4 * (kept[-1][0] - kept[-2][0] - kept[-2][2]) + 2
    ):
        kept.pop()
    return kept


def _edges(article: Article, tokens: Sequence[Token], matches: list[tuple[int, int, int]], n: int) -> tuple[int, int]:
    """The article's tokens that stand against the whole quotation, its unmatched ends too, within their sentence."""
    i, j, _ = matches[0]
    first, last = j, matches[-1][1] + matches[-1][2]
    for _ in range(i):
        if first and not _parted(article, tokens[first - 1], tokens[first]):
            first -= 1
    for _ in range(n - matches[-1][0] - matches[-1][2]):
        if last < len(tokens) and not _parted(article, tokens[last - 1], tokens[last]):
            last += 1
    return first, last


def _parted(article: Article, a: Token, b: Token) -> bool:
    gap = article.text[a.end : b.start]
    return bool(_STOP.search(gap)) or "\n" in gap or any(mark in gap for mark in '"“”„«»')


# --- What differs -----------------------------------------------------------------------------------------------------

NEGATIONS = frozenset(
    """not no never none nobody nothing nowhere neither nor cannot without hardly barely nicht nie niemals niemand nichts kein
    keine keinen keinem keiner keines ohne nunca nadie nada ninguno ninguna ningún sin tampoco jamais pas aucun aucune rien sans
    """.split()
)
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli
    oktober dezember lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto
    septiembre octubre noviembre diciembre today yesterday tomorrow""".split()
)
_COUNTS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion
    trillion dozen dozens half twice third quarter fifth tenth zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig
    dreißig hundert tausend millionen milliarden dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cien
    mil millones catorce quince percent""".split()
)
_TIME = re.compile(r"\d{1,2}:\d\d|(?:1[6-9]|20|21)\d\d")


def is_negation(word: str) -> bool:
    plain = word.casefold()
    return plain in NEGATIONS or plain.endswith("n't")


def _differences(
    quote: str,
    wanted: Sequence[Token],
    article: Article,
    tokens: Sequence[Token],
    matches: list[tuple[int, int, int]],
    first: int,
    last: int,
) -> Iterator[Difference]:
    low_q, low_s = 0, first
    elided = [match.start() for match in _ELLIPSIS.finditer(quote)]
    for i, j, n in [*matches, (len(wanted), last, 0)]:
        mine, theirs = list(wanted[low_q:i]), list(tokens[low_s:j])
        before = wanted[low_q - 1].end if low_q else 0
        until = wanted[i].start if i < len(wanted) else len(quote)
        if not (mine == [] and any(before <= at < until for at in elided)):
            for some_mine, some_theirs in _pairs(mine, theirs):
                if difference := _difference(quote, before, some_mine, article, tokens[low_s - 1].end, some_theirs):
                    yield difference
                if some_mine:
                    before = some_mine[-1].end
        low_q, low_s = i + n, j + n


def _run_together(
    quote: str, wanted: Sequence[Token], article: Article, there: Sequence[Token]
) -> Iterator[Difference]:
    """Where the quotation ends a sentence that the source does not end there, or the other way round."""
    for i in range(1, len(wanted)):
        here, gap = (wanted[i - 1].end, wanted[i].start), (there[i - 1].end, there[i].start)
        mine, theirs = quote[slice(*here)], article.text[slice(*gap)]
        if _runs_on(theirs, mine) or _runs_on(mine, theirs):
            ends = _runs_on(theirs, mine)
            note = "A sentence of the source ends here." if ends else "The source's sentence does not end here."
            yield Difference(Kind.WORDS, mine, theirs, *here, *gap, article.id, note)


def _pairs(mine: list[Token], theirs: list[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    """Runs of equal length word by word, others whole."""
    if len(mine) == len(theirs) and len(mine) <= 4:
        for a, b in zip(mine, theirs, strict=True):
            yield [a], [b]
    elif mine or theirs:
        yield mine, theirs


def _difference(
    quote: str, before: int, mine: list[Token], article: Article, behind: int, theirs: list[Token]
) -> Difference | None:
    if not mine and not theirs:
        return None
    start, end = (mine[0].start, mine[-1].end) if mine else (before, before)
    low, high = (theirs[0].start, theirs[-1].end) if theirs else (max(0, behind), max(0, behind))
    kind = _kind(mine, theirs, quote, article)
    in_claim, in_source = quote[start:end], article.text[low:high]
    return Difference(
        kind, in_claim, in_source, start, end, low, high, article.id, _note(kind, mine, in_claim, theirs, in_source)
    )


def _kind(mine: list[Token], theirs: list[Token], quote: str, article: Article) -> Kind:
    both = [*mine, *theirs]
    if sum(is_negation(t.word) for t in mine) != sum(is_negation(t.word) for t in theirs):
        return Kind.NEGATION
    if any(t.key in _DAYS or _TIME.fullmatch(t.key) for t in both):
        return Kind.DATE
    if any(t.key[0].isdigit() or t.key in _COUNTS for t in both):
        return Kind.NUMBER
    names = [t for t in mine if _is_name(t, quote)], [t for t in theirs if _is_name(t, article.text)]
    return Kind.NAME if any(names) else Kind.WORDS


def _is_name(token: Token, text: str) -> bool:
    """Whether the word has a capital that no sentence's beginning gives it."""
    before = text[max(0, token.start - 3) : token.start].rstrip()
    opens = not before or before[-1] in ".!?:\"“„«'‘([\n" or "\n" in text[max(0, token.start - 2) : token.start]
    return token.word[0].isupper() and not opens and token.key not in ("i", "i'm", "i've", "i'll", "i'd")


def _note(kind: Kind, mine: list[Token], in_claim: str, theirs: list[Token], in_source: str) -> str:
    if kind is Kind.NEGATION:
        there = [t.word for t in theirs if is_negation(t.word)]
        here = [t.word for t in mine if is_negation(t.word)]
        if there and not here:
            return f'The source has "{there[0]}" here.'
        return f'The source does not have "{here[0]}" here.' if here else f'The source says "{_short(in_source)}" here.'
    if not mine:
        return f'The source also has "{_short(in_source)}" here.'
    if not theirs:
        return f'The source does not have "{_short(in_claim)}" here.'
    return f'The source says "{_short(in_source)}", not "{_short(in_claim)}".'


def _short(text: str, longest: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " ..."


# --- Words joined from several places ---------------------------------------------------------------------------------

_SEAM_WORDS = 4  # each side of a seam has so many words at least


def seam(articles: Sequence[Article], quote: str) -> tuple[int, Article, Span, Article, Span] | None:
    """Where a quotation is joined from the very words of two places: (offset in the quotation, first place, second place).

    None unless each side is whole and stands somewhere. The first side is taken as long as it can be.
    """
    wanted = _without_brackets(quote)
    keys = [token.key for token in wanted]
    best: tuple[int, Article, Span] | None = None
    for article in articles:
        stream = _index(article).whole
        n = _longest_prefix(stream, keys)
        if n >= _SEAM_WORDS and (best is None or n > best[0]):
            at = next(stream.find(keys[:n]))
            best = n, article, Span(article.id, stream.tokens[at].start, stream.tokens[at + n - 1].end)
    if best is None or len(keys) - best[0] < _SEAM_WORDS:
        return None
    n, first, there = best
    for article in (first, *(other for other in articles if other is not first)):
        stream = _index(article).whole
        at = next(stream.find(keys[n:]), -1)
        if at >= 0:
            second = Span(article.id, stream.tokens[at].start, stream.tokens[at + len(keys) - n - 1].end)
            return wanted[n].start, first, there, article, second
    return None


def _longest_prefix(stream: _Stream, keys: Sequence[str]) -> int:
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high + 1) // 2
        if next(stream.find(keys[:middle]), None) is None:
            high = middle - 1
        else:
            low = middle
    return low
