"""What a run measures on: articles, questions, sizes, repeats, and whether the plain-library way runs beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.resources import data_dir
from benchmarks.material import Text, read_articles, texts


@dataclass(frozen=True, slots=True)
class Plan:
    """Picklable: each measurement hands it to processes of its own."""

    scratch: Path
    """An empty folder; each benchmark makes its own folders in it."""
    articles: Path | None = None
    """A JSONL file or a folder; None is the sample corpus."""
    questions: Path | None = None
    """A question set; None is the sample corpus' own."""
    quick: bool = False
    full: bool = False
    """No stand-in where a measurement of the real thing takes many minutes."""
    peer: bool = True

    def texts(self) -> Iterator[Text]:
        """The articles, then variations of them without end."""
        return texts(read_articles(self.articles))

    def question_file(self) -> Path:
        return self.questions or data_dir("corpus") / "questions" / "questions.jsonl"

    @property
    def repeats(self) -> int:
        return 1 if self.quick else 3

    def folder(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir(parents=True)
        return folder
