"""Which texts count as copies of one story: a syndicated article under another headline, not the next report."""

from __future__ import annotations

import pytest

from assistant.duplicates import BANDS, THRESHOLD, minhash

WIRE = """\
The council of Port Haldane voted on Monday to close the harbour bridge for nine weeks. Engineers had found
cracks in four of its piers last autumn, and the mayor said that the town could not wait for another winter.
Ferries will run every ten minutes until the bridge is open again. The work will cost two million crowns, half
of it paid by the state, and the union of the harbour workers welcomed the decision. Shopkeepers on the north
bank fear for their trade in the spring."""
NEXT_REPORT = """\
The harbour bridge in Port Haldane opened again on Friday, a week earlier than planned. The mayor thanked the
engineers, who had worked at night and in the rain, and crossed it first, on a bicycle. Shopkeepers on the north
bank said that the ferries had brought them more customers than the bridge ever did, and asked the council to
keep them running."""


def likeness(one: str, other: str) -> float:
    a, b = minhash(one), minhash(other)
    assert a
    assert b
    return a.jaccard(b.signature)


def shared_buckets(one: str, other: str) -> int:
    a, b = minhash(one), minhash(other)
    assert a
    assert b
    return sum(x == y for x, y in zip(a.buckets, b.buckets, strict=True))


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(WIRE, id="the-same-text"),
        pytest.param(f"Bridge to close\n\n(Reuters) - {WIRE}", id="headline-and-agency-added"),
        pytest.param(WIRE.replace("\n", " ").upper(), id="line-breaks-and-case"),
        pytest.param(WIRE.replace(",", " –").replace(".", "!"), id="punctuation"),
        pytest.param(
            WIRE.replace("Shopkeepers on the north bank fear for their trade in the spring.", ""), id="end-cut"
        ),
    ],
)
def test_a_syndicated_copy_is_found(copy: str) -> None:
    assert likeness(WIRE, copy) >= THRESHOLD
    assert shared_buckets(WIRE, copy) > 0


def test_the_next_report_on_the_same_story_is_no_copy() -> None:
    assert likeness(WIRE, NEXT_REPORT) < THRESHOLD / 2
    assert shared_buckets(WIRE, NEXT_REPORT) == 0


def test_a_text_that_takes_over_half_of_another_is_no_copy() -> None:
    half = " ".join(WIRE.split()[:42])
    assert likeness(WIRE, f"{half} {NEXT_REPORT}") < THRESHOLD


@pytest.mark.parametrize("words", [0, 1, 39])
def test_a_short_text_has_no_signature(words: int) -> None:
    assert minhash("bridge " * words) is None


def test_forty_words_have_one() -> None:
    assert minhash("bridge " * 40) is not None


def test_a_signature_is_the_same_in_every_run() -> None:
    row = minhash(WIRE)
    assert row
    assert (len(row.buckets), len(row.signature), row.signature[:4].hex()) == (BANDS, 256, "99580700")
