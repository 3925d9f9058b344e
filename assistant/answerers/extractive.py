"""Answers with the library's own sentences, verbatim: no model, no key, nothing that an article does not say.

A sentence's score adds up what it covers of the question by itself, what the sentence before it and the title add, whether
it holds the kind of thing that is asked for, and how good its passage was. If even the best falls short, or the article does
not have the names that the question has, the answer is that the library does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.answerers import AnswerTask
from assistant.chunking import Sentence, article_sentences, zone_at
from assistant.settings import Settings
from assistant.terms import STOP_WORDS, all_stems, stem, terms, words
from assistant.types import Article, ClaimedQuote, Draft, Hit, Statement, Status, Zone

MAX_SENTENCES = 3
MAX_WORDS = 60
NEARLY_AS_GOOD = 0.8  # share of the best score from which a second sentence is worth reading
ANSWERS_FROM = 0.76  # docs/evaluation.md has what it costs on both sides
NOT_ANSWERED = "The articles in the library do not answer this."

# What a perfect sentence gets for each of its merits; the score is their sum over the sum of all, 0..1.
OWN, CONTEXT, KIND, PASSAGE, SIMILAR, NAMES_HERE, NAMES_IN_ARTICLE = 0.4, 0.3, 0.3, 0.5, 0.25, 0.15, 0.5
PERFECT = OWN + CONTEXT + KIND + PASSAGE + SIMILAR + NAMES_HERE + NAMES_IN_ARTICLE
UNRELATED, SAME = 0.2, 0.7  # MiniLM's cosine of a question to any passage, and to one that answers it
UNKNOWN_SIMILARITY = 0.6  # for a passage without a vector yet


def make(settings: Settings) -> Extractive:
    return Extractive()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    article: Article
    start: int
    end: int
    zone: Zone
    score: float
    """0..1."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


class Extractive:
    def draft(self, task: AnswerTask) -> Iterator[Draft]:
        candidates = sorted(_candidates(task), key=lambda candidate: -candidate.score)
        if candidates and candidates[0].score >= ANSWERS_FROM:
            yield Draft(tuple(_statement(candidate) for candidate in _reading_order(_choose(candidates))))
        else:
            yield Draft((), abstained=NOT_ANSWERED)


class Question:
    """What is asked: terms with their weights, names, and the kind of thing that would answer."""

    def __init__(self, task: AnswerTask) -> None:
        text = task.question
        self.weights = {term: task.weight(term) for term in terms(text)}
        self.names = {name: word for name, word in names_in(text).items() if name in self.weights}
        self.kind = answer_kind(text)
        self.words = {word.casefold() for word in words(text)}
        self.asks_for_readers = bool(self.weights.keys() & _READERS)
        self.asks_for_corrections = bool(self.weights.keys() & _CORRECTIONS)

    def merits(self, sentence: str, own: set[str], context: set[str]) -> float:
        """What the sentence itself and what stands around it earn."""
        return (
            OWN * self._share(self.weights, own)
            + CONTEXT * self._share(self.weights, context)
            + KIND * self._holds_kind(sentence)
            + NAMES_HERE * self._share(self.names, own)
        )

    def named_in(self, article: Article) -> float:
        """Share of the names' weight that title and text have, 0..1; 1 for a question without names."""
        there = f"{article.title}\n{article.text}".casefold()
        return self._share(self.names, {name for name, word in self.names.items() if word.casefold() in there})

    def _share(self, wanted: Iterable[str], stems: set[str]) -> float:
        wanted = list(wanted)
        total = sum(self.weights[term] for term in wanted)
        return sum(self.weights[term] for term in wanted if term in stems) / total if total else 1.0

    def _holds_kind(self, sentence: str) -> bool:
        """Whether the sentence holds something of the kind asked for that the question does not say itself."""
        if self.kind is None:
            return True
        found = (match.group().casefold() for match in self.kind.finditer(sentence))
        return any(not self.words.intersection(words(value)) for value in found)


