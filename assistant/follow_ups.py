"""An answer to questions that may come next: about the people and names beside it in its articles. No model is asked.

A suggestion is made only where the library answers it with words that have not been cited yet. English articles only: the
questions are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.checks.speakers import speech_at
from assistant.chunking import article_sentences
from assistant.text import canonical_text
from assistant.types import Answer, Article, Draft, Kind, Span, Zone
from assistant.values import find_values, is_country

MOST = 3  # suggestions
TRIED = 8  # candidates that are searched for: each costs a search
SPEAKERS = 2  # that are asked about before anything else has its turn
SURE_FROM = 0.4  # confidence of the extractive answer
READ = 60  # sentences of each article that are looked at
_REPORTING = (Zone.BODY, Zone.QUOTATION)
_WORD = re.compile(r"\w+")

Extract = Callable[[str], Draft]


def follow_ups(answer: Answer, articles: Mapping[str, Article], extract: Extract, most: int = MOST) -> tuple[str, ...]:
    """At most `most` questions, best first; none for an answer that cites nothing.

    `articles` holds those that the answer cites, by id. `extract` gives the extractive answer to a question.
    """
    told = {citation.quote for citation in answer.citations}
    found: list[str] = []
    for question, name in _candidates(answer, articles):
        draft = extract(question)
        quotes = [quote.quote for statement in draft.statements for quote in statement.quotes]
        about = [quote for quote in quotes if name in quote and quote not in told]
        if (draft.confidence or 0) >= SURE_FROM and about:
            found.append(question)
            told.update(quotes)
        if len(found) == most:
            break
    return tuple(found)


def _candidates(answer: Answer, articles: Mapping[str, Article]) -> list[tuple[str, str]]:
    """(question, the name it is about), each name once and none that was spoken of: two speakers, the name that comes up
    most often, then the others."""
    known = _words(f"{answer.question}\n{answer.text}")
    cited = [articles[one] for one in dict.fromkeys(c.span.article_id for c in answer.citations) if one in articles]
    english = [article for article in cited if article.language in (None, "en")]
    read = [(article, _sentences(article)) for article in english]
    speakers = [name for article, spans in read for name in _speakers(article, spans)]
    names = [name for article, spans in read for name in _names(article, spans)]
    of_speakers = [(f"What did {name} say?", name) for name in dict.fromkeys(speakers)]
    of_names = [(f"What do the articles say about {name}?", name) for name in names if name not in speakers]
    asked = [*of_speakers[:SPEAKERS], *of_names[:1], *of_speakers[SPEAKERS:], *of_names[1:]]
    questions: dict[str, tuple[str, str]] = {}
    for question, name in asked:
        words = _words(name)
        if not words <= known and not any(len(word) > 3 for word in words & known):
            questions.setdefault(name, (question, name))
    return list(questions.values())[:TRIED]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(canonical_text(text).casefold()))


def _sentences(article: Article) -> list[Span]:
    read = article_sentences(article)[:READ]
    return [Span(article.id, one.start, one.end) for one in read if one.zone in _REPORTING]


def _speakers(article: Article, spans: Sequence[Span]) -> Iterator[str]:
    """People who are quoted or say something, in reading order."""
    for span in spans:
        speech = speech_at(article, span)
        if speech and _is_full_name(speech.speaker):
            yield speech.speaker


def _is_full_name(words: str) -> bool:
    """Whether the words are one name and nothing else: "a British official" is nobody to ask about."""
    values = find_values(words)
    return " " in words and len(values) == 1 and values[0].kind is Kind.NAME and values[0].text == words


def _names(article: Article, spans: Sequence[Span]) -> Sequence[str]:
    """Names of two words or more that are no country, those named most often first."""
    counts: dict[str, int] = {}
    for span in spans:
        for value in find_values(article.quote(span)):
            if value.kind is Kind.NAME and " " in value.text and not is_country(value.text):
                counts[value.text] = counts.get(value.text, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])
