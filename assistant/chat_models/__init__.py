"""Chat models: settings to a LangChain model, and its replies within one time limit, explained when they fail.

What a reply means is its asker's to say: the chat answerer's prose, the judge's stances. Any model that LangChain's
`init_chat_model` knows: OpenAI, or a server that speaks its protocol behind OPENAI_BASE_URL.
"""

from __future__ import annotations

from assistant.chat_models.deadline import iterate_within
from assistant.chat_models.faults import RequestRefused
from assistant.chat_models.models import build_model, server_name, speaks_openai
from assistant.chat_models.replies import ReplyCache, StoredReply
from assistant.chat_models.streaming import Reply, iter_kept, stream_chunks

__all__ = [
    "Reply", "ReplyCache", "RequestRefused", "StoredReply", "build_model", "iter_kept", "iterate_within", "server_name",
    "speaks_openai", "stream_chunks",
]  # fmt: skip
