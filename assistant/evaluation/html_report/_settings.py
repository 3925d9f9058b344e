"""What the runs were made with, and how to repeat them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import Run, head, safe, section
from assistant.evaluation.reading import Document, number


def settings_section(document: Document) -> str:
    runs: Sequence[Run] = document["runs"]
    flat = [_flat(run.get("settings") or {}) for run in runs]
    keys = list(dict.fromkeys(key for settings in flat for key in settings))
    differ = [key for key in keys if len({settings.get(key, "") for settings in flat}) > 1]
    facts = "".join(_facts(run, at, len(runs)) for at, run in enumerate(runs))
    parts = [f'<div class="facts">{facts}</div>', _repeat(runs[0])]
    if differ:
        parts.append(f"<h3>What the runs were set to differently</h3>{_settings_table(differ, flat, runs)}")
    parts.append(f"<details><summary>All {len(keys)} settings</summary>{_settings_table(keys, flat, runs)}</details>")
    return section("settings", "Settings", "".join(parts))


def _settings_table(keys: Sequence[str], flat: Sequence[Mapping[str, str]], runs: Sequence[Run]) -> str:
    if len({tuple(settings.items()) for settings in flat}) == 1:
        flat, heads = flat[:1], head("Value")
    else:
        heads = "".join(f'<th scope="col">{charts.key(at)} {safe(run["name"])}</th>' for at, run in enumerate(runs))
    rows = "".join(
        f'<tr><th scope="row">{safe(key)}</th>{_cells(settings.get(key, "") for settings in flat)}</tr>' for key in keys
    )
    return (
        f'<div class="wide"><table class="settings"><thead><tr><th scope="col">Setting</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cells(values: Iterable[str]) -> str:
    return "".join(f"<td>{safe(value)}</td>" for value in values)


def _facts(run: Run, at: int, runs: int) -> str:
    library, bootstrap = run.get("library") or {}, run.get("bootstrap") or {}
    rows = {
        "Library": ", ".join(f"{count:,} {name}" for name, count in library.items()),
        "Its fingerprint": run.get("fingerprint"),
        "Passages a search": run.get("k"),
        "Workers": run.get("workers"),
        "Took": number(run.get("seconds"), "seconds"),
        "Resamples, seed": f"{bootstrap.get('resamples')}, {bootstrap.get('seed')}",
        "Versions": ", ".join(f"{name} {version}" for name, version in (run.get("versions") or {}).items()),
    }
    items = "".join(f"<div><dt>{name}</dt><dd>{safe(value)}</dd></div>" for name, value in rows.items() if value)
    name = f"<h3>{charts.key(at)} {safe(run['name'])}</h3>" if runs > 1 else ""
    return f"<div>{name}<dl>{items}</dl></div>"


def _repeat(run: Run) -> str:
    command = run.get("command") or "assistant evaluate " + " ".join(f"{name}.jsonl" for name in run.get("sets") or ())
    return (
        "<h3>To repeat it</h3><p>The fingerprint tells whether a library holds the same articles. With the settings below "
        f"in <code>assistant.toml</code> and the versions above, run:</p><pre><code>{safe(command)}</code></pre>"
    )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested settings as "chat.model": value, values as JSON unless they are text."""
    flat: dict[str, str] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return flat
