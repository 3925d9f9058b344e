"""Words beside a stretch that limit or reverse it: in the rest of its sentence, in front of it, and next door."""

from __future__ import annotations

from pathlib import Path

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.checks.cut import LimitKind, limits
from assistant.chunking import APART, article_sentences
from assistant.loaders import RawDocument
from assistant.sources import load, read_sources
from assistant.types import Article, Span

CORPUS = Path(__file__).parent.parent / "corpus"
LIMITS, REVERSES = LimitKind.LIMITS, LimitKind.REVERSES


def article(text: str) -> Article:
    return make_article(f"The report of the day, in the words of its writers.\n\n{text}", title="Report")


def span_of(one: Article, words: str) -> Span:
    start = one.text.index(words)
    return Span(one.id, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "kind", "beside"),
    [
        (
            "Britain will support the air defences but not place troops.",
            "Britain will support the air defences",
            LIMITS,
            "but not",
        ),
        ("Members are ready to talk, but not to sign.", "Members are ready to talk", LIMITS, "but not to sign"),
        ("The road will open on Monday unless it rains.", "The road will open on Monday", LIMITS, "unless it rains"),
        ("The road will open, if the council agrees.", "The road will open", LIMITS, "if the council agrees"),
        ("All shops may open except bars and clubs.", "All shops may open", LIMITS, "except bars"),
        ("The plan works, although nobody has tried it.", "The plan works", LIMITS, "although nobody"),
        ('"We are ready," the planner said, "but not yet."', "We are ready", LIMITS, "but not yet"),
        ("Wir sind bereit, aber nicht zu jedem Preis.", "Wir sind bereit", LIMITS, "aber nicht"),
        ("Estamos listos, pero no a cualquier precio.", "Estamos listos", LIMITS, "pero no"),
        ("The minister denied that taxes would rise next year.", "taxes would rise next year", REVERSES, "denied that"),
        ("It is not true that the bridge is closed.", "the bridge is closed", REVERSES, "not true that"),
        ("There is no evidence that the vaccine does harm.", "the vaccine does harm", REVERSES, "no evidence that"),
        ("If the council agrees, the road will open.", "the road will open", LIMITS, "If the council agrees"),
        ("Boil it for ten minutes. That is wrong.", "Boil it for ten minutes.", REVERSES, "That is wrong."),
        ("He took the money. That is not true.", "He took the money.", REVERSES, "That is not true."),
        (
            "He called the judge corrupt. He later withdrew the remark.",
            "He called the judge corrupt.",
            REVERSES,
            "withdrew",
        ),
        (
            "The firm buried the drums. The company denied the allegation.",
            "The firm buried the drums.",
            REVERSES,
            "denied",
        ),
        ("The road is open. However, lorries must wait.", "The road is open.", LIMITS, "However, lorries"),
        ("Putin was open to talks. By Tuesday, however, he was not.", "Putin was open to talks.", LIMITS, "however"),
        ("A false message reads: The wells are poisoned again.", "The wells are poisoned again.", None, ""),
    ],
)
def test_what_stands_beside_the_words_is_found(text: str, words: str, kind: LimitKind | None, beside: str) -> None:
    one = article(text)
    found = limits(one, span_of(one, words))
    assert (found and found.kind) is kind
    if found:
        assert beside in one.quote(found.span)
        assert found.note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The road is open. Lorries may pass.", "The road is open."),
        ("Members are ready to talk, but not to sign.", "Members are ready to talk, but not to sign."),
        ("The road is open.\n\nBut the harbour has other worries this year.", "The road is open."),
        ("He spoke for an hour. She did not deny it.", "He spoke for an hour."),
        ("The request was heard. A judge denied the request.", "The request was heard."),
        ("The team withdrew in December after a wave of illness.", "The team withdrew in December"),
        ("Ten came. It is hard to deny that it was cold.", "Ten came."),
    ],
)
def test_what_only_looks_like_a_limit_is_none(text: str, words: str) -> None:
    one = article(text)
    assert limits(one, span_of(one, words)) is None


def test_a_comment_limits_no_reporting() -> None:
    one = article("The road is open.\n\n1 Comment\nThat is wrong.\nReplyDelete")
    assert limits(one, span_of(one, "The road is open.")) is None


def test_few_whole_sentences_of_the_samples_are_limited() -> None:
    raws = [raw for raw in read_sources([CORPUS]) if isinstance(raw, RawDocument)]
    articles = [one for raw in raws for one in load(raw) if isinstance(one, Article)]
    spans = [
        (one, Span(one.id, s.start, s.end)) for one in articles for s in article_sentences(one) if s.zone not in APART
    ]
    fired = [one.quote(span) for one, span in spans if limits(one, span)]
    assert 0 < len(fired) < 0.12 * len(spans)


TEXTS = st.lists(
    st.sampled_from(
        [
            "but",
            "not",
            "However,",
            "That is wrong.",
            "denied",
            "that",
            "said",
            '"',
            "”",
            ",",
            ".",
            "\n\n",
            "unless",
            "é",
            "👩‍👩‍👧",
            "If",
        ]
    ),
    max_size=30,
).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(text=st.one_of(TEXTS, st.text(max_size=200)), start=st.integers(-5, 200), length=st.integers(-5, 200))
def test_no_text_and_no_span_makes_the_gate_raise(text: str, start: int, length: int) -> None:
    one = article(text)
    found = limits(one, Span(one.id, start, start + length))
    assert found is None or one.quote(found.span).strip()


@pytest.mark.parametrize("piece", ["a", "but ", ", ", "he said ", "not ", "Denied. "])
def test_four_times_the_damage_takes_little_more_than_four_times_the_time(piece: str) -> None:
    def read(text: str) -> None:
        one = article(text)
        limits(one, Span(one.id, len(one.text) // 2, len(one.text) // 2 + 30))

    assert growth(read, piece) < 8
