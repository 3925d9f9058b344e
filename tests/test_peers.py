"""The comparison with other frameworks, as far as it runs without them: scoring, pairing, remembered vectors, tables."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pytest
from samples import HashingEmbeddings, sentences

from assistant.metrics import Outcome
from assistant.metrics._compare import mcnemar
from assistant.types import Span
from benchmarks.peers.__main__ import to_rows
from benchmarks.peers.child import Measured, _stay_on_this_machine
from benchmarks.peers.embedding import BLOCK, CachedMiniLM, VectorMemory
from benchmarks.peers.material import Material, prepare
from benchmarks.peers.scoring import CONTEXT, compare, located, mean_chars, score, within
from benchmarks.peers.systems import SYSTEMS, UNDATED, Piece, as_number, read_plain
from benchmarks.peers.table import tables

ROOT = Path(__file__).parents[1]
TEXT = "The ferry ran aground. Nobody was hurt. The ferry was old. Nobody was hurt."
TEXTS = {"gold": TEXT, "other": "Nobody was hurt in the fire."}
BY_WORDS = Outcome(True, accepted=("nobody",), gold_articles=frozenset({"gold"}))


# --- Strict hits of chunks that are only text


@pytest.mark.parametrize(
    ("pieces", "rank"),
    [
        pytest.param([Piece("gold", "Nobody was hurt.")], 1, id="answer in a gold article"),
        pytest.param([Piece("other", "Nobody was hurt in the fire.")], None, id="answer in another article"),
        pytest.param([Piece("gold", "The ferry ran aground.")], None, id="gold article, no answer"),
        pytest.param([Piece("other", "Nobody"), Piece("gold", "Nobody was")], 2, id="second chunk"),
        pytest.param(
            [Piece("gold", "words that no article has, and nobody")], 1, id="text that was altered on the way"
        ),
        pytest.param([], None, id="nothing found"),
    ],
)
def test_a_chunk_hits_when_it_holds_an_answer_and_comes_from_a_gold_article(
    pieces: list[Piece], rank: int | None
) -> None:
    assert score(pieces, BY_WORDS, TEXTS).rank == rank


@pytest.mark.parametrize(
    ("chunk", "hits"),
    [
        pytest.param("The ferry was old. Nobody was hurt.", True, id="over the gold span"),
        pytest.param("\nThe ferry was old.\n", True, id="touching it, white space aside"),
        pytest.param("The ferry ran aground.", False, id="beside it"),
        pytest.param("Nobody was hurt.", True, id="words that stand there twice, once within the gold"),
        pytest.param("The ferry was new.", False, id="words that the article does not have"),
    ],
)
def test_where_gold_is_a_span_a_chunk_must_overlap_it(chunk: str, hits: bool) -> None:
    gold = replace(BY_WORDS, gold_spans=(Span("gold", TEXT.index("The ferry was"), len(TEXT)),))

    assert (score([Piece("gold", chunk)], gold, TEXTS).rank == 1) is hits


def test_a_chunk_is_found_at_every_place_where_it_stands() -> None:
    spans = [passage.span for passage in located(Piece("gold", " Nobody was hurt."), TEXT)]

    assert [TEXT[span.start : span.end] for span in spans] == ["Nobody was hurt."] * 2
    assert spans[0].start < spans[1].start


def test_equal_context_ends_within_a_chunk() -> None:
    pieces = [Piece("a", "12345"), Piece("b", "678"), Piece("c", "9")]

    assert list(within(pieces, 7)) == [Piece("a", "12345"), Piece("b", "67")]


def test_an_answer_behind_the_context_is_a_hit_but_not_within_it() -> None:
    long = Piece("gold", "x" * CONTEXT + " nobody")

    scored = score([long], BY_WORDS, TEXTS)

    assert (scored.rank, scored.in_context) == (1, False)
    assert mean_chars([scored, scored]) == CONTEXT + 7


# --- The paired test


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 0), (1, 0), (5, 0), (1, 7), (4, 4), (6, 3)])
def test_mcnemar_counts_the_splits_at_least_as_uneven(only_first: int, only_second: int) -> None:
    n, uneven = only_first + only_second, abs(only_first - only_second)
    splits = [abs(2 * sum(coins) - n) >= uneven for coins in product((0, 1), repeat=n)]

    assert mcnemar(only_first, only_second) == pytest.approx(sum(splits) / len(splits))


def test_questions_that_both_hit_or_miss_do_not_count() -> None:
    paired = compare([True, True, False, False], [True, False, True, False])

    assert (paired.only_first, paired.only_second, paired.n) == (1, 1, 4)


# --- Vectors of an earlier run


def test_remembered_vectors_bring_the_seconds_they_took(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(BLOCK + 3)]
    first = CachedMiniLM(VectorMemory(tmp_path / "vectors.sqlite"), HashingEmbeddings())
    rows = first.embed_documents(texts)
    first.memory.close()

    again = CachedMiniLM(VectorMemory(tmp_path / "vectors.sqlite"), HashingEmbeddings())
    remembered = again.embed_documents([*texts, "another"])

    assert remembered[:-1] == [pytest.approx(row) for row in rows]
    assert (first.n_embedded, first.n_remembered, first.remembered.wall_s) == (len(texts), 0, 0)
    assert (again.n_embedded, again.n_remembered) == (1, len(texts))
    assert again.remembered.wall_s > 0


def test_without_a_file_everything_is_embedded() -> None:
    embeddings = CachedMiniLM(VectorMemory(None), HashingEmbeddings())

    for _ in range(2):
        embeddings.embed_documents(["a", "b"])

    assert (embeddings.n_embedded, embeddings.n_remembered) == (4, 0)


def test_questions_are_embedded_each_time(tmp_path: Path) -> None:
    model = HashingEmbeddings()
    embeddings = CachedMiniLM(VectorMemory(tmp_path / "vectors.sqlite"), model)
    embeddings.embed_documents(["a question"])

    assert embeddings.embed_query("a question") == model.embed_query("a question")
    assert embeddings.n_remembered == 0


# --- What every system is given


def _write_lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_questions_without_gold_here_are_left_out_and_versions_are_one_article(tmp_path: Path) -> None:
    url = "https://paper.example/ferry"
    articles = _write_lines(
        tmp_path / "in.jsonl",
        [
            {"id": "early", "url": url, "published": "2025-08-19", "text": sentences(8, "ferry")},
            {"id": "late", "url": url, "published": "2025-08-20", "text": sentences(9, "ferry")},
            {"id": "undated", "text": sentences(8, "bridge")},
        ],
    )
    asked = {"question": "How many boats?", "date": "2025-08-21", "answer": ["56"], "gold_article_ids": ["early"]}
    questions = _write_lines(
        tmp_path / "questions.jsonl",
        [asked | {"id": "q1", "answerable": True}, asked | {"id": "q2", "answerable": False, "gold_article_ids": []}],
    )

    material = prepare(articles, questions, tmp_path, tmp_path / "plain.jsonl")

    plain = {article.id: article for article in read_plain(tmp_path / "plain.jsonl")}
    (gold,) = material.gold
    (last,) = gold.gold_articles
    assert material.asked == (("How many boats?", date(2025, 8, 21)),)
    assert material.left_out == 1
    assert {article.day for article in plain.values()} == {20250820, UNDATED}
    assert plain[last].text == material.texts[last] == sentences(9, "ferry")


@pytest.mark.parametrize(("day", "number"), [(date(2022, 6, 3), 20220603), (None, UNDATED)], ids=["dated", "undated"])
def test_days_are_numbers_that_compare(day: date | None, number: int) -> None:
    assert as_number(day) == number


@pytest.mark.parametrize("host", ["example.org", "eu.posthog.com"])
def test_a_system_reaches_no_other_machine(host: str) -> None:
    with pytest.raises(OSError, match=re.escape(host)):
        _stay_on_this_machine("socket.getaddrinfo", (host, 443, 0, 0, 0))
    with pytest.raises(OSError, match=re.escape(host)):
        _stay_on_this_machine("socket.connect", (None, (host, 443)))


def test_a_system_may_talk_to_itself() -> None:
    _stay_on_this_machine("socket.connect", (None, ("127.0.0.1", 80)))
    _stay_on_this_machine("socket.connect", (None, "/tmp/socket"))


# --- The report

ANSWERED = Measured(
    dated=((Piece("gold", "Nobody was hurt."),), (Piece("gold", "Nobody was hurt."),)),
    undated=((Piece("gold", "Nobody was hurt."),), ()),
    chunks=2,
    index_cpu_s=1.0,
    index_wall_s=2.0,
    query_p50_ms=3.0,
    query_p95_ms=4.0,
    query_cpu_p50_ms=3.0,
    peak_mb=100.0,
    embedded=2,
    remembered=0,
    versions={},
)
MATERIAL = Material(TEXTS, (("Was anybody hurt?", None), ("Who was hurt?", None)), (BY_WORDS, BY_WORDS), 0)


def test_a_system_that_fails_is_a_row_with_its_error() -> None:
    worse = replace(ANSWERED, dated=((), ()))

    rows = to_rows({"ours": ANSWERED, "broken": "ImportError: no such package", "worse": worse}, MATERIAL)
    text = tables(rows, "Two questions.")

    assert "broken failed: ImportError: no such package" in text
    assert [row.dated["hit@4"].mean for row in rows if not row.error] == [1.0, 0.0]
    assert rows[2].paired is not None
    assert (rows[2].paired.only_first, rows[2].paired.only_second) == (2, 0)
    assert rows[0].undated["hit@4"].mean == 0.5


def test_without_the_first_system_there_is_nothing_to_pair_with() -> None:
    rows = to_rows({"ours": "MemoryError: ", "other": ANSWERED}, MATERIAL)

    assert [row.paired for row in rows] == [None, None]
    assert "beside" not in tables(rows, "Two questions.")


def test_the_tables_lines_are_equally_long() -> None:
    rows = to_rows({"ours": ANSWERED, "another system": ANSWERED, "broken": "OSError: x"}, MATERIAL)

    for table in tables(rows, "Heading").split("\n\n")[1:4]:
        assert len({(len(line), line.count("|")) for line in table.splitlines()}) == 1


def test_every_system_has_a_name_and_a_module_of_its_own() -> None:
    assert len({entry.name for entry in SYSTEMS}) == len(SYSTEMS)
    assert SYSTEMS[0].name == "assistant"
    assert all(find_spec(f"benchmarks.peers.systems.{entry.module}") for entry in SYSTEMS)


def test_the_peers_pins_leave_the_assistants_packages_as_they_are() -> None:
    pin = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
    ours = dict(pin.findall((ROOT / "requirements.lock").read_text()))
    peers = dict(pin.findall((ROOT / "benchmarks" / "peers" / "requirements.txt").read_text()))

    assert peers
    assert {name: version for name, version in peers.items() if ours.get(name, version) != version} == {}
