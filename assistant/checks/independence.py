"""Articles to the number of the independent source behind each: a story that five papers print is one source.

Three signs, joined as a graph: the texts share their word sequences (Broder, "On the Resemblance and Containment of Documents",
1997: containment, since copies lose their end), the sentences quoted as evidence are the same, or both rest on one agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from assistant.clauses import hide_quoted
from assistant.sentences import split_sentences
from assistant.text import fold
from assistant.types import Article, Zone

SHARED = 0.35  # share of the shorter text's word sequences from which two articles are one story; strangers reach 0.15
SAME_SENTENCE = 0.75  # of two evidence sentences
SAME_AGENCY = 0.45  # of two evidence sentences whose articles rest on one agency
SAME_AGENCY_TEXT = 0.2  # of the texts of two such articles

_SEQUENCE_WORDS = 5  # of a text
_PAIR_WORDS = 2  # of a sentence
_FEWEST_SEQUENCES = 25  # shorter texts are alike by chance
_FEWEST_WORDS = 7  # of a sentence
_NOT_REPORTED = (Zone.COMMENT, Zone.BOILERPLATE)
_WORD = re.compile(r"\w+")
_AGENCY_NAMES = (
    r"Reuters|Associated Press|AP|Agence France[- ]Presse|AFP|dpa|Deutsche Presse-Agentur|PA Media|Press Association|EFE|ANSA"
    r"|Xinhua|TASS|Interfax|RIA Novosti|Bloomberg|UPI|United Press International|Kyodo|Yonhap|Press Trust of India|PTI|ANI"
    r"|Canadian Press|Australian Associated Press|AAP|Anadolu|APA|Ritzau|Belga|Keystone-SDA|Europa Press"
)
_NAMED_AGENCY = re.compile(
    rf"\b(?:the )?(?P<name>{_AGENCY_NAMES}|(?:[A-Z][\w&’'-]{{1,30}} ){{1,3}}"
    r"(?:Wire|Press Agency|News Agency|News Service|Newswire))\b"
)
_DATELINE_CHARS = 300
_LONGEST_QUOTE = 5000  # characters in which newsrooms and agencies are looked for
_SAYS = (
    r"(?:has |had |have |first |also )?(?:report(?:s|ed)|said|says|wrote|writes|quoted|revealed|first reported|cited)"
)
_AS_SOURCE = r"(?:according to|citing|as reported by|reported by|told|quoted by|cited by|first published (?:by|in))"


def independent_groups(articles: Sequence[Article], quotes: Sequence[str] = ()) -> list[int]:
    """The number of the independent source of each article, from 1, in order of appearance.

    `quotes` are the sentences that the articles are cited for, a text an article or none at all; with them, copies are found
    that share but a paragraph. Two articles of one newsroom are one source; unknown newsrooms are strangers to each other.
    """
    papers = [_Paper.of(article, quotes[at] if at < len(quotes) else "") for at, article in enumerate(articles)]
    leader = list(range(len(papers)))
    for one, other in combinations(range(len(papers)), 2):
        if _root(leader, one) != _root(leader, other) and _same_source(papers[one], papers[other]):
            leader[_root(leader, other)] = _root(leader, one)
    _join_newsrooms(papers, leader)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_root(leader, at), len(numbers) + 1) for at in range(len(papers))]


def _join_newsrooms(papers: Sequence[_Paper], leader: list[int]) -> None:
    """Make one source of what one newsroom wrote; a story that it shares with others is not its own."""
    rooms: dict[int, set[str]] = {}
    for at, paper in enumerate(papers):
        rooms.setdefault(_root(leader, at), set()).add(paper.wrote)
    first: dict[str, int] = {}
    for root, names in rooms.items():
        (name, *others) = names
        if name and not others:
            leader[root] = first.setdefault(name, root)


def _root(leader: list[int], at: int) -> int:
    while leader[at] != at:
        leader[at] = leader[leader[at]]
        at = leader[at]
    return at


@dataclass(frozen=True, slots=True)
class _Paper:
    """What of an article tells whose report it is."""

    id: str
    address: str
    newsroom: str
    """Who printed it."""
    wrote: str
    """Who reported it: the agency, where one is named."""
    agencies: frozenset[str]
    """Agencies that wrote it, by publisher, byline or dateline."""
    named: frozenset[str]
    """Agencies that its evidence sentence names as source."""
    sequences: frozenset[tuple[str, ...]]
    quote: str
    sentences: tuple[frozenset[tuple[str, ...]], ...]
    """Of the quote, each as its pairs of words."""

    @classmethod
    def of(cls, article: Article, quote: str) -> _Paper:
        wrote = list(_agencies_in(f"{article.publisher or ''}\n{article.author or ''}\n{_top_of(article)}"))
        return cls(
            id=article.id,
            address=_address(article.url),
            newsroom=_name(article.publisher or ""),
            wrote=next(iter(wrote), _name(article.publisher or "")),
            agencies=frozenset(wrote),
            named=frozenset(_agencies_in(quote[:_LONGEST_QUOTE])),
            sequences=_sequences(_words(_reported_text(article)), _SEQUENCE_WORDS),
            quote=quote[:_LONGEST_QUOTE],
            sentences=tuple(_sentences(quote[:_LONGEST_QUOTE])),
        )


def _same_source(one: _Paper, other: _Paper) -> bool:
    if one.id == other.id or (one.address and one.address == other.address):
        return True
    if min(len(one.sequences), len(other.sequences)) >= _FEWEST_SEQUENCES and _shared(one, other) >= SHARED:
        return True
    alike = max((_containment(a, b) for a in one.sentences for b in other.sentences), default=0.0)
    return alike >= SAME_SENTENCE or _rest_on_one(one, other, alike) or _names(one, other) or _names(other, one)


def _rest_on_one(one: _Paper, other: _Paper, alike: float) -> bool:
    """Whether one agency is behind both, and what they are cited for is the same in substance."""
    if one.named & other.named:
        return True
    common = (one.agencies | one.named) & (other.agencies | other.named)
    return bool(common) and (alike >= SAME_AGENCY or _shared(one, other) >= SAME_AGENCY_TEXT)


def _names(citing: _Paper, cited: _Paper) -> bool:
    """Whether the evidence of one article is what the other's newsroom reported: "the Harbour Courier reported"."""
    if len(cited.newsroom) < 3 or cited.newsroom not in _name(citing.quote):
        return False
    newsroom = re.escape(cited.newsroom)
    said = rf"\b{newsroom}\b(?:, [^,]{{0,120}},)? {_SAYS}\b|\b{_AS_SOURCE} (?:the )?{newsroom}\b"
    return re.search(said, _name(citing.quote)) is not None


