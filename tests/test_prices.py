"""List prices: which models have one, at whose server, and what calls cost."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.chat_models import server_name
from assistant.prices import cost_of, find_price, price_known, price_of
from assistant.resources import PACKAGE
from assistant.settings import Settings
from assistant.types import ModelCall, Usage

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
        [None, "", "openai:gpt-unheard-of", "gpt-5-mini-fast", "azure_openai:gpt-5-mini", "ollama:gpt-5-mini"],
    )
    def test_an_unknown_price_says_unknown(self, model: str | None) -> None:
        assert price_of(model, Usage(1000, 10)) is None

    def test_uncounted_tokens_are_not_free(self) -> None:
        assert price_of("openai:gpt-5-mini", Usage()) is None

    def test_a_prompt_beyond_the_recorded_range_has_no_price(self) -> None:
        assert price_of("claude-haiku-5-5", Usage(100_000, 10)) is not None
        assert price_of("claude-haiku-5-5", Usage(100_001, 10)) is None


OPENAI = "api.openai.com"
COUNTED = Usage(1200, 100)


def call(usage: Usage = COUNTED, *, model: str = "openai:gpt-5-mini", server: str = OPENAI, **facts: Any) -> ModelCall:
    return ModelCall("answer", model, server, "answer@1", "text", usage, 1.0, **facts)


class TestCostOfCalls:
    def test_calls_add_up(self) -> None:
        calls = [call(), call(Usage(3000, 0)), call(model="openai:gpt-5-nano")]

        assert cost_of(calls) == pytest.approx((4200 * 0.25 + 100 * 2 + 1200 * 0.05 + 100 * 0.4) / 1e6)

    @pytest.mark.parametrize(
        "calls",
        [
            pytest.param([], id="none"),
            pytest.param([call(cached=True), call(cached=True, model="openai:unheard-of")], id="kept replies"),
            pytest.param([call(Usage(exact=False), failed="Nothing answers.", model="openai:unheard-of")], id="failed"),
        ],
    )
    def test_calls_that_nobody_charges_for_cost_nothing(self, calls: list[ModelCall]) -> None:
        assert cost_of(calls) == 0.0

    def test_a_kept_reply_beside_a_call_adds_nothing(self) -> None:
        assert cost_of([call(cached=True), call()]) == cost_of([call()])

    def test_an_estimate_of_tokens_is_priced(self) -> None:
        assert cost_of([call(Usage(1200, 100, exact=False))]) == cost_of([call()])

    @pytest.mark.parametrize(
        "unpriced",
        [
            pytest.param(call(model="openai:unheard-of"), id="unknown model"),
            pytest.param(call(server="127.0.0.1:8080"), id="a server of one's own"),
            pytest.param(call(server="openrouter.ai"), id="a gateway"),
            pytest.param(call(server="news.openai.azure.com", model="azure_openai:gpt-5-mini"), id="Azure"),
            pytest.param(call(Usage()), id="nothing was counted"),
            pytest.param(call(Usage(5, 5), failed="cut off", server="openrouter.ai"), id="failed after tokens"),
            pytest.param(call(Usage(272_001, 1), model="openai:gpt-5.6-luna"), id="a longer prompt than is priced"),
        ],
    )
    def test_one_call_without_a_price_leaves_the_sum_unknown(self, unpriced: ModelCall) -> None:
        assert cost_of([call(), unpriced, call()]) is None

    @pytest.mark.parametrize("model", MODELS)
    def test_every_price_applies_at_its_makers_own_server(self, model: str) -> None:
        assert price_known(model, server_name(Settings(llm=model)))
        assert not price_known(model, "gateway.example")

    def test_openais_own_address_may_be_written_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")

        assert price_known("gpt-5-mini", server_name(Settings(llm="gpt-5-mini")))

    def test_a_server_in_openais_place_has_no_list_price(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:4000/v1")

        assert not price_known("openai:gpt-5-mini", server_name(Settings(llm="openai:gpt-5-mini")))


@pytest.mark.parametrize("model", MODELS)
def test_every_price_says_where_it_stands_and_when_it_was_read(model: str) -> None:
    price = find_price(model)
    assert price is not None
    assert 0 < price.input < price.output
    assert urlsplit(price.source).scheme == "https"
    assert date(2026, 1, 1) < price.read
