"""The library: one article per text, versions by address, searches that keep to their filters, and a file that survives.

Articles are made up and short; nothing here embeds.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Set
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from growth import growth_by_number
from samples import sentences

from assistant.articles import make_article
from assistant.errors import EmbedderMismatch, ExitCode, LibraryBusy, LibraryDamaged, UnknownArticle, WrongUse
from assistant.library import Library
from assistant.types import Article, Filters, Passage, Span, Zone

FERRY = "The ferry Aurelia ran aground off Port Haldane on Sunday. All 212 passengers were brought ashore."
COUNCIL = "The council of Alderbrook voted on Monday to buy filters for four hundred households."
PAGE = "https://paper.example/ferry"


def found(library: Library, *words: str, filters: Filters | None = None) -> list[str]:
    """Ids of the articles that a word search finds, best first."""
    allowed = library.allowed_passages(filters or Filters())
    passages = library.passages([key for key, _ in library.search_words(words, 20, allowed)])
    return list(dict.fromkeys(passage.span.article_id for passage in passages.values()))


# --- One text is one article


def test_the_same_text_again_changes_nothing_but_where_it_was_found(library: Library, store: Any) -> None:
    article, first = store(FERRY, url=PAGE, source_id="a1")
    before = library.change()
    _, second = store(FERRY, url=PAGE, source_id="a1")

    assert (first.outcome, second.outcome) == ("added", "unchanged")
    assert (library.counts().articles, library.change()) == (1, before)
    assert library.article_rows()[0].source_ids == ("a1",)
    assert library.is_current(article)


def test_one_text_from_two_sources_is_one_article_under_both_ids(library: Library, store: Any) -> None:
    article, _ = store(FERRY, source_id="wire-7", url="https://wire.example/7")
    store(FERRY, source_id="paper-9", url=PAGE)

    (row,) = library.article_rows()
    assert row.source_ids == ("wire-7", "paper-9")
    assert library.find_id("paper-9") == library.find_id("wire-7") == article.id


def test_texts_that_differ_in_one_character_are_two_articles(library: Library, store: Any) -> None:
    store(FERRY)
    store(FERRY.replace("212", "213"))

    assert library.counts().articles == 2


# --- Versions


@pytest.fixture
def changed(library: Library, store: Any) -> SimpleNamespace:
    """An article and what replaced it at the same address."""
    before, _ = store(FERRY, url=PAGE, source_id="a1")
    after, added = store(FERRY.replace("212", "208"), url=PAGE, source_id="a1")
    return SimpleNamespace(before=before, after=after, added=added)


def test_a_changed_page_replaces_its_earlier_text_in_search(library: Library, changed: SimpleNamespace) -> None:
    assert (changed.added.outcome, changed.added.earlier) == ("replaced", changed.before.id)
    assert found(library, "ferry") == [changed.after.id]
    assert found(library, "212") == []


def test_a_replaced_text_stays_for_the_citations_that_rest_on_it(library: Library, changed: SimpleNamespace) -> None:
    assert library.article(changed.before.id).text == FERRY
    assert library.articles([changed.before.id])[changed.before.id].sections == changed.before.sections


def test_versions_are_counted_and_listed_on_demand(library: Library, changed: SimpleNamespace) -> None:
    (row,) = library.article_rows()
    assert (row.facts.id, row.versions) == (changed.after.id, 2)
    assert {row.current for row in library.article_rows(include_replaced=True)} == {True, False}


def test_the_versions_of_an_article_are_found_by_any_of_their_ids(library: Library, store: Any, changed: Any) -> None:
    last, _ = store(FERRY.replace("212", "207"), url=PAGE, source_id="a1")
    expected = [last.id, changed.after.id, changed.before.id]
    for known in expected:
        assert [version.id for version in library.versions(known)] == expected
    assert library.versions("0" * 64) == []


def test_zones_are_counted_in_the_order_of_the_text(library: Library, store: Any) -> None:
    article, _ = store("“It sank on Monday,” he said. “We swam ashore,” she said.")
    other, _ = store(COUNCIL)
    zones = library.zones([article.id])
    assert list(zones[article.id].items()) == [(Zone.BODY, 1), (Zone.QUOTATION, 2)]
    assert other.id not in zones


def test_a_source_id_names_the_version_in_force(library: Library, changed: SimpleNamespace) -> None:
    assert library.find_id("a1") == changed.after.id


def test_without_an_address_the_source_id_tells_that_it_is_a_new_version(library: Library, store: Any) -> None:
    before, _ = store(FERRY, source_id="a1")
    _, added = store(FERRY.replace("212", "208"), source_id="a1")

    assert (added.outcome, added.earlier) == ("replaced", before.id)


def test_a_publisher_may_go_back_to_an_earlier_text(library: Library, store: Any, changed: SimpleNamespace) -> None:
    _, added = store(FERRY, url=PAGE)

    assert (added.outcome, added.earlier) == ("replaced", changed.after.id)
    assert found(library, "ferry") == [changed.before.id]
    assert library.article_rows()[0].versions == 2


def test_a_text_that_comes_back_is_told_of_as_it_is_today(
    library: Library, store: Any, changed: SimpleNamespace
) -> None:
    elsewhere = "https://archive.example/ferry"
    store(FERRY, url=elsewhere, title="Aground", published="2025-08-20")

    facts = library.facts([changed.before.id])[changed.before.id]
    assert (facts.url, facts.title, facts.published) == (elsewhere, "Aground", date(2025, 8, 20))


def test_a_title_that_came_with_a_text_leaves_the_word_index_with_it(
    library: Library, store: Any, changed: SimpleNamespace
) -> None:
    store(FERRY, url=PAGE, title="Groundbreaking")  # back, under another title than at first
    store(COUNCIL, url=PAGE)

    assert library.search_words(["Groundbreaking"], 5) == []


def test_removing_an_article_forgets_its_versions_and_its_words(
    library: Library, store: Any, changed: SimpleNamespace
) -> None:
    store(COUNCIL)
    library.remove(changed.after.id)

    with pytest.raises(UnknownArticle):
        library.article(changed.before.id)
    assert found(library, "ferry") == []
    assert library.passages_with("ferry") == 0
    assert library.counts().articles == 1


# --- Syndicated copies


def test_a_syndicated_copy_is_linked_to_what_was_there_first(library: Library, store: Any) -> None:
    original, _ = store(sentences(30), url="https://wire.example/1", published="2025-08-19")
    copy, _ = store("By our correspondent.\n\n" + sentences(30), url=PAGE, published="2025-08-18")
    other, _ = store(sentences(30, about="council"), url="https://paper.example/2", published="2025-08-17")

    links = {row.facts.id: row.duplicate_of for row in library.article_rows()}
    assert links == {original.id: None, copy.id: original.id, other.id: None}


def test_a_new_version_is_no_copy_of_the_one_it_replaces(library: Library, store: Any) -> None:
    store(sentences(30), url=PAGE)
    store(sentences(31), url=PAGE)

    assert [row.duplicate_of for row in library.article_rows()] == [None]


@pytest.mark.parametrize(
    ("text", "linked"),
    [(sentences(31), True), (sentences(30, about="council"), False)],
    ids=["still alike", "another story"],
)
def test_a_copy_follows_its_original_to_a_new_version_that_is_still_alike(
    library: Library, store: Any, text: str, linked: bool
) -> None:
    store(sentences(30), url=PAGE)
    copy, _ = store("By our correspondent.\n\n" + sentences(30), url="https://wire.example/1")
    update, _ = store(text, url=PAGE)

    links = {row.facts.id: row.duplicate_of for row in library.article_rows()}
    assert links == {copy.id: update.id if linked else None, update.id: None}


def test_a_copy_outlives_the_original_that_is_removed(library: Library, store: Any) -> None:
    original, _ = store(sentences(30), url=PAGE)
    copy, _ = store("By our correspondent.\n\n" + sentences(30), url="https://wire.example/1")
    library.remove(original.id)

    assert [(row.facts.id, row.duplicate_of) for row in library.article_rows()] == [(copy.id, None)]


# --- Names of articles


@pytest.mark.parametrize("name", ["", "1234", "zzzzzz", "%", "_" * 8, "a\udcffb", "\x00", "'; DROP TABLE articles"])
def test_a_name_that_is_none_is_unknown(library: Library, store: Any, name: str) -> None:
    store(FERRY, source_id="a1")

    with pytest.raises(UnknownArticle, match="no article"):
        library.find_id(name)


def test_six_digits_of_an_id_are_enough_and_five_are_not(library: Library, store: Any) -> None:
    article, _ = store(FERRY)

    assert library.find_id(article.id[:6]) == article.id
    with pytest.raises(UnknownArticle):
        library.find_id(article.id[:5])


def test_a_name_for_two_articles_is_refused_with_their_ids(library: Library, store: Any) -> None:
    first, _ = store(FERRY, source_id="a1", url=PAGE)
    second, _ = store(COUNCIL, source_id="a1", url="https://paper.example/council")

    with pytest.raises(UnknownArticle, match="names 2 articles") as error:
        library.find_id("a1")
    assert first.id[:12] in error.value.hint
    assert second.id[:12] in error.value.hint


# --- Filters


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Five articles about a ferry: four days, three publishers, one undated and of no known publisher."""
    from assistant.articles import make_article
    from assistant.chunking import split_article
    from assistant.settings import PassageSettings

    with closing(Library(tmp_path_factory.mktemp("dated"))) as library:
        for day, publisher in [(18, "Wire"), (19, "Wire"), (20, "Paper"), (21, "O'Neill & Söhne"), (None, None)]:
            article = make_article(
                f"{FERRY} It was reported as number {day}.",
                source_id=str(day),
                publisher=publisher,
                published=day and f"2025-08-{day}",
            )
            library.add(article, split_article(article, PassageSettings()))
        yield library


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "18 19 20 21 None"),
        (Filters(publisher="Wire"), "18 19"),
        (Filters(publisher="O'Neill & Söhne"), "21"),
        (Filters(publisher="wire"), ""),
        (Filters(publisher="Wir\udcff"), ""),
        (Filters(since=date(2025, 8, 20)), "20 21"),
        (Filters(until=date(2025, 8, 19)), "18 19"),
        (Filters(since=date(2025, 8, 19), until=date(2025, 8, 19)), "19"),
        (Filters(since=date(1900, 1, 1)), "18 19 20 21"),
        (Filters(as_of=date(2025, 8, 19)), "18 19 20 None"),
        (Filters(as_of=date(2025, 8, 1)), "None"),
        (Filters(publisher="Paper", as_of=date(2025, 8, 18)), ""),
        (Filters(publisher="Wire", since=date(2025, 8, 19), as_of=date(2025, 8, 30)), "19"),
    ],
    ids=[
        "none",
        "publisher",
        "quote and accent",
        "case counts",
        "undecodable",
        "since is inclusive",
        "until is inclusive",
        "one day",
        "undated passes no date filter",
        "as_of has a day of grace and lets undated pass",
        "as_of before all",
        "two that exclude each other",
        "three",
    ],
)
def test_a_filter_lets_through(dated: Library, filters: Filters, expected: str) -> None:
    ids = {dated.find_id(name) for name in expected.split()}

    assert set(found(dated, "ferry", filters=filters)) == ids


