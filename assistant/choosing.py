"""A question and several given answers to the one that the articles support, or to none: no language model.

Each answer is searched with the question. A sentence that holds it supports it by how much of the question stands in that
sentence, near the answer and around the sentence, and by how well its passage was found (window scores of question
answering by redundancy: Clarke, Cormack & Lynam, SIGIR 2001). Where the sentences that say most of what is asked hold none
of the answers, none is chosen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.cases import says_none
from assistant.chunking import Sentence, article_sentences
from assistant.errors import BadQuestion
from assistant.quantities import comparable_terms, comparable_words, plain
from assistant.terms import all_stems
from assistant.types import Article, Choice, Evidence, Hit, Span, Status, Zone

# What a sentence earns for the question's words in it, near the answer and around the sentence, and for its passage.
OWN, NEAR, AROUND, PASSAGE = 0.4, 0.3, 0.2, 0.5
HALF_RANK = 10  # a passage that stands this far behind the first is worth half of it
NEAR_WORDS = 12  # a word of the question this far from the answer counts 1/e
BY_CHOICE = 0.8  # of a passage that only question and answer together found
PARTLY = 0.3  # the least of an answer that a sentence must hold to support it
SCATTERED = 0.7  # for an answer whose words stand apart
DENIED = 0.8  # for an answer behind "not", "than", "instead of"
AGREEMENT, AGREEING = 0.05, 3  # share of the support that this many further articles add
LEAD = 0.3  # what being ahead of the second answer adds
SUPPORTED = 0.7  # the score from which an answer is chosen; docs/evaluation.md has what it costs on both sides
STEEPNESS = 6.0  # of the map from the score to the chance of being right, which is one half at SUPPORTED
ALL_FROM = 0.8  # "all of the above", when the weakest answer has this share of the strongest one's support
MAX_EVIDENCE = 3

_ALL = re.compile(r"\W*(?:all|both) (?:of )?(?:the|these|those|them)\b.*", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?i:except)\b|\bNOT\b|\b(?:of (?:these|those|the following)|one of)\b[^.?!]*(?: not\b|n['’]t\b)| not one of\b"
)
_DENIALS = frozenset(all_stems("not never no nor without except than instead rather unlike"))
_NO_EVIDENCE = (Zone.COMMENT, Zone.BOILERPLATE, Zone.BYLINE)
_NOT_BELIEVED = (Status.RETRACTED, Status.SATIRE)

Search = Callable[[str], Sequence[Hit]]
Articles = Callable[[Collection[str]], Mapping[str, Article]]
TermWeight = Callable[[str], float]
Weights = Mapping[str, float]


def choose(question: str, choices: Sequence[str], search: Search, articles: Articles, weight: TermWeight) -> Choice:
    """The answer that the articles support best; `index` is None when they support none.

    The highest of `scores` is the pick of a caller that must have one. An answer that says "none of the above" is not
    searched: its score is the highest exactly when `index` is None. "All of the above" wins when every other answer has
    nearly the same support. Of "all of these except", the answer is the one whose others are supported.
    Raises BadQuestion for fewer than two answers, and when none has words of its own.
    """
    answers = _answers(choices)
    found = [search(text) for text in (question, *(f"{question} {answer}" for answer in answers.values()))]
    sentences = _sentences(found, articles)
    asked = _weights(comparable_terms(question), weight)
    supports = {
        place: _support(_sought(answer, asked, weight), asked, sentences, query)
        for query, (place, answer) in enumerate(answers.items(), start=1)
    }
    windows = _best_of_articles((_speaks_of(asked, sentence), sentence) for sentence in sentences)
    scores = _scores(question, choices, supports, windows[0][0] if windows else 0.0)
    best = max((place for place in range(len(choices)) if not says_none(choices[place])), key=scores.__getitem__)
    chance = 1 / (1 + math.exp(STEEPNESS * (SUPPORTED - scores[best])))
    if scores[best] < SUPPORTED:
        return Choice(None, scores, 1 - chance, _evidence(windows, asked))
    own = supports[best].sentences if best in supports and not _EXCEPT.search(question) else ()
    others = _best_of_articles(one for place, held in supports.items() if place != best for one in held.sentences)
    return Choice(best, scores, chance, _evidence(own or others, asked))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that a search brought."""

    article: Article
    start: int
    end: int
    zone: Zone
    terms: tuple[str, ...]
    """In reading order, function words too."""
    around: frozenset[str]
    """Terms of the sentence, its neighbours and the title."""
    recency: float
    """The root of the article's over the newest one's: half of the preference that retrieval has."""
    passage: tuple[float, ...]
    """For each query how well the best passage with the sentence was found, 1 for its first hit; 0 when it was not."""


