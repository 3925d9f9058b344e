"""Words to the terms they are counted by."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.resources import data_dir
from assistant.terms import stem, words


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("impatient")
def test_many_threads_stem_as_one_does() -> None:
    vocabulary = sorted({word for file in data_dir("corpus").glob("voltmark*.md") for word in words(file.read_text())})
    uncached = stem.__wrapped__
    alone = [uncached(word) for word in vocabulary]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: [uncached(word) for word in vocabulary], range(8)))

    assert len(vocabulary) > 500
    assert together == [alone] * 8