_READERS = {stem(word) for word in "reader readers comment comments commenter commenters".split()}
_CORRECTIONS = {
    stem(word) for word in "correction corrected correct error mistake wrong wrongly earlier originally".split()
}


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
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), pattern)
    for asked, pattern in (
        ("how (?:many|much|old|long|far|often|tall|big|large)|what (?:percentage|share|number)", _NUMBER),
        ("wie ?viele?|cu[aá]nt[oa]s?|combien", _NUMBER),
        ("when|(?:what|which) (?:day|date|year|month)|wann|cu[aá]ndo|quand", _DATE),
        ("who|whom|whose|where|wer|wo|qui[eé]n|d[oó]nde|qui|où", _NAME),
        ("(?:which|what) (?:country|city|state|company|team|person|actor|president|movie|film)", _NAME),
    )
)


def names_in(question: str) -> dict[str, str]:
    """Names and numbers of a question, as {stem: word}: capitalised behind the first word, or with a digit."""
    found = words(question)
    named = [
        word for i, word in enumerate(found) if word[0].isupper() and (i > 0 or (found[1:2] and found[1][0].isupper()))
    ]
    named += [word for word in found if any(char.isdigit() for char in word)]
    return {stem(word): word for word in named if word.casefold() not in STOP_WORDS}


def _candidates(task: AnswerTask) -> Iterator[Candidate]:
    """Every sentence of the hits that may answer, once, with the best of its passages."""
    question = Question(task)
    top = task.hits[0].score or 1.0
    seen: set[tuple[str, int]] = set()
    for hit in task.hits:
        article = task.articles[hit.passage.span.article_id]
        title = set(all_stems(article.title or ""))
        merits = PASSAGE * hit.score / top + SIMILAR * _similarity(hit) + NAMES_IN_ARTICLE * question.named_in(article)
        before: set[str] = set()
        for sentence in article_sentences(article, hit.passage.span):
            text = article.text[sentence.start : sentence.end]
            own = set(all_stems(text))
            if (article.id, sentence.start) not in seen and _may_answer(article, sentence, question):
                seen.add((article.id, sentence.start))
                score = (merits + question.merits(text, own, own | before | title)) / PERFECT
                yield Candidate(article, sentence.start, sentence.end, sentence.zone, score)
            before = own


def _similarity(hit: Hit) -> float:
    """How much the passage is about what the question is about, 0..1, by its cosine."""
    cosine = hit.parts.get("dense")
    return UNKNOWN_SIMILARITY if cosine is None else min(1.0, max(0.0, (cosine - UNRELATED) / (SAME - UNRELATED)))


def _may_answer(article: Article, sentence: Sentence, question: Question) -> bool:
    """Whether the paper itself says it: somebody's bare words, or a claim put up to be refuted, it does not."""
    if sentence.zone in (Zone.BOILERPLATE, Zone.BYLINE, Zone.HEADLINE):
        return False
    if sentence.zone is Zone.COMMENT:
        return question.asks_for_readers
    if sentence.zone is Zone.CORRECTION:
        return article.status is Status.RETRACTED or question.asks_for_corrections
    if article.status is Status.RETRACTED:
        return False
    bare = zone_at(article, sentence.start, sentence.end) is Zone.QUOTATION
    return not bare and not _CLAIM.match(article.text, sentence.start, sentence.end)


_CLAIM = re.compile(r"""(?:the )?(?:claim|rumou?r|myth|false)\s?:""", re.IGNORECASE)


def _choose(candidates: list[Candidate]) -> list[Candidate]:
    """The best sentence, and others nearly as good while there is room."""
    chosen = [candidates[0]]
    room = MAX_WORDS - len(words(candidates[0].text))
    for candidate in candidates[1:]:
        length = len(words(candidate.text))
        if len(chosen) == MAX_SENTENCES or candidate.score < NEARLY_AS_GOOD * candidates[0].score:
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
