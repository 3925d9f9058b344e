"""A reply as it streams, in whatever form a model gives it: the same prose and the same ids, no half of anything shown."""

from __future__ import annotations

import json
from itertools import accumulate

import pytest
from fake_server import pieces
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerers._reading import ReplyReader
from assistant.errors import ModelFailed
from assistant.types import CitedEvent


def reply(*sentences: object, found: str = "all", **more: object) -> str:
    return json.dumps({"found": found, "sentences": list(sentences), **more}, ensure_ascii=False)


def sentence(text: object, *ids: object) -> dict[str, object]:
    return {"text": text, "ids": list(ids)}


def read(*parts: str) -> tuple[ReplyReader, list[str | CitedEvent]]:
    reader = ReplyReader()
    events = [event for part in parts for event in reader.feed(part)]
    return reader, [*events, *reader.finish()]


def named(reader: ReplyReader) -> list[tuple[str, list[str]]]:
    """(the prose up to a marker, its ids)."""
    return [(reader.prose.text[: marker.at], [str(i) for i in marker.ids]) for marker in reader.markers]


TWO = reply(sentence("Thirty came.", "1.1"), sentence("It is “serious”.", "1.2", "3.1"))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(TWO, id="json"),
        pytest.param(f"```json\n{TWO}\n```", id="a code fence around it"),
        pytest.param(f"<think>{{Maybe [9.9]}}</think>\n{TWO}", id="the model thinks first"),
        pytest.param(f"{'Here is what you asked for. ' * 4}\n{TWO}", id="a greeting"),
        pytest.param(reply(sentence("Thirty came. [1.1]"), sentence("It is “serious” [1.2, 3.1].")), id="markers inside"),
        pytest.param("Thirty came [1.1]. It is “serious” [1.2][3.1].", id="text"),
        pytest.param("<think>[9.9]</think>Thirty came [1.1]. It is “serious” [1.2, 3.1].", id="text behind thinking"),
    ],
)  # fmt: skip
def test_every_form_of_a_reply_gives_the_same_prose_and_ids(raw: str) -> None:
    reader, _ = read(raw)

    assert reader.prose.text == "Thirty came. It is “serious”."
    assert [i for _, ids in named(reader) for i in ids] == ["1.1", "1.2", "3.1"]
    assert not reader.declined
    assert not reader.partly


@given(st.lists(st.integers(0, len(TWO)), max_size=12), st.booleans())
def test_how_a_stream_is_cut_changes_nothing(cuts: list[int], escaped: bool) -> None:
    raw = json.dumps(json.loads(TWO)) if escaped else TWO
    parts = pieces(raw, [min(cut, len(raw)) for cut in cuts])

    reader, events = read(*parts)
    whole, _ = read(raw)

    assert (reader.prose.text, reader.markers) == (whole.prose.text, whole.markers)
    texts = list(accumulate(event for event in events if isinstance(event, str)))
    assert not texts or texts[-1] == whole.prose.text


@pytest.mark.parametrize("raw", [TWO, "Thirty came [1.1]. It is “serious” [1.2, 3.1]."], ids=["json", "text"])
def test_a_sentence_is_said_to_be_cited_once_all_its_ids_are_there(raw: str) -> None:
    _, events = read(*raw)

    assert [event.count for event in events if isinstance(event, CitedEvent)] == [1, 2]
    assert all(char not in "".join(event for event in events if isinstance(event, str)) for char in "[]{}0123456789")


def test_every_sentence_of_an_item_rests_on_all_its_ids() -> None:
    reader, _ = read(reply(sentence("Thirty came. It was late.", "1.1", "2.2")))

    assert named(reader) == [("Thirty came.", ["1.1", "2.2"]), ("Thirty came. It was late.", ["1.1", "2.2"])]


@pytest.mark.parametrize(
    ("raw", "declined", "partly"),
    [
        pytest.param(reply(found="nothing"), True, False, id="nothing"),
        pytest.param(reply(sentence("It was Oslo.", "1.1"), found="nothing"), True, False, id="memory behind nothing"),
        pytest.param(reply(sentence("Thirty came.", "1.1"), found="part"), False, True, id="part"),
        pytest.param("[no answer]", True, False, id="text declines"),
        pytest.param("Thirty came [1.1]. [no answer]", True, True, id="text declines in part"),
    ],
)
def test_what_a_model_does_not_find_is_said(raw: str, declined: bool, partly: bool) -> None:
    reader, events = read(raw)

    assert (reader.declined, reader.partly) == (declined, partly)
    assert "Oslo" not in "".join(map(str, events))


@pytest.mark.parametrize(
    ("items", "text"),
    [
        pytest.param(["Thirty came.", 3, None, sentence("It is late.", "1.1")], "It is late.", id="items that are none"),
        pytest.param([sentence(5, "1.1"), {"ids": ["1.1"]}, {}], "", id="texts that are none"),
        pytest.param([{"text": "It is late.", "ids": "1.1"}], "It is late.", id="ids that are no list"),
        pytest.param([sentence("It is late.", 1.1, None, {"a": 1}, "x" * 500)], "It is late.", id="ids that are none"),
        pytest.param([sentence("", "1.1"), sentence("It is late.", "1.2")], "It is late.", id="an empty text"),
    ],
)  # fmt: skip
def test_malformed_items_are_left_out(items: list[object], text: str) -> None:
    reader, _ = read(reply(*items))

    assert reader.prose.text == text


def test_a_number_is_taken_for_the_id_that_it_spells() -> None:
    reader, _ = read(reply(sentence("It is late.", 1.1)))

    assert named(reader) == [("It is late.", ["1.1"])]


@pytest.mark.parametrize(
    "raw", ['{"found": "all", "sentences": [{"text": "Thirty came', '{"text": '], ids=["cut", "none"]
)
def test_an_object_that_is_not_whole_is_no_reply(raw: str) -> None:
    with pytest.raises(ModelFailed, match="no JSON that can be read"):
        read(raw)
