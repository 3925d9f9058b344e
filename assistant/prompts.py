"""Prompt files to prompts: prose with `$name` placeholders, checked against the variables that its front matter declares.

One Markdown file a prompt, in the folder `prompts/`; nothing in the code repeats their words. Rendering is one pass of
`string.Template`: a `$name` inside an article stays what it is. `fence` is for text that others wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from assistant.errors import BadPrompt
from assistant.resources import data_dir

_FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_KEYS = {"name", "version", "variables"}
# Without < and > no text can close its fence, open another one, or spell a chat template's control token (<|...|>).
_UNFENCED = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as its file has it."""

    name: str
    version: int
    variables: tuple[str, ...]
    body: str

    @property
    def id(self) -> str:
        """Name and version, as answers report it: "answer@1"."""
        return f"{self.name}@{self.version}"

    def render(self, **values: str) -> str:
        """The body with every placeholder filled. Raises BadPrompt when names are missing or unknown."""
        missing, unknown = set(self.variables) - set(values), set(values) - set(self.variables)
        if missing or unknown:
            raise BadPrompt(f"Prompt {self.id} was given the wrong variables: {_differences(missing, unknown)}.")
        return Template(self.body).substitute(values)


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt of that name. Raises BadPrompt when its file is missing or does not declare what it uses."""
    path = (folder or data_dir("prompts")) / f"{name}.md"
    try:
        # utf-8-sig and the newline rule of text mode: an editor's BOM and CRLF are no fault of the prompt.
        found = _FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadPrompt(f"Prompt {name!r} can't be read from {path}.", "Run: assistant doctor") from error
    if not found:
        raise BadPrompt(f"{path} has no front matter.", "Start it with name, version and variables between --- lines.")
    head = _front_matter(path, found["head"])
    prompt = Prompt(head["name"], head["version"], tuple(head["variables"]), found["body"].strip())
    if prompt.name != name:
        raise BadPrompt(f"{path} calls itself {prompt.name!r}.", "Name the prompt as its file.")
    _check_placeholders(path, prompt)
    return prompt


def prompt_names(folder: Path | None = None) -> list[str]:
    """Every prompt there is, sorted."""
    return sorted(path.stem for path in (folder or data_dir("prompts")).glob("*.md") if path.stem != "README")


def fence(text: str, tag: str = "passage") -> str:
    """`text` between <tag> and </tag>, with its own < and > as ‹ and ›, one character for one."""
    return f"<{tag}>\n{text.translate(_UNFENCED)}\n</{tag}>"


def _front_matter(path: Path, head: str) -> dict[str, Any]:
    import yaml

    try:
        values: Any = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise BadPrompt(f"The front matter of {path} is no valid YAML.", "Mend it.") from error
    if not isinstance(values, dict):
        values = {}
    if (keys := set(values)) != _KEYS:
        raise BadPrompt(f"The front matter of {path} is off: {_differences(_KEYS - keys, keys - _KEYS)}.")
    version, variables = values["version"], values["variables"]
    if type(version) is not int or not isinstance(variables, list):
        raise BadPrompt(f"The front matter of {path} is off: version is a whole number, variables a list.")
    return dict(values)


def _check_placeholders(path: Path, prompt: Prompt) -> None:
    template = Template(prompt.body)
    if not template.is_valid():
        raise BadPrompt(f"{path} has a $ that starts no placeholder.", "Write a dollar sign as $$.")
    used, declared = set(template.get_identifiers()), set(prompt.variables)
    if used != declared:
        raise BadPrompt(f"{path} does not use what it declares: {_differences(declared - used, used - declared)}.")


def _differences(missing: Iterable[str], unknown: Iterable[str]) -> str:
    parts = {"missing": sorted(map(str, missing)), "unknown": sorted(map(str, unknown))}
    return "; ".join(f"{word} {', '.join(names)}" for word, names in parts.items() if names)
