"""A model's statements and the sentences they cite to how likely these answer the question, whatever the model says.

A statement can be true, cited word for word, and no answer to what was asked. The measure is that of the extractive answerer,
taken of the cited sentences and of the best sentence retrieved: the question's words and names around it, a value of the kind
asked for, meaning, date (docs/decisions/extractive-answer.md). What a model writes earns nothing, since it can repeat the
question; it only loses, where it gives no figure and one is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answerers import AnswerTask
from assistant.answerers._kinds import Kind, values
from assistant.answerers._question import names_in
from assistant.answerers._sentences import UNRELATED, Candidate, Question, candidates
from assistant.chunking import blocks
from assistant.terms import stem, terms_in, words
from assistant.types import Article, Hit, Span

Cited = tuple[str, Sequence[Span]]  # a statement's text and what it cites

DOUBTED_BELOW = 1 / 3  # likelihood
EVEN = 0.57  # evidence with which statements are as likely an answer as not
STEP = 0.08  # evidence that makes the odds e times better
OF_CITED = 0.75  # weight of the cited sentence's evidence; the rest is that of the best one retrieved
WITHOUT_VALUE = 0.1  # evidence lost where a measure is asked for and the statement or its sentence has none
BESIDE = 0.1  # evidence lost where the cited passage is about something else
ABOUT = 0.4  # cosine, or share of the question's weight in words, from which a passage is about the question
CAUGHT_BELOW = 0.6  # likelihood that the answer of a model must have which named sources that are not there
RELATED = 0.3  # the same for having anything to do with it; MiniLM's cosines, other models' are mostly higher
NAMED = 2  # missing words that a doubt names

_MEASURES = {Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.AGE, Kind.DATE, Kind.YEAR}
_CALLED = {
    Kind.NUMBER: "gives a number",
    Kind.MONEY: "gives an amount of money",
    Kind.PERCENT: "gives a percentage",
    Kind.DURATION: "says how long",
    Kind.AGE: "gives an age",
    Kind.DATE: "says when",
    Kind.YEAR: "gives a year",
    Kind.COUNTRY: "names a country",
    Kind.STATE: "names a state",
    Kind.PLACE: "says where",
    Kind.NAME: "gives a name",
    Kind.COLOUR: "names a colour",
    Kind.REASON: "says why",
}


def answerability(task: AnswerTask, statements: Sequence[Cited]) -> float:
    """How likely the statements (text, cited spans) answer `task.question`, 0..1, by the words they cite; 0 for none.

    The likeliest of them counts. A span outside all hits is judged within its whole article. What the extractive answerer
    would not say either counts nothing: a headline, a reader's comment, a retracted article, an article not in the task.
    """
    return _Judged(task, statements).likelihood


def doubt(task: AnswerTask, statements: Sequence[Cited], *, caught: bool = False) -> str:
    """One sentence for the reader where it is likelier that the statements do not answer, else nothing.

    It names what the cited sentences lack of the kind asked for, or words of the question that no cited article has.
    `caught`: the model has named sources that are not there, and gets no benefit of a doubt.
    """
    judged = _Judged(task, statements)
    least = CAUGHT_BELOW if caught else DOUBTED_BELOW
    return "" if judged.likelihood >= least else f"The articles may not answer this: {_what_lacks(judged)}."


def worth_asking(task: AnswerTask) -> bool:
    """Whether any passage has something of the question, in words or in meaning; without one no model need be asked.

    A passage that has no vector yet may mean anything.
    """
    question = Question(task)
    return any(_is_about(question, hit, RELATED) for hit in task.hits)


def _is_about(question: Question, hit: Hit, least: float) -> bool:
    if hit.parts.get("dense", 1.0) >= least:
        return True
    there = _terms_in(question, hit.passage.title or "", hit.passage.text)
    return question.share(dict.fromkeys(there, 1.0)) >= least


def _terms_in(question: Question, *texts: str) -> set[str]:
    return {question.forms[found] for text in texts for found in terms_in(text, question.forms.keys())}


# --- What the statements rest on ------------------------------------------------------------------------------------------


class _Judged:
    """Statements beside the sentences they cite, as the extractive answerer sees these."""

    def __init__(self, task: AnswerTask, statements: Sequence[Cited]) -> None:
        self.asked = task.question
        task = replace(task, question=_FRAME.sub("", _STATE_OF.sub("condition of", task.question)))
        self.question = Question(task)
        spans = [span for _, spans in statements for span in spans if span.article_id in task.articles]
        self.articles = [task.articles[article_id] for article_id in dict.fromkeys(span.article_id for span in spans)]
        opened = _opened(_weighed(task, self.question), spans)
        found = list(candidates(opened))
        self.best = max((candidate.evidence for candidate in found), default=0.0)
        self.cited = [
            (text, candidate) for text, spans in statements for candidate in found if _overlaps(candidate, spans)
        ]
        self._figures = set(_FIGURE.findall(self.asked))
        self._about = [hit.passage.span for hit in opened.hits if _is_about(self.question, hit, ABOUT)]

    @property
    def likelihood(self) -> float:
        if not self.cited:
            return 0.0
        cited = max(self._evidence(text, sentence) for text, sentence in self.cited)
        evidence = OF_CITED * cited + (1 - OF_CITED) * self.best
        return 1 / (1 + math.exp((EVEN - evidence) / STEP))

    def _evidence(self, text: str, sentence: Candidate) -> float:
        wants = self.question.kind in _MEASURES
        vague = wants and not (self.has_value(text) and self.has_value(sentence.text))
        vague = vague or not self._figures <= set(_FIGURE.findall(f"{text} {sentence.text}"))
        return sentence.evidence - WITHOUT_VALUE * vague - BESIDE * (not _overlaps(sentence, self._about))

    def has_value(self, text: str) -> bool:
        """Whether the text has a value of the kind asked for that is not the question's own, in a unit of what is measured."""
        if self.question.kind is None:
            return True
        if measured := _MEASURED.search(self.asked):
            return _UNITS[measured[1].casefold()].search(text) is not None
        return bool(values(self.question.kind, text, self.question.asked))


