"""The embedder without a model: the same word pieces as MiniLM, frequent words count little, repetition counts less."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from growth import growth_by_number

from assistant import Assistant
from assistant.embedders import static
from assistant.embedders.minilm import VOCABULARY, load_tokenizer
from assistant.errors import EmbedderMismatch, ModelFilesMissing
from assistant.resources import data_dir

ODD_TEXTS = [
    "Don't “over-quote” U.S. GDP (up 3.5%)…",
    "L’été à Málaga; ИЗВЕСТИЯ",
    "日本語 and 中文字",
    "line\none\ttwo\u00a0three\u3000four\r\nfive",
    "x" * 300,
    "antidisestablishmentarianism 🙂 [UNK]",
    "",
]


@pytest.fixture(scope="module")
def embedder() -> static.Static:
    return static.Static()


def cosine(embedder: static.Static, first: str, second: str) -> float:
    rows = embedder.encode([first, second])
    return float(rows[0] @ rows[1])


def test_the_table_has_a_row_for_every_word_piece() -> None:
    table = np.load(static.TABLE)

    assert table.dtype == np.int8
    assert table.shape == (len(VOCABULARY.read_text(encoding="utf-8").splitlines()), 256)
    assert np.abs(table).max(axis=1).min() == 127
    assert static.TABLE.stat().st_size < 12e6


def test_the_constants_name_the_pieces_they_should() -> None:
    tokenizer = load_tokenizer()

    assert tokenizer.id_to_token(static.UNKNOWN) == "[UNK]"
    assert tokenizer.id_to_token(static.FIRST_WORD) == "the"


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_cutting_at_blanks_gives_the_word_pieces_of_the_whole_text(embedder: static.Static, text: str) -> None:
    whole = load_tokenizer().encode(text, add_special_tokens=False).ids

    assert embedder.pieces([text]) == [whole]


def test_every_article_of_the_sample_corpus_gives_the_word_pieces_of_the_whole_text(embedder: static.Static) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(data_dir("corpus").glob("*.md"))]
    whole = load_tokenizer().encode_batch(texts, add_special_tokens=False)

    assert embedder.pieces(texts) == [encoding.ids for encoding in whole]


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("Who is the doctor?", "The physician examined a patient.", "The senator voted on the bill."),
        ("movie award", "She won an Oscar for the film.", "The river flooded the village."),
        ("strike over pay", "Union workers walked out and demand higher wages.", "Measles cases rose in the valley."),
        ("earthquake", "The tremor destroyed houses near the coast.", "The court heard the appeal."),
    ],
)
def test_other_words_for_the_same_thing_are_near(embedder: static.Static, question: str, near: str, far: str) -> None:
    assert cosine(embedder, question, near) > cosine(embedder, question, far) + 0.05


def test_function_words_turn_a_vector_little(embedder: static.Static) -> None:
    assert cosine(embedder, "ferry aground", "the ferry was aground") > 0.8
    assert cosine(embedder, "ferry aground", "ferry aground pensions budget") < 0.8


def test_a_word_ten_times_over_does_not_drown_the_others(embedder: static.Static) -> None:
    assert cosine(embedder, "ferry captain storm", "ferry " * 10 + "captain storm") > 0.7


def test_order_and_case_do_not_matter(embedder: static.Static) -> None:
    assert cosine(embedder, "the ferry hit the Reef", "The reef hit the Ferry") == pytest.approx(1, abs=1e-6)


def test_a_text_without_word_pieces_stands_for_itself_alone(embedder: static.Static) -> None:
    assert cosine(embedder, "", " \n ") == pytest.approx(1, abs=1e-6)
    assert abs(cosine(embedder, "", "The ferry ran aground off Port Haldane.")) < 0.5


def test_remembered_stretches_are_bounded_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "MAX_KEPT", 3)
    embedder = static.Static()
    texts = ["one two three four", "five six seven", "one nine"]

    alone = [embedder.encode([text])[0] for text in texts]

    assert len(embedder._kept) <= 7
    np.testing.assert_allclose(static.Static().encode(texts), alone, atol=1e-6)


def test_four_times_the_passages_take_little_more_than_four_times_the_time(embedder: static.Static) -> None:
    passage = " ".join(f"word{n % 40} ferry harbour council" for n in range(45))
    assert growth_by_number(lambda n: [passage] * n, embedder.encode, 500) < 8


def test_an_altered_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / static.TABLE.name
    np.save(altered, np.load(static.TABLE)[:, ::-1])
    monkeypatch.setattr(static, "TABLE", altered)

    with pytest.raises(ModelFilesMissing, match=r"static-pieces\.npy was altered"):
        static.Static().encode(["ferry"])


def test_a_library_is_embedded_and_searched_with_it(tmp_path: Path) -> None:
    with Assistant(tmp_path, embedder="static", retriever="dense") as assistant:
        assistant.ingest(data_dir("corpus") / "ferry-inquiry-final.md", data_dir("corpus") / "voltmark-settlement.md")
        best = assistant.retrieve("What wage increase did the union members vote for?", k=1)

        assert assistant.library.embedder() == static.FINGERPRINT
        assert best[0].passage.title == assistant.article("voltmark-settlement").title


def test_its_vectors_are_not_compared_with_minilms(tmp_path: Path) -> None:
    with Assistant(tmp_path, embedder="static") as assistant:
        assistant.ingest(data_dir("corpus") / "ferry-inquiry-final.md")
    with Assistant(tmp_path, embedder="minilm", retriever="dense") as assistant, pytest.raises(EmbedderMismatch):
        assistant.retrieve("Who steered the ferry?")
