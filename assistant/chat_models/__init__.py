"""Chat models: an ask to a reply, in the form that the server takes, within one time limit, explained when it fails.

What a reply means is its asker's to say: the chat answerer's prose, the judge's stances. Any model that LangChain's
`init_chat_model` knows: OpenAI, or a server that speaks its protocol behind OPENAI_BASE_URL.
"""

from __future__ import annotations

from assistant.chat_models.budget import Budget, CapReached, total_usage
from assistant.chat_models.chat_model import Ask, ChatModel
from assistant.chat_models.deadline import iterate_within
from assistant.chat_models.faults import PromptTooLong, RequestRefused, UnreadableReply, explain
from assistant.chat_models.forms import Binding, Form, json_object
from assistant.chat_models.json_replies import read_json
from assistant.chat_models.models import build_model, server_name, speaks_openai
from assistant.chat_models.replies import ReplyCache, StoredReply
from assistant.chat_models.streaming import Reply
from assistant.chat_models.tally import Spent, Tally

__all__ = [
    "Ask", "Binding", "Budget", "CapReached", "ChatModel", "Form", "PromptTooLong", "Reply", "ReplyCache",
    "RequestRefused", "Spent", "StoredReply", "Tally", "UnreadableReply", "build_model", "explain", "iterate_within",
    "json_object", "read_json", "server_name", "speaks_openai", "total_usage",
]  # fmt: skip
