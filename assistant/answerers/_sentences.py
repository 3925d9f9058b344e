"""The sentences of retrieved passages, each with the evidence that it answers: a sum of merits whose weights stand here.

A merit is what a reader would look for: the question's words in the sentence and around it, all of its names, a value of the
kind that is asked for, close to those words, a passage about the same thing, an article of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answerers import AnswerTask
from assistant.answerers._kinds import Kind, Value, values
from assistant.answerers._question import answer_kind, counted_nouns, names_in
from assistant.answerers._wordforms import same_word
from assistant.chunking import Sentence, article_sentences, zone_at
from assistant.terms import all_stems, stem, terms
from assistant.types import Article, Hit, Status, Zone

# What a perfect sentence gets for each merit; its evidence is their sum over the sum of all.
OWN, AROUND, KIND, NEAR, NAMES, SIMILAR, TIMELY = 0.2, 0.3, 0.4, 0.6, 0.2, 0.3, 0.6
PERFECT = OWN + AROUND + KIND + NEAR + NAMES + SIMILAR + TIMELY
LEAD = 0.2 / PERFECT  # for the very start of an article: where to look first, but no sign that it answers

HALF_WAY = 6  # words between a value and a word of the question at which that word counts half
COUNTED = 0.5  # what a number gets for standing beside the noun that is counted
LABEL_CHARS, HEADING_CHARS = 12, 40  # a statement is longer than the one, and than the other without a full stop
LEAD_CHARS = 1500  # where a news article has said what it is about
TIMELY_DAYS, DATED_DAYS = 14, 60
ANY_DAY = 0.9  # timeliness for a question that is asked on no given day
UNRELATED, SAME = 0.2, 0.7  # MiniLM's cosine of a question to any passage, and to one that answers it
UNKNOWN_SIMILARITY = 0.6  # for a passage that has no vector yet


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    article: Article
    start: int
    end: int
    zone: Zone
    evidence: float
    """How much speaks for it, 0..1 (a little more when a counted noun stands beside its number)."""
    on_topic: bool
    """Whether it has a word of the question itself, and not only around it."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def score(self) -> float:
        """Orders the candidates: the evidence, and that news says first what matters."""
        return self.evidence + LEAD * max(0.0, 1 - self.start / LEAD_CHARS)


class Question:
    """What is asked: terms with their weights, names, the kind of answer, and the day."""

    def __init__(self, task: AnswerTask) -> None:
        text = task.question
        self.weights = {term: task.weight(term) for term in terms(text)}
        self._total = sum(self.weights.values()) or 1.0
        self.forms = {form: term for term in self.weights for form in same_word(term)} | {t: t for t in self.weights}
        self.names = names_in(text).keys() & self.weights.keys()
        self.kind = answer_kind(text)
        self.counted = {form for noun in counted_nouns(text) for form in same_word(noun)}
        self.asked = frozenset(all_stems(text))
        self.day = task.as_of
        self.asks_for_readers = bool(self.weights.keys() & _READERS)
        self.asks_for_corrections = bool(self.weights.keys() & _CORRECTIONS)

    def share(self, found: Mapping[str, float]) -> float:
        """How much of the question's weight these terms hold, each to the degree given with it, 0..1."""
        return sum(self.weights[term] * degree for term, degree in found.items()) / self._total


_READERS = {stem(word) for word in "reader readers comment comments commenter commenters".split()}
_CORRECTIONS = {
    stem(word) for word in "correction corrected correct error mistake wrong wrongly earlier originally".split()
}


def candidates(task: AnswerTask) -> Iterator[Candidate]:
    """Every sentence of the hits that may answer, once, with the best of its passages."""
    question = Question(task)
    seen: set[tuple[str, int]] = set()
    for hit in task.hits:
        article = task.articles[hit.passage.span.article_id]
        merits = SIMILAR * _similarity(hit) + TIMELY * _timeliness(article, question.day)
        for view in _views(article, hit, question):
            if (article.id, view.start) not in seen and _may_answer(article, view.sentence, question):
                seen.add((article.id, view.start))
                yield _candidate(article, view, question, merits)


@dataclass(frozen=True, slots=True)
class _View:
    """A sentence and what of the question stands in it and around it."""

    sentence: Sentence
    stems: Sequence[str]
    """Of all its words, in order."""
    own: set[str]
    """The question's terms in it."""
    around: set[str]
    """Those in it, its neighbours and the article's title."""

    @property
    def start(self) -> int:
        return self.sentence.start


def _views(article: Article, hit: Hit, question: Question) -> Iterator[_View]:
    sentences = article_sentences(article, hit.passage.span)
    stems = [all_stems(article.text[sentence.start : sentence.end]) for sentence in sentences]
    owns = [_terms_in(found, question) for found in stems]
    title = _terms_in(all_stems(article.title or ""), question)
    for i, sentence in enumerate(sentences):
        yield _View(sentence, stems[i], owns[i], title.union(*owns[max(0, i - 1) : i + 2]))