def test_an_article_of_no_known_publisher_is_not_any_publishers(library: Library, store: Any) -> None:
    known, _ = store(FERRY, publisher="Wire")
    store(COUNCIL.replace("council", "ferry"))

    assert found(library, "ferry", filters=Filters(publisher="Wire")) == [known.id]


def test_a_filter_that_holds_nothing_back_costs_no_list_of_passages(dated: Library) -> None:
    assert dated.allowed_passages(Filters(as_of=date(2030, 1, 1))) is None


def test_a_rare_publisher_is_found_behind_many_better_hits(library: Library, store: Any) -> None:
    for i in range(12):
        store(f"Ferry ferry ferry, report {i} of the ferry.", publisher="Wire")
    rare, _ = store("Long after all the others somebody on the coast remembered an old ferry.", publisher="Paper")

    allowed = library.allowed_passages(Filters(publisher="Paper"))
    assert [key for key, _ in library.search_words(["ferry"], 1, allowed)] == sorted(allowed or ())
    assert found(library, "ferry", filters=Filters(publisher="Paper")) == [rare.id]


def test_four_times_the_passages_behind_a_filter_take_little_more_than_four_times_the_time(library: Library) -> None:
    def stored(n: int) -> Set[int]:
        for publisher, line in (
            ("Wire", "Ferry, ferry, ferry: the ferry"),
            ("Paper", "Somebody had once seen a ferry"),
        ):
            article = make_article("\n".join(f"{line} {n}." for _ in range(n)), publisher=publisher)
            lines = [Span(article.id, at.start(), at.end()) for at in re.finditer(".+", article.text)]
            library.add(article, [Passage(span, article.quote(span), None, Zone.BODY, 8) for span in lines])
        allowed = library.allowed_passages(Filters(publisher="Paper"))
        assert allowed
        return allowed

    def search(allowed: Set[int]) -> None:
        found = library.search_words(["ferry"], 10, allowed)
        assert len(found) == 10
        assert allowed.issuperset(key for key, _ in found)

    assert growth_by_number(stored, search, 800) < 8