def _shared(one: _Paper, other: _Paper) -> float:
    return _containment(one.sequences, other.sequences)


def _containment(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The share of the smaller set that the larger one holds, 0..1."""
    return len(one & other) / max(1, min(len(one), len(other)))


# --- What is compared -------------------------------------------------------------------------------------------------


def _reported_text(article: Article) -> str:
    """What the newsroom wrote itself: no readers' comments, no page furniture, no quotations.

    Furniture is on every page of a site, and two reporters in one room quote one speech.
    """
    sections = [section for section in article.sections if section.zone not in _NOT_REPORTED]
    kept = [article.quote(section.span) for section in sections if section.zone is not Zone.QUOTATION]
    text = "\n".join(kept) if article.sections else article.text
    return "\n".join(hide_quoted(line) for line in text.split("\n"))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).text.casefold())


def _sentences(quote: str) -> Iterator[frozenset[tuple[str, ...]]]:
    """The pairs of words of each sentence that is long enough to be known again."""
    for start, end in split_sentences(quote):
        words = _words(quote[start:end])
        if len(words) >= _FEWEST_WORDS:
            yield _sequences(words, _PAIR_WORDS)


def _sequences(words: Sequence[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[at:] for at in range(length)), strict=False))


def _address(url: str | None) -> str:
    """The address without what does not change the page: scheme, www, m., amp, query, fragment, a slash at the end."""
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    host = re.sub(r"^(?:www|m|amp|mobile|edition)\.", "", parts.netloc.casefold())
    path = re.sub(r"/(?:amp|index\.html?)?/?$|\.amp$", "", parts.path)
    article_number = re.search(r"(?:^|&)(?:id|article|p|story)=[\w-]+", parts.query)
    return f"{host}{path}?{article_number.group().lstrip('&') if article_number else ''}"


def _name(text: str) -> str:
    """A newsroom's name as it compares."""
    return re.sub(r"^the ", "", " ".join(fold(text).text.casefold().split()))


def _top_of(article: Article) -> str:
    """Where a dateline names an agency: "(Reuters)", "AP -", in the first lines."""
    top = article.text[:_DATELINE_CHARS]
    marked = re.findall(
        rf"\((?:{_AGENCY_NAMES})\)|^[^\n]{{0,60}}?\b(?:{_AGENCY_NAMES})\b ?[-–—]|^(?:By )?(?:{_AGENCY_NAMES})$",
        top,
        re.M,
    )
    return "\n".join(marked)


def _agencies_in(text: str) -> Iterator[str]:
    for match in _NAMED_AGENCY.finditer(text):
        name = _name(match["name"])
        yield _SHORT.get(name, name)


_SHORT = {
    "ap": "associated press",
    "afp": "agence france-presse",
    "agence france presse": "agence france-presse",
    "dpa": "deutsche presse-agentur",
    "pa media": "press association",
    "upi": "united press international",
    "pti": "press trust of india",
    "aap": "australian associated press",
}