Scored = tuple[float, _Sentence]


@dataclass(frozen=True, slots=True)
class _Support:
    """What the articles have for one answer."""

    total: float
    sentences: tuple[Scored, ...]
    """The best of each article, best first."""


def _answers(choices: Sequence[str]) -> dict[int, str]:
    """The answers that say something of their own, by their place."""
    own = {
        place: choice
        for place, choice in enumerate(choices)
        if comparable_terms(choice) and not says_none(choice) and not _ALL.fullmatch(choice)
    }
    if len(choices) < 2 or not own:
        raise BadQuestion(
            f"There is nothing to choose from: {list(choices)}.", "Give two answers or more, each in words."
        )
    return own


# --- What was found ---------------------------------------------------------------------------------------------------


def _sentences(found: Sequence[Sequence[Hit]], articles: Articles) -> list[_Sentence]:
    """Every sentence of reporting in the hits, once; `found` has the bare question's hits first."""
    by_article: dict[str, list[tuple[int, Hit]]] = {}
    for query, hits in enumerate(found):
        for hit in hits:
            by_article.setdefault(hit.passage.span.article_id, []).append((query, hit))
    newest = max((_recency(hit) for hits in found for hit in hits), default=1.0)
    return [
        sentence
        for article_id, article in articles(list(by_article)).items()
        if article.status not in _NOT_BELIEVED
        for sentence in _sentences_of(article, by_article[article_id], len(found), newest)
    ]


def _sentences_of(
    article: Article, hits: Sequence[tuple[int, Hit]], n_queries: int, newest: float
) -> Iterator[_Sentence]:
    stretches = [s for s in article_sentences(article) if s.zone not in _NO_EVIDENCE]
    title = {word.term for word in comparable_words(article.title or "")}
    recency = math.sqrt(_recency(hits[0][1]) / newest)
    for i, stretch in enumerate(stretches):
        passage = [0.0] * n_queries
        for query, hit in hits:
            if hit.passage.span.start <= stretch.start and stretch.end <= hit.passage.span.end:
                passage[query] = max(passage[query], 1 / (1 + (hit.rank - 1) / HALF_RANK))
        if any(passage):
            around = [_terms(article, neighbour) for neighbour in stretches[max(0, i - 1) : i + 2]]
            yield _Sentence(
                article,
                stretch.start,
                stretch.end,
                stretch.zone,
                _terms(article, stretch),
                frozenset(title).union(*around),
                recency,
                tuple(passage),
            )


def _recency(hit: Hit) -> float:
    return hit.parts.get("recency", 1.0)


def _terms(article: Article, sentence: Sentence) -> tuple[str, ...]:
    return tuple(word.term for word in comparable_words(article.text[sentence.start : sentence.end]))


# --- What a sentence is worth -----------------------------------------------------------------------------------------


def _support(sought: Weights, asked: Weights, sentences: Iterable[_Sentence], query: int) -> _Support:
    """What the sentences that hold the sought words say of the other words that are asked for."""
    rest = {term: weight for term, weight in asked.items() if term not in sought}
    ordered = _best_of_articles((_strength(sought, rest, sentence, query), sentence) for sentence in sentences)
    strengths = [strength for strength, _ in ordered]
    return _Support(sum(strengths[:1]) + AGREEMENT * sum(strengths[1 : 1 + AGREEING]), tuple(ordered))


def _strength(sought: Weights, rest: Weights, sentence: _Sentence, query: int) -> float:
    """How well this sentence supports the answer; 0 when it does not hold it."""
    places = [i for i, term in enumerate(sentence.terms) if term in sought]
    held = _held(sought, sentence.terms, places)
    if held < PARTLY:
        return 0.0
    passage = max(sentence.passage[0], BY_CHOICE * sentence.passage[query])
    near = NEAR * _near(rest, sentence.terms, places)
    return held * sentence.recency * (_covers(rest, sentence) + near + PASSAGE * passage)