# --- Words


@pytest.mark.parametrize(
    "term",
    [
        *"""' " "" * a* ^a -a + ( ) { } {a} title:a NEAR NEAR( AND OR NOT \\ % ; -- 😀 谁警告了北约 ﷺ""".split(),
        *["", " ", "NEAR(a b, 2)", "\u0301", "\u200b", "x" * 10_000],
    ],
    ids=ascii,
)
def test_no_word_is_an_operator(dated: Library, term: str) -> None:
    assert dated.search_words([term], 5) == []
    assert dated.weight(term) > 0


def test_a_hostile_word_does_not_hide_the_others(dated: Library) -> None:
    assert len(found(dated, "NEAR(", '"', "ferry", "-aground", "😀")) == 5


def test_no_words_find_nothing(dated: Library) -> None:
    assert dated.search_words([], 5) == []


def test_a_question_of_two_thousand_words_is_searched(dated: Library) -> None:
    assert len(found(dated, *(f"word{i}" for i in range(2000)), "ferry")) == 5


@pytest.mark.parametrize("asked", ["FERRY", "ferries", "fèrry"], ids=["case", "plural", "accent"])
def test_words_are_compared_by_stem(dated: Library, asked: str) -> None:
    assert len(found(dated, asked)) == 5


def test_scores_are_positive_and_fall(dated: Library) -> None:
    scores = [score for _, score in dated.search_words(["reported", "19"], 10)]

    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_a_rarer_word_weighs_more(dated: Library) -> None:
    assert dated.weight("absent") > dated.weight("19") > dated.weight("ferry") > 0


