"""A claim to the sentences of the library that may speak for or against it.

Three searches a claim: its words; its names and numbers; its words without the numbers and dates, which finds the
sentence that gives another one. What a sentence says of the claim is not looked at here, so evidence against is found as
well as evidence for. Further searches, as a chat model words them, add sentences and take none away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.chunking import Sentence, article_sentences
from assistant.quantities import comparable_terms, comparable_words, plain
from assistant.types import Article, Hit, Kind, Premise, Span, Zone
from assistant.values import find_values

HITS = 10  # passages a search
CANDIDATES = 40  # sentences that the verifier reads
ADDED = 10  # and those that further searches bring beside them
OWN, AROUND = 1.0, 0.4  # what a term of the claim counts in the sentence itself, and beside it or in the title

Search = Callable[[str, int], Sequence[Hit]]
"""(query, number) to the best passages."""
Articles = Callable[[Collection[str]], Mapping[str, Article]]
TermWeight = Callable[[str], float]

_NO_REPORTING = (Zone.BOILERPLATE, Zone.BYLINE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that a search brought, as the verifier gets it."""

    article: Article
    sentence: Sentence
    premise: Premise
    coverage: float
    """Share of the claim's terms, or of a further search's, by weight, in the sentence and around it; 0..1."""

    @property
    def span(self) -> Span:
        return Span(self.article.id, self.sentence.start, self.sentence.end)


@dataclass(slots=True)
class Reader:
    """The articles and their sentences, each read once while a text is checked."""

    articles: Articles
    _known: dict[str, Article] = field(default_factory=dict)
    _sentences: dict[str, list[Sentence]] = field(default_factory=dict)

    def get(self, ids: Collection[str]) -> Mapping[str, Article]:
        missing = [article_id for article_id in ids if article_id not in self._known]
        if missing:
            self._known.update(self.articles(missing))
        return {article_id: self._known[article_id] for article_id in ids if article_id in self._known}

    def sentences(self, article: Article) -> list[Sentence]:
        """Those that report something or are a reader's comment, in reading order."""
        if article.id not in self._sentences:
            self._sentences[article.id] = [s for s in article_sentences(article) if s.zone not in _NO_REPORTING]
        return self._sentences[article.id]


def queries(claim: str, day: date | None = None) -> tuple[str, ...]:
    """What is searched for: the claim, its names and numbers, and the claim without its numbers and dates."""
    values = find_values(claim, day)
    named = " ".join(value.text for value in values)
    measured = [value for value in values if value.kind is not Kind.NAME]
    without = _without(claim, [(value.start, value.end) for value in measured])
    texts = (claim, named if len(values) > 1 else "", without if measured else "")
    return tuple(dict.fromkeys(text for text in texts if any(map(str.isalnum, text))))


def gather(
    claim: str,
    search: Search,
    reader: Reader,
    weight: TermWeight,
    day: date | None = None,
    further: Sequence[str] = (),
) -> list[Candidate]:
    """The sentences of the best passages that share most with the claim, at most CANDIDATES, best first.

    After these come at most ADDED that the `further` searches bring beside them, those that share most with their search
    first: in other words they may share little with the claim.
    """
    kept = _found(queries(claim, day), claim, search, reader, weight)[:CANDIDATES]
    if not further:
        return kept
    known = {candidate.span for candidate in kept}
    brought = (one for text in further for one in _found([text], text, search, reader, weight) if one.span not in known)
    best: dict[Span, Candidate] = {}
    for one in sorted(brought, key=lambda candidate: -candidate.coverage):
        best.setdefault(one.span, one)
    return [*kept, *list(best.values())[:ADDED]]


def _found(texts: Sequence[str], wanted: str, search: Search, reader: Reader, weight: TermWeight) -> list[Candidate]:
    """The sentences of the passages that these searches bring, by how much they have of what is wanted, falling."""
    weights = {term: weight(plain(term)) for term in comparable_terms(wanted)}
    spans: dict[str, list[Span]] = {}
    for hit in (hit for text in texts for hit in search(text, HITS)):
        spans.setdefault(hit.passage.span.article_id, []).append(hit.passage.span)
    found = [
        candidate
        for article in reader.get(list(spans)).values()
        for candidate in _candidates(article, reader.sentences(article), spans[article.id], weights)
    ]
    return sorted(found, key=lambda candidate: -candidate.coverage)


def _candidates(
    article: Article, sentences: Sequence[Sentence], spans: Sequence[Span], weights: Mapping[str, float]
) -> Iterator[Candidate]:
    about = _about(article, sentences)
    title = _terms(about)
    for i, sentence in enumerate(sentences):
        if not any(span.start <= sentence.start and sentence.end <= span.end for span in spans):
            continue
        text = article.text[sentence.start : sentence.end]
        before, after = (_text(article, sentences, j, sentence.zone) for j in (i - 1, i + 1))
        coverage = _coverage(weights, _terms(text), title | _terms(before) | _terms(after))
        if coverage:
            premise = Premise(text, before, after, about, article.published)
            yield Candidate(article, sentence, premise, coverage)


def _about(article: Article, sentences: Sequence[Sentence]) -> str:
    """The title and the first sentence of the report, which name what "the ferry" is in the rest of it."""
    lead = next((article.text[s.start : s.end] for s in sentences if s.zone is Zone.BODY), "")
    return "\n".join(filter(None, (article.title, lead)))


def _text(article: Article, sentences: Sequence[Sentence], i: int, zone: Zone) -> str:
    """The neighbour's text; empty at the ends, and where reporting and comment meet."""
    if not 0 <= i < len(sentences) or (sentences[i].zone is Zone.COMMENT) != (zone is Zone.COMMENT):
        return ""
    return article.text[sentences[i].start : sentences[i].end]


def _terms(text: str) -> set[str]:
    return {word.term for word in comparable_words(text)}


def _coverage(weights: Mapping[str, float], own: Collection[str], around: Collection[str]) -> float:
    total = sum(weights.values())
    held = sum(w * (OWN if term in own else AROUND if term in around else 0.0) for term, w in weights.items())
    return held / total if total else 0.0


def _without(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(ranges):
        kept.append(text[at:start])
        at = end
    return " ".join(" ".join([*kept, text[at:]]).split())