_FIGURE = re.compile(
    r"\b\d{1,3}(?:[,.]\d{3})+\b|\b\d{2,3}\b(?!\s*(?:years?|th|st|nd|rd)\b)|\b\d{5,}\b"
)  # a question's own; no year, no day
_LENGTH = re.compile(
    r"\b(?:[kcm]?m|mm|kilomet|(?:centi|milli)?met(?:er|re)s?|miles?|feet|foot|ft|inch(?:es)?|yards?|storeys?|stories"
    r"|light.years?|nautical|fathoms?|blocks?)",
    re.IGNORECASE,
)
_UNITS = {
    "fast": re.compile(
        r"(?:an|per|a) hour|/h\b|\b(?:k?mph|kph|km/h|knots?|m/s|mach|force|minutes?|seconds?)\b", re.IGNORECASE
    ),
    "heavy": re.compile(
        r"\b(?:[km]?g|kilo(?:gram)?s?|grams?|tons?|tonnes?|pounds?|lbs?|ounces?|oz|stone)\b", re.IGNORECASE
    ),
    "hot": re.compile(r"°|\b(?:degrees?|celsius|fahrenheit)\b", re.IGNORECASE),
} | dict.fromkeys(("far", "tall", "deep", "high", "wide"), _LENGTH)
_UNITS["cold"] = _UNITS["hot"]
_MEASURED = re.compile(rf"\bhow ({'|'.join(_UNITS)})\b", re.IGNORECASE)


_STATE_OF = re.compile(
    r"\bstate of(?= (?:the|this|that|its|his|her|their|affairs|play|things|health|an?)\b)", re.IGNORECASE
)

_FRAME = re.compile(
    r"^(?:does|do|did|has) (?:any|some)(?:body|one) (?:say|said|claim|claimed|think|believe|report|reported|know)"
    r"(?: that| whether| if)? ",
    re.IGNORECASE,
)