def test_weights_follow_the_library(library: Library, store: Any) -> None:
    store(FERRY)
    before = library.weight("council")
    store(COUNCIL)

    assert library.weight("council") < before


def test_a_passage_carries_its_own_words_and_place(dated: Library) -> None:
    for passage in dated.all_passages():
        assert dated.article(passage.span.article_id).quote(passage.span) == passage.text


def test_comments_and_accents_keep_their_place_in_the_file(library: Library, store: Any) -> None:
    article, _ = store("Ça alors 😀 — l’été!\n\nThe 🚢 ferry sailed.\n\n2 Comments\nGreat ferry 😀.\nReplyDelete")

    passages = list(library.all_passages())
    assert [article.quote(p.span) for p in passages] == [p.text for p in passages]
    assert Zone.COMMENT in {p.zone for p in passages}


# --- Vectors


def unit_rows(n: int, d: int = 8) -> np.ndarray:
    rows = np.random.default_rng(n).normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def embed(library: Library, fingerprint: str = "hashing-1") -> tuple[list[int], np.ndarray]:
    ids = [passage.id for passage in library.unembedded(1000)]
    rows = unit_rows(len(ids))
    library.add_vectors(fingerprint, ids, rows)
    return ids, rows


def test_vectors_come_back_byte_for_byte(library: Library, store: Any) -> None:
    store(FERRY)
    store(COUNCIL)
    ids, rows = embed(library)

    kept_ids, kept = library.vectors()
    assert kept_ids.tolist() == ids == library.vector_ids()
    assert kept.tobytes() == rows.tobytes()
    some_ids, some = library.vectors_of(ids[:1])
    assert (some_ids, some.tobytes()) == (ids[:1], rows[:1].tobytes())


