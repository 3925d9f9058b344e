"""Recorded replies of a good model (tests/replies) to a server that says them: `FakeServer(reply=Recorded())`.

One file a prompt, named as calls name it ("answer@2+reply_json@1.json"), so that whoever changes a prompt records again. A
reply names the sentences that it rests on by words of theirs, since ids depend on what was found: they become the ids under
which the prompt shows these sentences. What was asked and is not recorded, or not shown, is kept in `errors`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fake_requests import WRITING, Request, asks_for_json, prompt_of, question_of, shown, step_of

from assistant.prompts import load_prompt

FOLDER = Path(__file__).with_name("replies")
ANSWER_JSON, ANSWER_TEXT = "answer@2+reply_json@1", "answer@2+reply_text@1"
REPAIR, CONDENSE, JUDGE, PROBE = "repair@1+reply_json@1", "condense@2", "judge@1", "probe@1"

Record = Mapping[str, Any]


class NotRecorded(Exception):
    """Nothing is recorded for what was asked, or what a record rests on was not shown."""


def recorded_prompts() -> list[str]:
    """What there are recordings for, as calls name it, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def records(prompts: str) -> list[Record]:
    """What is recorded for these prompts, in order."""
    path = FOLDER / f"{prompts}.json"
    if not path.is_file():
        raise NotRecorded(f"there is no {path.name} in {FOLDER.name}/: record good replies to the prompt as it is")
    found: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    return found


def record_of(prompts: str, **keys: object) -> Record:
    """The one record with these values. Raises NotRecorded."""
    found = [one for one in records(prompts) if all(one.get(key) == value for key, value in keys.items())]
    if len(found) != 1:
        raise NotRecorded(f"{len(found)} records of {prompts} have {keys}")
    return found[0]


class Recorded:
    """Makes every reply from a request. `cites=False` leaves the ids out, as models do that can't keep to them."""

    def __init__(self, *, cites: bool = True) -> None:
        self.cites = cites
        self.errors: list[str] = []

    def __call__(self, request: Request) -> str:
        try:
            return self._reply(request)
        except NotRecorded as error:
            self.errors.append(str(error))
            return "{}"

    def _reply(self, request: Request) -> str:
        step = step_of(request)
        if step in WRITING:
            return self._written(step, request)
        if step == "condense":
            return _condensed(prompt_of(request))
        if step == "judge":
            return _judged(prompt_of(request))
        raise NotRecorded(f"nothing is recorded for the step {step}")

    def _written(self, step: str, request: Request) -> str:
        as_json = asks_for_json(request)
        prompts = f"{load_prompt(step).id}+{load_prompt('reply_json' if as_json else 'reply_text').id}"
        record = _answer_to(question_of(request), prompts, first=step == "answer")
        sentences = [(one["text"], self._ids(one["rests_on"], shown(request))) for one in record["sentences"]]
        return _json_reply(record, sentences) if as_json else _text_reply(record, sentences)

    def _ids(self, rests_on: Sequence[str], sentences: Mapping[str, str]) -> list[str]:
        return [_id_of(words, sentences) for words in rests_on] if self.cites else []


def _answer_to(question: str, prompts: str, first: bool) -> Record:
    """What is recorded for a question; the flawed answer that a repaired one is to replace, where there is one."""
    if first:
        flawed = [one["first"] for one in records(REPAIR) if one["question"] == question]
        if flawed:
            found: Record = flawed[0]
            return found
    return record_of(prompts, question=question)


def _id_of(words: str, sentences: Mapping[str, str]) -> str:
    found = next((i for i, sentence in sentences.items() if words in sentence), None)
    if found is None:
        raise NotRecorded(f"no sentence of the prompt has {words!r}")
    return found


def _json_reply(record: Record, sentences: Sequence[tuple[str, Sequence[str]]]) -> str:
    listed = [{"text": text, "ids": ids} for text, ids in sentences]
    return json.dumps({"found": record["found"], "sentences": listed}, ensure_ascii=False)


def _text_reply(record: Record, sentences: Sequence[tuple[str, Sequence[str]]]) -> str:
    written = [f"{text} [{', '.join(ids)}]" if ids else text for text, ids in sentences]
    return " ".join(written + (["[no answer]"] if record["found"] != "all" else []))


def _condensed(prompt: str) -> str:
    history = re.findall(r"^Question: (.*)$", _fenced(prompt, "history"), re.MULTILINE)
    record = record_of(CONDENSE, history=history, question=_fenced(prompt, "question"))
    return json.dumps({"question": record["completed"], "queries": record["queries"]}, ensure_ascii=False)


def _judged(prompt: str) -> str:
    premises = dict(re.findall(r"^Premise (\d+) \|.*?\nSentence: (.*?)$", prompt, re.MULTILINE | re.DOTALL))
    judgements = [
        {"premise": int(_id_of(one["sentence"], premises)), "words": one["words"], "stance": one["stance"]}
        for one in record_of(JUDGE, claim=_fenced(prompt, "claim"))["judgements"]
    ]
    return json.dumps({"judgements": judgements}, ensure_ascii=False)


def _fenced(prompt: str, tag: str) -> str:
    """What stands between the last <tag> and its end."""
    return str(re.findall(rf"^<{tag}>\n(.*?)\n</{tag}>$", prompt, re.MULTILINE | re.DOTALL)[-1])
