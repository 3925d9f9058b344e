"""List prices: which models have one, and what a call costs."""

from __future__ import annotations

import tomllib
from datetime import date
from urllib.parse import urlsplit

import pytest

from assistant.prices import find_price, price_of
from assistant.resources import PACKAGE
from assistant.types import Usage

TABLES = tomllib.loads((PACKAGE / "prices.toml").read_text(encoding="utf-8"))
MODELS = [f"{maker}:{model}" for maker, models in TABLES.items() for model in models]


class TestPriceOfACall:
    def test_by_hand(self) -> None:
        assert price_of("openai:gpt-5-mini", Usage(1200, 100)) == pytest.approx((1200 * 0.25 + 100 * 2) / 1e6)

    @pytest.mark.parametrize(
        "model",
        ["openai:gpt-5-mini", "gpt-5-mini", "openai:gpt-5-mini-2025-08-07", "gpt-5-mini-2025-08-07"],
    )
    def test_a_model_has_one_price_under_all_its_names(self, model: str) -> None:
        assert find_price(model) == find_price("openai:gpt-5-mini") is not None

    def test_a_snapshot_may_be_dated_without_dashes(self) -> None:
        assert find_price("anthropic:claude-haiku-4-5-20251001") == find_price("claude-haiku-4-5") is not None

    @pytest.mark.parametrize(
        "model",
        [None, "", "openai:gpt-unheard-of", "gpt-5", "gpt-5-mini-fast", "azure_openai:gpt-5-mini", "ollama:gpt-5-mini"],
    )
    def test_an_unknown_price_says_unknown(self, model: str | None) -> None:
        assert price_of(model, Usage(1000, 10)) is None

    def test_uncounted_tokens_are_not_free(self) -> None:
        assert price_of("openai:gpt-5-mini", Usage()) is None

    def test_a_prompt_beyond_the_recorded_range_has_no_price(self) -> None:
        assert price_of("claude-haiku-5-5", Usage(100_000, 10)) is not None
        assert price_of("claude-haiku-5-5", Usage(100_001, 10)) is None


@pytest.mark.parametrize("model", MODELS)
def test_every_price_says_where_it_stands_and_when_it_was_read(model: str) -> None:
    price = find_price(model)
    assert price is not None
    assert 0 < price.input < price.output
    assert urlsplit(price.source).scheme == "https"
    assert date(2026, 1, 1) < price.read