def test_what_has_a_vector_needs_none(library: Library, store: Any) -> None:
    store(FERRY)
    assert library.counts().embedded_share == 0
    embed(library)

    assert library.unembedded(10) == []
    assert library.counts().embedded_share == 1


def test_the_beginnings_of_articles_get_their_vectors_first(library: Library, store: Any) -> None:
    for text in (FERRY * 40, COUNCIL * 40):
        store(text)
    starts = [passage.span.start for passage in library.unembedded(1000)]

    assert len(starts) > 4
    assert starts[:2] == [0, 0]
    assert all(starts[2:])


def test_vectors_go_with_their_passages(library: Library, store: Any) -> None:
    store(FERRY, url=PAGE)
    embed(library)
    store(COUNCIL, url=PAGE)

    assert library.vector_ids() == []
    assert len(library.vectors()[0]) == 0


def test_a_vector_for_a_passage_that_was_removed_meanwhile_is_passed_over(library: Library, store: Any) -> None:
    article, _ = store(FERRY)
    (passage,) = library.unembedded(10)
    library.remove(article.id)
    library.add_vectors("hashing-1", [passage.id], unit_rows(1))

    assert library.vector_ids() == []


def test_a_passage_id_is_never_used_twice(library: Library, store: Any) -> None:
    article, _ = store(FERRY)
    (first,) = library.all_passages()
    library.remove(article.id)
    store(COUNCIL)

    assert [passage.id > first.id for passage in library.all_passages()] == [True]


def test_another_embedders_vectors_are_refused_with_the_command(library: Library, store: Any) -> None:
    store(FERRY)
    embed(library, "minilm-1")
    store(COUNCIL)

    with pytest.raises(EmbedderMismatch, match=r"minilm-1.*hashing-1.*assistant rebuild --embed") as error:
        embed(library, "hashing-1")
    assert error.value.exit_code == ExitCode.DAMAGED


def test_dropped_vectors_make_room_for_another_embedder(library: Library, store: Any) -> None:
    store(FERRY)
    embed(library, "minilm-1")
    library.drop_vectors()
    embed(library, "hashing-1")

    assert library.embedder() == "hashing-1"


# --- The file


def test_an_empty_place_reads_as_an_empty_library(library: Library) -> None:
    assert not library.exists
    assert (library.article_rows(), library.publishers(), library.embedder(), library.check()) == ([], [], None, None)
    assert library.counts().articles == library.change() == 0
    assert library.search_words(["ferry"], 5) == []
    assert not library.exists


def test_what_was_stored_is_there_for_the_next_process(library: Library, store: Any) -> None:
    article, _ = store(FERRY, title="Aground", url=PAGE, author="E. Marsh", published="2025-08-18", source_id="a1")
    library.close()

    with closing(Library(library.home)) as reopened:
        kept = reopened.article(article.id)
    assert kept.retrieved is not None
    assert (kept.text, kept.sections, kept.published) == (article.text, article.sections, article.published)
    assert (kept.title, kept.url, kept.author, kept.source_id) == ("Aground", PAGE, "E. Marsh", "a1")


def test_a_failed_addition_leaves_nothing(library: Library, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Library, "_insert_passages", staticmethod(fail))
    with pytest.raises(MemoryError):
        store(FERRY)

    assert library.counts().articles == 0


def test_a_half_written_file_of_a_killed_process_is_cleared_away(library: Library, store: Any) -> None:
    library.home.mkdir(parents=True)
    part = library.home / "library.4711.part"
    part.write_bytes(b"SQLite format 3\x00 and then")
    store(FERRY)

    assert library.counts().articles == 1
    assert not part.exists()


def scribble(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5scribble" * 500)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"<html>no database</html>" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: scribble(path, 0),
        lambda path: scribble(path, 100),
    ],
    ids=["another file", "empty", "cut short", "header gone", "schema gone"],
)
def test_a_damaged_file_is_named_with_what_to_do(library: Library, store: Any, damage: Callable[[Path], Any]) -> None:
    store(FERRY)
    library.close()
    damage(library.path)

    with closing(Library(library.home)) as damaged, pytest.raises(LibraryDamaged, match="mv ") as error:
        damaged.article_rows()
    assert error.value.exit_code == ExitCode.DAMAGED
    assert str(library.path) in str(error.value)


