"""Answers with the library's own sentences, verbatim: no model, no key, nothing that an article does not say.

A sentence scores by the share of the question it covers (by idf), by what its neighbours and its title add, by whether it
holds the kind of thing that is asked for, and by its passage's rank. Too little covered, or a name of the question missing:
the answer is that the library does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.answerers import AnswerTask
from assistant.chunking import article_sentences
from assistant.settings import Settings
from assistant.terms import STOP_WORDS, all_stems, stem, terms, words
from assistant.types import Article, ClaimedQuote, Draft, Span, Statement, Status, Zone

MAX_SENTENCES = 3
MAX_WORDS = 60
STRONG_COVERAGE = 0.5
NAME_FACTOR = 2.0
NOT_ANSWERED = "The articles in the library do not answer this."


def make(settings: Settings) -> Extractive:
    return Extractive()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    article: Article
    start: int
    end: int
    zone: Zone
    covered: float
    """Share of the question's weight in the sentence itself, 0..1."""
    supported: float
    """The same with the neighbouring sentence and the title, 0..1."""
    score: float

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


class Extractive:
    def draft(self, task: AnswerTask) -> Iterator[Draft]:
        question = Question(task)
        candidates = sorted(_candidates(task, question), key=lambda c: -c.score)
        if not candidates or not question.answered_by(candidates[0]):
            yield Draft((), abstained=NOT_ANSWERED)
            return
        chosen = _choose(candidates)
        yield Draft(tuple(_statement(candidate) for candidate in _reading_order(chosen)))


class Question:
    """What is asked: weighed terms, the names that an answer must hold, and the kind of thing that would answer."""

    def __init__(self, task: AnswerTask) -> None:
        text = task.question
        self.weights = {term: task.weight(term) for term in terms(text)}
        names = names_in(text)
        for name in names & self.weights.keys():
            self.weights[name] *= NAME_FACTOR
        self.total = sum(self.weights.values()) or 1.0
        self.names = names
        self.kind = answer_kind(text)
        self.stems = set(all_stems(text))
        self.asks_for_readers = bool(self.stems & {stem("reader"), stem("commenter"), stem("comment")})

    def share(self, stems: set[str]) -> float:
        return sum(self.weights[term] for term in self.weights.keys() & stems) / self.total

    def answered_by(self, best: Candidate) -> bool:
        return best.supported >= STRONG_COVERAGE


def answer_kind(question: str) -> re.Pattern[str] | None:
    """What a sentence must hold to answer such a question; None when any sentence may."""
    for asked, pattern in _KINDS:
        if asked.search(question):
            return pattern
    return None


_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|"
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:yesterday|today|tomorrow|last|next|week|month|year)\b"
)
_NAME = re.compile(r"(?<=[\w,;:’'\"”)] )[\"“‘(]?[A-ZÀ-ÞĀ-Ž][\w’'-]+|^[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ]")
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bhow (?:many|much|old|long|far|often|tall|big|large)\b|\bwhat (?:percentage|share|number)\b|\bwie ?viele?\b|\bcu[aá]nt[oa]s?\b|\bcombien\b", re.I), _NUMBER),
    (re.compile(r"\bwhen\b|\bwhat (?:day|date|year|month)\b|\bwhich (?:day|date|year|month)\b|\bwann\b|\bcu[aá]ndo\b|\bquand\b", re.I), _DATE),
    (re.compile(r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:which|what) (?:country|city|state|company|team|person|actor|president|movie|film)\b|\bwer\b|\bwo\b|\bqui[eé]n\b|\bd[oó]nde\b|\bqui\b|\boù\b", re.I), _NAME),
)


def names_in(question: str) -> set[str]:
    """Stems of the names and numbers in a question: capitalised behind the first word, or with a digit."""
    found = words(question)
    named = {word for word in found[1:] if word[0].isupper() and word.casefold() not in STOP_WORDS}
    named |= {word for word in found if any(char.isdigit() for char in word)}
    if found and found[0][0].isupper() and found[0].casefold() not in STOP_WORDS and len(found) > 1 and found[1][0].isupper():
        named.add(found[0])
    return {stem(word) for word in named}


def _candidates(task: AnswerTask, question: Question) -> Iterator[Candidate]:
    seen: set[Span] = set()
    top = max((hit.score for hit in task.hits), default=1.0) or 1.0
    stems: dict[tuple[str, int], set[str]] = {}
    for hit in task.hits:
        article = task.articles[hit.passage.span.article_id]
        title = set(all_stems(article.title or ""))
        inside = [
            sentence
            for sentence in article_sentences(article)
            if sentence.start >= hit.passage.span.start and sentence.end <= hit.passage.span.end
        ]
        for sentence in inside:
            stems[article.id, sentence.start] = set(all_stems(article.text[sentence.start : sentence.end]))
        previous = dict(pairwise([None, *inside]))
        before = {after.start: earlier for earlier, after in previous.items() if after is not None}
        for sentence in inside:
            span = Span(article.id, sentence.start, sentence.end)
            if span in seen or not _may_answer(article, sentence.zone, question):
                continue
            seen.add(span)
            own = stems[article.id, sentence.start]
            earlier = before.get(sentence.start)
            context = own | title | (stems[article.id, earlier.start] if earlier else set())
            covered, supported = question.share(own), question.share(context)
            fits = question.kind is None or bool(question.kind.search(article.text[sentence.start : sentence.end]))
            score = 0.5 * covered + 0.25 * supported + 0.15 * fits + 0.25 * hit.score / top
            yield Candidate(article, sentence.start, sentence.end, sentence.zone, covered, supported, score)


def _may_answer(article: Article, zone: Zone, question: Question) -> bool:
    if zone in (Zone.BOILERPLATE, Zone.BYLINE, Zone.HEADLINE):
        return False
    if zone is Zone.COMMENT:
        return question.asks_for_readers
    return article.status is not Status.RETRACTED or zone is Zone.CORRECTION


def _choose(candidates: list[Candidate]) -> list[Candidate]:
    """The best sentence, and others nearly as good while there is room."""
    chosen = [candidates[0]]
    room = MAX_WORDS - len(words(candidates[0].text))
    for candidate in candidates[1:]:
        length = len(words(candidate.text))
        if len(chosen) == MAX_SENTENCES or candidate.score < 0.8 * candidates[0].score:
            break
        if length <= room and not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
            room -= length
    return chosen


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    one, two = set(all_stems(candidate.text)), set(all_stems(other.text))
    return len(one & two) >= 0.8 * min(len(one), len(two))


def _reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Articles by their best sentence, sentences within an article as they stand there."""
    order = {article_id: i for i, article_id in reversed(list(enumerate(c.article.id for c in chosen)))}
    return sorted(chosen, key=lambda c: (order[c.article.id], c.start))


def _statement(candidate: Candidate) -> Statement:
    quote = ClaimedQuote(candidate.text, candidate.article.id, candidate.start)
    return Statement(_label(candidate) + candidate.text, (quote,))


def _label(candidate: Candidate) -> str:
    if candidate.zone is Zone.COMMENT:
        return "A reader's comment, not reporting: "
    return {Status.RETRACTED: "From a retracted article: ", Status.SATIRE: "From a satirical article: "}.get(
        candidate.article.status, ""
    )
