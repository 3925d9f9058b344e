"""Conditions on figures, so that a continuous build can fail on them: `recall@5 < 0.80`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.errors import UnknownName, WrongUse
from assistant.evaluation.figures import all_metrics
from assistant.metrics._estimate import Estimate
from assistant.text import nearest

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION = re.compile(r"\s*(?P<metric>[^\s<>=]+)\s*(?P<operator><=|>=|<|>)\s*(?P<bound>[^\s<>=]+)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must not hold of a figure."""

    metric: str
    operator: str
    bound: float

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.bound:g}"

    def verdict(self, figures: Mapping[str, Estimate]) -> str | None:
        """Why the condition fails the run, None when it does not. A figure that there is none of fails it as well."""
        figure = figures.get(self.metric)
        if figure is None or figure.mean is None:
            return f"{self}: there is no {self.metric}, it applies to no case of this run"
        if _OPERATORS[self.operator](figure.mean, self.bound):
            return f"{self}: it is {figure.mean:.4g} (n = {figure.n})"
        return None


def parse_condition(text: str, k: int) -> Condition:
    """Raises WrongUse for what is no condition, UnknownName for a metric that a run of depth k does not have."""
    found = _CONDITION.fullmatch(text)
    try:
        bound = float(found["bound"]) if found else float("nan")
    except ValueError:
        bound = float("nan")
    if found is None or bound != bound:
        raise WrongUse(f"{text!r} is no condition.", "Write it as --fail-if 'recall@5 < 0.80'.")
    known = [metric.name for metric in all_metrics(k)]
    if found["metric"] not in known:
        near = nearest(found["metric"], known)
        raise UnknownName(
            f"There is no metric {found['metric']!r} at k = {k}.",
            (f"Did you mean {near!r}? " if near else "") + f"Known: {', '.join(known)}.",
        )
    return Condition(found["metric"], found["operator"], bound)