def test_a_file_of_another_schema_is_refused(library: Library, store: Any) -> None:
    store(FERRY)
    library.close()
    with closing(sqlite3.connect(library.path)) as db, db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")

    with pytest.raises(LibraryDamaged, match="schema 99"):
        library.counts()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE words_data SET block = substr(block, 1, 20)",
        "DELETE FROM words_data",
        "DELETE FROM words_config",
        "DROP TABLE words_data",
        "DROP TABLE words_idx",
    ],
)
def test_a_damaged_word_index_is_mended_from_the_articles(library: Library, store: Any, damage: str) -> None:
    article, _ = store(FERRY)
    library.close()
    with closing(sqlite3.connect(library.path)) as db, db:
        db.execute(damage)
    with pytest.raises(LibraryDamaged, match="assistant rebuild"):
        found(library, "ferry")
    library.rebuild_words()

    assert found(library, "ferry") == [article.id]


def test_scribbles_anywhere_end_in_an_answer_or_in_the_error_that_names_them(library: Library, store: Any) -> None:
    for i in range(12):
        store(sentences(20, about=f"harbour{i}"))
    library.close()
    whole = library.path.read_bytes()
    outcomes = set()
    for offset in range(4096, len(whole), len(whole) // 24):
        library.path.write_bytes(whole)
        scribble(library.path, offset)
        with closing(Library(library.home)) as damaged:
            try:
                damaged.check()
                found(damaged, "harbour3")
                damaged.articles([row.facts.id for row in damaged.article_rows()])
                outcomes.add("answer")
            except LibraryDamaged:
                outcomes.add("damaged")

    assert "damaged" in outcomes


# --- Folders that can't be written


def test_a_place_that_cannot_be_a_folder_is_named_with_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(WrongUse, match=r"can't be written.*ASSISTANT_HOME") as error:
        Library(tmp_path / "file" / "home").hold()
    assert error.value.exit_code == ExitCode.WRONG_USE


def test_a_read_only_folder_can_be_read(library: Library, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    article, _ = store(FERRY)
    library.close()
    writable = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and writable(path, mode))

    assert found(library, "ferry") == [article.id]
    with pytest.raises(WrongUse, match=r"readonly.*ASSISTANT_HOME"):
        library.remove(article.id)


# --- Other processes


@pytest.fixture
def writer(library: Library, store: Any) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the library."""
    store(FERRY)
    library.close()
    program = (
        "import sys; from pathlib import Path; from assistant.library import Library\n"
        "library = Library(Path(sys.argv[1])); library.hold(); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(library.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_that_the_library_is_held(library: Library, store: Any, writer: object) -> None:
    with pytest.raises(LibraryBusy, match="Another process") as error:
        store(COUNCIL)
    assert error.value.exit_code == ExitCode.BUSY


def test_reading_goes_on_while_another_process_writes(library: Library, writer: object) -> None:
    assert len(found(library, "ferry")) == 1
    assert library.counts().articles == 1
    assert not library.held


def test_the_lock_of_a_killed_writer_is_free(library: Library, store: Any, writer: subprocess.Popen[str]) -> None:
    writer.kill()
    writer.wait()
    _, added = store(COUNCIL)

    assert added.outcome == "added"


def test_two_libraries_of_one_process_do_not_write_to_one_folder_either(library: Library) -> None:
    library.hold()
    with closing(Library(library.home)) as second, pytest.raises(LibraryBusy):
        second.hold()


def test_a_closed_library_can_be_used_again(library: Library, store: Any) -> None:
    article, _ = store(FERRY)
    library.close()
    store(COUNCIL)

    assert library.article(article.id).text == FERRY


def test_threads_read_and_write_one_library(library: Library, store: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def add_and_find(i: int) -> list[str]:
        article: Article = store(f"Report {i} names the word unique{i} once.")[0]
        return [article.id, *found(library, f"unique{i}")]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(add_and_find, range(40)))

    assert all(added == seen and not more for added, seen, *more in results)
    assert library.counts().articles == 40
