"""One door to a chat model: what a server lacks is left out, what was asked is kept, what was spent is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_server import FakeServer

from assistant.chat_models import Ask, Binding, Budget, CapReached, ChatModel, Tally, read_json, total_usage
from assistant.chat_models.forms import ALLOWED, Form, adapt, json_object
from assistant.errors import ModelFailed
from assistant.settings import Settings
from assistant.types import ModelCall, Usage

SCHEMA = json_object({"colour": {"type": "string"}})
BLUE = '{"colour": "blue"}'
AUTO = ALLOWED["auto"]
ALL = frozenset({"temperature", "seed", "stream_options", "max_completion_tokens", "max_tokens", "stream"})


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(reply=BLUE) as server:
        server.behave = lambda h: h.complete(BLUE)
        yield server


@pytest.fixture
def settings(server: FakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    return lambda **values: Settings(**{"home": tmp_path, "llm": "openai:fake-1", "llm_max_tokens": 100} | values)  # type: ignore[arg-type]


def ask(message: str = "Which colour?", **options: Any) -> Ask:
    return Ask("answer", lambda binding: ("demo@1", f"{message} ({binding})"), SCHEMA, **options)


def call(tokens: int = 10, *, cached: bool = False, model: str = "openai:fake-1", server: str = "x") -> ModelCall:
    return ModelCall("answer", model, server, "demo@1", "text", Usage(tokens, 0), 0.1, cached=cached)


# --- Forms


@pytest.mark.parametrize(
    ("form", "named", "sent", "expected"),
    [
        pytest.param(Form(AUTO[0]), {"response_format"}, ALL, Form(Binding.JSON), id="schema to JSON"),
        pytest.param(Form(Binding.JSON), {"response_format"}, ALL, Form(Binding.TEXT), id="JSON to text"),
        pytest.param(Form(AUTO[0]), {"seed"}, ALL, Form(AUTO[0], frozenset({"seed"})), id="what was named"),
        pytest.param(Form(AUTO[0]), {"seed", "stream"}, ALL, Form(AUTO[0], frozenset({"seed"})), id="the lesser of two"),
        pytest.param(Form(AUTO[0]), set(), ALL, Form(AUTO[0], frozenset({"temperature", "seed"})), id="the pins"),
        pytest.param(Form(AUTO[0]), set(), {"stream"}, Form(Binding.JSON), id="nothing named, no pins: the binding"),
        pytest.param(Form(AUTO[0]), {"seed"}, {"stream"}, Form(Binding.JSON), id="named what was not sent"),
        pytest.param(Form(Binding.TEXT), set(), {"stream"}, Form(Binding.TEXT, frozenset({"stream"})), id="streaming last"),
        pytest.param(Form(Binding.TEXT), set(), set(), None, id="nothing left"),
    ],
)  # fmt: skip
def test_a_refusal_changes_what_it_named_or_what_is_missed_least(
    form: Form, named: set[str], sent: set[str], expected: Form | None
) -> None:
    assert adapt(form, frozenset(named), AUTO, frozenset(sent)) == expected


@pytest.mark.parametrize("first", list(AUTO))
def test_refusals_come_to_an_end(first: Binding) -> None:
    form: Form | None = Form(first)
    for _ in range(20):
        if form is None:
            return
        form = adapt(form, frozenset(), AUTO, frozenset(filter(form.sends, ALL)))
    pytest.fail("the forms never end")


@pytest.mark.parametrize(("form", "binding"), [("schema", "json_schema"), ("json", "json_object"), ("text", None)])
def test_the_form_can_be_chosen(server: FakeServer, settings: Callable[..., Settings], form: str, binding: str) -> None:
    chosen = settings(llm_form=form)

    ChatModel(chosen).complete(ask(), Budget(chosen))

    assert server.requests[0].get("response_format", {}).get("type") == binding


def test_what_a_model_was_asked_is_said_with_the_call(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_temperature=0.5, llm_seed=11)
    budget = Budget(chosen)

    ChatModel(chosen).complete(ask(), budget)

    (made,) = budget.calls
    assert (made.step, made.model, made.prompt, made.form) == ("answer", "openai:fake-1", "demo@1", "json_schema")
    assert (made.temperature, made.seed, made.usage, made.cached) == (0.5, 11, Usage(321, 45), False)
    assert made.server in server.url
    assert server.requests[0]["seed"] == 11


def test_a_pinned_ask_has_temperature_zero_and_a_seed(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_temperature=0.5)

    ChatModel(chosen).complete(ask(pinned=True), Budget(chosen))

    assert server.requests[0]["temperature"] == 0
    assert isinstance(server.requests[0]["seed"], int)


# --- Kept replies


def test_the_same_ask_is_answered_from_the_kept_reply(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings()
    budget = Budget(chosen)
    first, second = (ChatModel(chosen).complete(ask(), budget) for _ in range(2))

    assert len(server.requests) == 1
    assert first.raw == second.raw
    assert [made.cached for made in budget.calls] == [False, True]
    assert total_usage(budget.calls) == Usage(321, 45)


@pytest.mark.parametrize(
    "changed", [{"llm_temperature": 1.0}, {"llm_seed": 3}, {"llm_max_tokens": 50}, {"llm_cache": False}]
)
def test_another_request_is_sent(
    server: FakeServer, settings: Callable[..., Settings], changed: dict[str, Any]
) -> None:
    for chosen in (settings(), settings(**changed)):
        ChatModel(chosen).complete(ask(), Budget(chosen))

    assert len(server.requests) == 2


# --- Usage and caps


def test_what_a_server_does_not_count_is_estimated_and_said_to_be(settings: Callable[..., Settings]) -> None:
    with FakeServer() as server:

        def uncounted(h: Any) -> None:
            h.start_events()
            h.say(BLUE)
            h.delta("", "stop")
            h.line("[DONE]")

        server.behave = uncounted
        chosen = settings()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENAI_BASE_URL", server.url)
            budget = Budget(chosen)
            ChatModel(chosen).complete(ask(), budget)

    (made,) = budget.calls
    assert not made.usage.exact
    assert made.usage.input_tokens > 3
    assert made.usage.output_tokens > 3


def test_the_day_is_counted_across_questions(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_cache=False)
    for _ in range(3):
        ChatModel(chosen).complete(ask(), Budget(chosen))

    spent = Tally(chosen.home).today()
    assert (spent.calls, spent.tokens, spent.unpriced) == (3, 3 * 366, 3)


def test_a_cap_of_the_day_stops_the_call_before_it_is_sent(
    server: FakeServer, settings: Callable[..., Settings]
) -> None:
    chosen = settings(llm_cache=False, llm_day_tokens=400)
    ChatModel(chosen).complete(ask(), Budget(chosen))

    with pytest.raises(CapReached, match="400 tokens") as caught:
        ChatModel(chosen).complete(ask(), Budget(chosen))

    assert len(server.requests) == 1
    assert "ASSISTANT_LLM_DAY_TOKENS" in caught.value.hint


def test_a_cap_of_the_question_counts_all_its_calls(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_cache=False, llm_question_tokens=400)
    budget = Budget(chosen)
    ChatModel(chosen).complete(ask(), budget)

    with pytest.raises(CapReached, match="this question"):
        ChatModel(chosen).complete(ask(), budget)

    assert len(server.requests) == 1


def test_a_cap_in_dollars_is_not_pretended_for_a_model_without_a_price(settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_day_usd=1.0)

    with pytest.raises(CapReached, match="price of openai:fake-1"):
        ChatModel(chosen).complete(ask(), Budget(chosen))


def test_a_cap_in_dollars_counts_list_prices(settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_day_usd=1.0, llm="openai:gpt-5-mini")
    budget = Budget(chosen)
    budget.require(10, "openai:gpt-5-mini", "api.openai.com")
    budget.add(call(5_000_000, model="openai:gpt-5-mini", server="api.openai.com"))

    with pytest.raises(CapReached, match="1.00 US dollars"):
        Budget(chosen).require(10, "openai:gpt-5-mini", "api.openai.com")


def test_a_tally_that_can_not_be_read_costs_no_answer(settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_day_tokens=10_000)
    (chosen.home / "usage.db").write_bytes(b"no database" * 100)

    assert ChatModel(chosen).complete(ask(), Budget(chosen)).raw == BLUE


# --- Time


def test_all_calls_for_a_question_share_one_deadline(server: FakeServer, settings: Callable[..., Settings]) -> None:
    chosen = settings(llm_timeout_s=4, llm_cache=False)
    model = ChatModel(chosen)
    model.complete(ask(), Budget(settings(llm_timeout_s=60)))  # a client's first call takes long on a busy machine
    server.behave = lambda h: (h.fake.closing.wait(2), h.complete(BLUE))
    budget = Budget(chosen)

    model.complete(ask(), budget)
    with pytest.raises(ModelFailed, match="in time"):
        model.complete(ask(), budget)

    assert budget.calls[-1].seconds < 2 <= budget.calls[0].seconds


def test_a_part_of_a_budget_ends_earlier_and_keeps_its_calls(settings: Callable[..., Settings]) -> None:
    budget = Budget(settings(llm_timeout_s=30))
    part = budget.part(1 / 3)
    part.add(call())

    assert part.remaining_s < 10 < 25 < budget.remaining_s
    assert budget.calls == [call()]


def test_the_deadline_leaves_time_for_the_extractive_answer(settings: Callable[..., Settings]) -> None:
    assert Budget(settings(llm_timeout_s=30)).remaining_s <= 28.5
    assert 0.8 < Budget(settings(llm_timeout_s=1)).remaining_s <= 0.9


def test_a_reader_who_leaves_ends_the_call_and_it_is_counted(
    server: FakeServer, settings: Callable[..., Settings]
) -> None:
    server.behave = lambda h: (h.start_events(), h.say(BLUE * 30), h.fake.closing.wait(20))
    chosen = settings()
    budget = Budget(chosen)

    with closing(ChatModel(chosen).stream(ask(), budget)) as stream:
        next(stream)

    (made,) = budget.calls
    assert made.failed == "The reader stopped it."
    assert made.usage.input_tokens > 0


# --- JSON in a reply


@pytest.mark.parametrize(
    "raw",
    [
        BLUE,
        f"```json\n{BLUE}\n```",
        f"<think>{{'colour': 'red'}} {{}}</think> {BLUE}",
        f"Sure! {{x}} {BLUE} I hope that helps.",
        f'{{"a": 1}} {BLUE}',
    ],
)
def test_the_object_of_a_reply_is_found(raw: str) -> None:
    assert read_json(raw) == {"colour": "blue"}


@pytest.mark.parametrize("raw", ["", "blue", "[1, 2]", '{"colour": "blue', "{" * 5000, "null"])
def test_a_reply_without_an_object_is_a_failure(raw: str) -> None:
    with pytest.raises(ModelFailed, match="no JSON"):
        read_json(raw)