def _held(sought: Weights, terms: Sequence[str], places: Sequence[int]) -> float:
    """How much of the answer stands there, 0..1, by weight."""
    held = _share(sought, {terms[i] for i in places})
    if held >= PARTLY and _apart(terms, places):
        held *= SCATTERED
    denied = places and all(_DENIALS.intersection(terms[max(0, i - 3) : i]) for i in places)
    return held * DENIED if denied else held


def _apart(terms: Sequence[str], places: Sequence[int]) -> bool:
    """Whether the words found stand nowhere within two words more than they are."""
    wanted = {terms[i] for i in places}
    return len(wanted) > 1 and not any(wanted.issubset(terms[i : i + len(wanted) + 2]) for i in places)


def _near(rest: Weights, terms: Sequence[str], places: Sequence[int]) -> float:
    """The share of the question that stands near the answer, 0..1: less, the farther each word is."""
    nearness: dict[str, float] = {}
    for i, term in enumerate(terms):
        if term in rest:
            distance = min(abs(i - place) for place in places)
            nearness[term] = max(nearness.get(term, 0.0), math.exp(-distance / NEAR_WORDS))
    total = sum(rest.values())
    return sum(rest[term] * near for term, near in nearness.items()) / total if total else 0.0


def _speaks_of(asked: Weights, sentence: _Sentence) -> float:
    """What the sentence would be worth to an answer in its middle."""
    if not sentence.passage[0]:
        return 0.0
    near = NEAR * 0.5 * _share(asked, sentence.terms)
    return sentence.recency * (_covers(asked, sentence) + near + PASSAGE * sentence.passage[0])


def _covers(asked: Weights, sentence: _Sentence) -> float:
    return OWN * _share(asked, sentence.terms) + AROUND * _share(asked, sentence.around)


def _share(weights: Weights, terms: Collection[str]) -> float:
    """The share of the weight that the terms hold, 0..1; 1 when nothing is wanted."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 1.0


def _weights(terms: Iterable[str], weight: TermWeight) -> dict[str, float]:
    return {term: weight(plain(term)) for term in terms}


def _sought(answer: str, asked: Weights, weight: TermWeight) -> dict[str, float]:
    """The words of an answer that the question does not have; all of them when it has them all."""
    own = comparable_terms(answer)
    return _weights([term for term in own if term not in asked] or own, weight)


def _best_of_articles(scored: Iterable[Scored]) -> list[Scored]:
    """The best sentence of each article that has one worth anything, best first."""
    best: dict[str, Scored] = {}
    for one in scored:
        if one[0] > best.get(one[1].article.id, (0.0, None))[0]:
            best[one[1].article.id] = one
    return sorted(best.values(), key=lambda one: -one[0])


# --- Which answer -----------------------------------------------------------------------------------------------------


def _scores(
    question: str, choices: Sequence[str], supports: Mapping[int, _Support], best_window: float
) -> tuple[float, ...]:
    """One a choice: its support and its lead, against the best window of the question.

    Dividing by that window's root is the geometric mean of the support itself and its share of the best there could be.
    """
    totals = {place: support.total for place, support in supports.items()}
    if _EXCEPT.search(question):
        totals = {place: min(_others(totals, place)) for place in totals}
    totals |= {i: min(totals.values()) / ALL_FROM for i, choice in enumerate(choices) if _ALL.fullmatch(choice)}
    scale = math.sqrt(best_window) or 1.0
    scores = {place: (own + LEAD * (own - max(_others(totals, place)))) / scale for place, own in totals.items()}
    return tuple(SUPPORTED if says_none(choice) else scores.get(place, 0.0) for place, choice in enumerate(choices))


def _others(totals: Mapping[int, float], place: int) -> list[float]:
    return [total for other, total in totals.items() if other != place] or [0.0]


def _evidence(scored: Iterable[Scored], asked: Weights) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            Span(sentence.article.id, sentence.start, sentence.end),
            sentence.article.text[sentence.start : sentence.end],
            sentence.zone,
            _share(asked, sentence.terms),
        )
        for _, sentence in list(scored)[:MAX_EVIDENCE]
    )
