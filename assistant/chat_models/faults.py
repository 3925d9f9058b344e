"""What went wrong with a chat model, said in words: any exception of a client library to a ModelFailed.

A server's own words never get into the message: a refused key comes back in them. Exceptions are told apart by status
code and class name, since each provider's client has its own classes for the same faults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import inf

from assistant.errors import ModelFailed

# What a refusal can name, and the words it is named by.
_NAMED = {
    "response_format": re.compile(r"response_format|json_schema|json_object|json mode|grammar|structured|\bschema\b"),
    "temperature": re.compile(r"\btemperature\b"),
    "seed": re.compile(r"\bseed\b"),
    "stream_options": re.compile(r"\bstream_options\b|\binclude_usage\b"),
    "max_completion_tokens": re.compile(r"\bmax_completion_tokens\b"),
    "max_tokens": re.compile(r"\bmax_tokens\b"),
    "stream": re.compile(r"\bstream(?:ing)?\b"),
}
_TOO_LONG = re.compile(
    r"context.{0,3}(?:length|size|window)|maximum context|exceeds? the .{0,20}context|prompt is too long"
)
_RETRIED_STATUS = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_FINISHED = {"stop", "end_turn", "stop_sequence", "completed"}
_KEY = "Check OPENAI_API_KEY (AZURE_OPENAI_API_KEY for azure_openai:..., another provider's own for another provider)."
_NOT_A_CHAT = "Check that OPENAI_BASE_URL is the server's API, most often an address that ends in /v1."


class RequestRefused(ModelFailed):
    """The server does not take the request as it stands (HTTP 400, 422 and the like); in another form it might."""

    def __init__(self, message: str, hint: str = "", named: frozenset[str] = frozenset()) -> None:
        super().__init__(message, hint)
        self.named = named
        """The parameters that the refusal named."""


class PromptTooLong(ModelFailed):
    """The prompt does not fit the model's context, in whatever form."""


class UnreadableReply(ModelFailed):
    """The reply ended well but is not what was asked for."""


def explain(error: Exception, server: str) -> ModelFailed:
    """The fault of a call to `server` (a host's name), for people."""
    status = status_of(error)
    if status is not None and status >= 400:
        return _explain_status(status, server, str(error).lower())
    if _sent_no_events(error):
        return RequestRefused(
            f"{server} sent something that is not a chat completion.", _NOT_A_CHAT, frozenset({"stream"})
        )
    if isinstance(error, TimeoutError) or _is_a(error, "Timeout"):
        return ModelFailed(
            f"{server} did not finish its answer in time.", "Raise ASSISTANT_LLM_TIMEOUT_S or ask again."
        )
    causes = list(_causes(error))
    if any(isinstance(cause, ConnectionRefusedError) or _is_a(cause, "ConnectError") for cause in causes):
        return ModelFailed(f"Nothing answers at {server}.", "Start the model's server or mend OPENAI_BASE_URL.")
    if any(isinstance(cause, OSError) or _is_a(cause, "APIConnectionError", "TransportError") for cause in causes):
        return ModelFailed(f"The connection to {server} broke off.", "Ask again.")
    if any(isinstance(cause, json.JSONDecodeError) for cause in causes):
        return ModelFailed(f"{server} sent something that is not JSON.", _NOT_A_CHAT)
    if _is_a(error, "APIError"):
        return ModelFailed(f"{server} reported an error in the middle of its answer.", "Ask again, or look in its log.")
    return ModelFailed(f"{server} sent something that is not a chat completion ({type(error).__name__}).", _NOT_A_CHAT)


def explain_ending(finish_reason: str | None, server: str, max_tokens: int) -> ModelFailed | None:
    """The fault behind the way a reply ended, None when the model itself ended it."""
    reason = (finish_reason or "").lower()
    if reason in _FINISHED:
        return None
    if reason in ("length", "max_tokens", "max_output_tokens", "model_context_window_exceeded"):
        return ModelFailed(
            f"The model's answer was cut off at its limit ({max_tokens} tokens, reasoning included).",
            "Raise ASSISTANT_LLM_MAX_TOKENS.",
        )
    if reason in ("content_filter", "safety", "refusal"):
        return ModelFailed(f"The content filter of {server} held the answer back.", "Put the question differently.")
    if not reason:
        return ModelFailed(f"The answer of {server} ended before the model was done.", "Ask again.")
    known = reason if re.fullmatch(r"[a-z_]{1,30}", reason) else "unknown"
    return ModelFailed(f"The model stopped for another reason than being done ({known}).", "Ask again.")


def status_of(error: Exception) -> int | None:
    """The HTTP status that the exception reports."""
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def retry_after_s(error: Exception) -> float:
    """Seconds to wait before another try; 0 when the server names none, infinite when trying again is pointless."""
    status = status_of(error)
    if status is None:
        refused_or_reset = any(isinstance(cause, OSError) or _is_a(cause, "TransportError") for cause in _causes(error))
        return 0.0 if refused_or_reset and not _is_a(error, "Timeout") and not isinstance(error, TimeoutError) else inf
    if status not in _RETRIED_STATUS:
        return inf
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after", "0")
    try:
        return max(0.0, float(asked))
    except ValueError:  # an HTTP date: at least a second away, and clocks differ
        return inf


def _sent_no_events(error: Exception) -> bool:
    """Whether a stream came to its end without an event: LangChain's word for a reply that is no stream."""
    return isinstance(error, ValueError) and "No generation chunks" in str(error)


def _explain_status(status: int, server: str, words: str) -> ModelFailed:
    """`words` are the server's, in small letters: looked at and never shown."""
    refused = f"{server} refused the request (HTTP {status})."
    if status == 401:
        return ModelFailed(f"{server} does not accept the key (HTTP 401).", _KEY)
    if status == 403:
        return ModelFailed(refused, "The key may not use this model: choose another ASSISTANT_LLM, or another key.")
    if status == 404:
        return ModelFailed(
            f"{server} does not know this model or address (HTTP 404).", f"Check ASSISTANT_LLM. {_NOT_A_CHAT}"
        )
    if status in (408, 504):
        return ModelFailed(f"{server} ran out of time (HTTP {status}).", "Ask again.")
    if status == 429:
        return ModelFailed(
            f"{server} takes no more requests for now (HTTP 429).", "Wait, or check the account's quota."
        )
    if status == 413 or _TOO_LONG.search(words):
        return PromptTooLong(
            f"The prompt is too long for this model, says {server} (HTTP {status}).",
            "Lower ASSISTANT_LLM_PROMPT_TOKENS.",
        )
    if status >= 500 and status != 501:
        return ModelFailed(f"{server} failed (HTTP {status}).", "Ask again, or look in its log.")
    named = frozenset(name for name, words_of in _NAMED.items() if words_of.search(words))
    return RequestRefused(refused, "Run: assistant doctor, which says what this server takes.", named)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_a(error: BaseException, *names: str) -> bool:
    """Whether a class of the exception has one of these words in its name."""
    return any(name in base.__name__ for base in type(error).__mro__ for name in names)