def _weighed(task: AnswerTask, question: Question) -> AnswerTask:
    """The task, its passages that have no vector and hardly a word of the question taken for unrelated in meaning, too."""

    def weighed(hit: Hit) -> Hit:
        if "dense" in hit.parts or _is_about(question, replace(hit, parts={"dense": 0.0}), RELATED):
            return hit
        return replace(hit, parts={**hit.parts, "dense": UNRELATED})

    return replace(task, hits=tuple(map(weighed, task.hits)))


def _overlaps(candidate: Candidate, spans: Iterable[Span]) -> bool:
    sentence = Span(candidate.article.id, candidate.start, candidate.end)
    return any(sentence.overlaps(span) for span in spans)


def _opened(task: AnswerTask, spans: Iterable[Span]) -> AnswerTask:
    """The task with somebody's quoted words as good as the paper's own, and hits for spans that no hit holds.

    Whether words in quotation marks need a speaker is for the gates to say; they may well answer.
    """
    articles = {
        key: replace(article, title=_headed(article), sections=tuple(blocks(article)))
        for key, article in task.articles.items()
    }
    hits = [hit for hit in task.hits if hit.passage.span.article_id in articles]
    first = {hit.passage.span.article_id: hit for hit in reversed(hits)}
    outside = dict.fromkeys(
        span.article_id for span in spans if not any(hit.passage.span.overlaps(span) for hit in hits)
    )
    wider = [_whole(first[article_id], articles[article_id]) for article_id in outside if article_id in first]
    return replace(task, hits=(*hits, *wider), articles=articles)


def _headed(article: Article) -> str:
    """The title and the paper's name, which stands above it: a question about a paper is one about its articles."""
    return " - ".join(filter(None, (article.title, article.publisher)))


def _whole(hit: Hit, article: Article) -> Hit:
    return replace(hit, passage=replace(hit.passage, span=Span(article.id, 0, len(article.text)), text=article.text))


# --- What to say of a doubt -----------------------------------------------------------------------------------------------


def _what_lacks(judged: _Judged) -> str:
    if not judged.cited:
        return "no statement rests on a sentence that reports"
    kind = judged.question.kind
    if kind and not any(judged.has_value(sentence.text) for _, sentence in judged.cited):
        return f"no cited sentence {_CALLED[kind]}"
    if missing := list(_missing(judged))[:NAMED]:
        return f"no cited article mentions {' or '.join(f'“{found}”' for found in missing)}"
    return "the cited sentences hardly speak of what is asked"


def _missing(judged: _Judged) -> Iterator[str]:
    """What of the question no cited article has, as the question writes it: whole names first, then words, the rarest first.

    Its first word is left out: in most languages it only asks.
    """
    weights = judged.question.weights
    there = _terms_in(judged.question, *(text for one in judged.articles for text in _read_in(one)))
    names = names_in(judged.asked)
    asked = [word for word in words(judged.asked)[1:] if word.casefold() not in _ANYBODY]
    lacking = [(stem(word), word) for word in asked if stem(word) in weights.keys() - there]
    yield from _together([word for term, word in lacking if term in names], judged.asked)
    yield from (word for _, word in sorted(lacking, key=lambda one: -weights[one[0]]) if stem(word) not in names)


def _read_in(article: Article) -> Iterator[str]:
    """What a reader sees of an article: its paper and author stand above the text."""
    yield from filter(None, (article.title, article.publisher, article.author, article.text))


_ANYBODY = frozenset(  # words that ask, and name nothing an article could lack
    """anybody anyone anything somebody someone something everybody everyone nobody say says said tell tells know known
    mean means happen happened happens new jemand irgendjemand etwas alguien algo quelqu'un""".split()
)


def _together(found: Sequence[str], text: str) -> list[str]:
    """The words, those that follow each other in the text in one piece: "Kuala Lumpur"."""
    joined: list[str] = []
    for word in found:
        if joined and f"{joined[-1]} {word}" in text:
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined
