"""From a claim to the sentences that may speak for or against it."""

from __future__ import annotations

import pytest

from assistant.evidence import queries


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param(
            "Representatives from 45 countries will gather at the Pentagon",
            [
                "Representatives from 45 countries will gather at the Pentagon",
                "45 Pentagon",
                "Representatives from countries will gather at the Pentagon",
            ],
            id="names and numbers; and without the number, which finds another one",
        ),
        pytest.param("The ferry is afloat.", ["The ferry is afloat."], id="nothing to name or count"),
        pytest.param(
            "The museum paid 1.2 million euros.",
            ["The museum paid 1.2 million euros.", "The museum paid ."],
            id="one value needs no query of its own",
        ),
    ],
)
def test_a_claim_is_searched_for_in_up_to_three_ways(claim: str, expected: list[str]) -> None:
    assert list(queries(claim)) == expected