def _terms_in(stems: Sequence[str], question: Question) -> set[str]:
    return {question.forms[found] for found in stems if found in question.forms}


def _candidate(article: Article, view: _View, question: Question, merits: float) -> Candidate:
    start, end, zone = view.sentence.start, view.sentence.end, view.sentence.zone
    text = article.text[start:end]
    found = _values(article, text, question)
    near = _nearness(text, view.stems, found, question)
    evidence = (
        merits
        + OWN * question.share(dict.fromkeys(view.own, 1.0))
        + AROUND * question.share(dict.fromkeys(view.around, 1.0))
        + NAMES * (question.names <= view.around)
        + KIND * _kind_found(found, near, question)
        + NEAR * near
    ) / PERFECT
    return Candidate(article, start, end, zone, evidence, bool(view.own))


def _kind_found(found: Sequence[Value], near: float, question: Question) -> float:
    """1 for a value of the kind asked for, half for a number that may count something else; 1 where any words may answer."""
    if question.kind is None:
        return 1.0
    beside = not question.counted or question.kind is not Kind.NUMBER or near >= COUNTED
    return bool(found) * (1.0 if beside else 0.5)


def _values(article: Article, text: str, question: Question) -> list[Value]:
    """What the sentence holds of the kind asked for. A first word is a name only if the article never writes it small."""
    found = [] if question.kind is None else values(question.kind, text, question.asked)
    if question.kind is not Kind.NAME or not found or found[0].start or " " in found[0].text:
        return found
    return found[1:] if f" {found[0].text}" in article.text else found


_WORD = re.compile(r"\w+(?:['’]\w+)?")  # as terms.words has it


def _nearness(text: str, stems: Sequence[str], found: Sequence[Value], question: Question) -> float:
    """How close the question's terms stand to the best value, 0..1 (a little more with the counted noun)."""
    if not found:
        return 0.0
    starts = [match.start() for match in _WORD.finditer(text)]
    asked = [(at, question.forms[word]) for at, word in enumerate(stems) if word in question.forms]
    return max(_nearness_of(value, starts, stems, asked, question) for value in found)


def _nearness_of(
    value: Value, starts: Sequence[int], stems: Sequence[str], asked: Sequence[tuple[int, str]], question: Question
) -> float:
    first, last = bisect_left(starts, value.start), bisect_left(starts, value.end) - 1
    closeness: dict[str, float] = {}
    for at, term in asked:
        if not first <= at <= last:
            distance = max(first - at, at - last)
            closeness[term] = max(closeness.get(term, 0.0), 1 / (1 + distance / HALF_WAY))
    beside = {*stems[max(0, first - 2) : first], *stems[last : last + 5]}
    return question.share(closeness) + COUNTED * (not question.counted.isdisjoint(beside))


def _similarity(hit: Hit) -> float:
    """How much the passage is about what the question is about, 0..1, by its cosine."""
    cosine = hit.parts.get("dense")
    if cosine is None:
        return UNKNOWN_SIMILARITY
    return min(1.0, max(0.0, (cosine - UNRELATED) / (SAME - UNRELATED)))


def _timeliness(article: Article, day: date | None) -> float:
    """Whether the article is from the days before the question, 0..1."""
    if day is None:
        return ANY_DAY
    if article.published is None:
        return 0.5
    age_days = (day - article.published).days
    return 1.0 if age_days <= TIMELY_DAYS else 0.5 if age_days <= DATED_DAYS else 0.0


def _may_answer(article: Article, sentence: Sentence, question: Question) -> bool:
    """Whether the paper itself says it: a fragment, a question, somebody's bare words or a claim to be refuted does not."""
    if sentence.zone in (Zone.BOILERPLATE, Zone.BYLINE, Zone.HEADLINE):
        return False
    if sentence.zone is Zone.COMMENT:
        return question.asks_for_readers
    if sentence.zone is Zone.CORRECTION:
        return article.status is Status.RETRACTED or question.asks_for_corrections
    if article.status is Status.RETRACTED or not _states(article.text[sentence.start : sentence.end]):
        return False
    bare = zone_at(article, sentence.start, sentence.end) is Zone.QUOTATION
    return not bare and not _CLAIM.match(article.text, sentence.start, sentence.end)


_CLAIM = re.compile(r"""(?:the )?(?:claim|rumou?r|myth|false)\s?:""", re.IGNORECASE)


def _states(sentence: str) -> bool:
    """Whether it is a whole statement, and no question, label or heading."""
    ending = _ENDING.search(sentence)
    if ending is None:
        return len(sentence) >= HEADING_CHARS
    return ending[1] not in "?？؟" and len(sentence) >= LABEL_CHARS


_ENDING = re.compile(r"""([.!?…。！？؟।])["'”’»)\]]*\Z""")
