"""Figures to inline SVG: points with whiskers, curves, bars. Plain numbers in, markup out.

Colours and shapes come from the page's style sheet through classes (`r0`, `r1` ... a run each), as its policy allows no
inline style. A shape a run goes with each colour, so that nothing rests on colour alone. Every drawing has a title; the
numbers themselves stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

RUN_COLOURS = 6  # classes r0 .. r5 of report.css


@dataclass(frozen=True, slots=True)
class Whisker:
    """A value with its interval; `low` and `high` None where there is none."""

    run: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """A run's curve: (x, y) or (x, y, n)."""

    run: int
    points: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Axis:
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float, start: float, length: float) -> float:
        """Where the value stands on an axis of `length` from `start`; values beyond the ends stand at them."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return round(start + length * min(1.0, max(0.0, share)), 2)


SHARES = Axis(0.0, 1.0, ((0.0, "0"), (0.25, ""), (0.5, "50"), (0.75, ""), (1.0, "100\u00a0%")))
UNITS = Axis(0.0, 1.0, ((0.0, "0"), (0.25, ""), (0.5, "0.5"), (0.75, ""), (1.0, "1")))

_WIDTH, _PAD, _ROW = 260, 18, 16


def marker(run: int, x: float = 7, y: float = 7) -> str:
    """The run's shape: circle, square, diamond, triangle, and the last two hollow."""
    kind = run % RUN_COLOURS
    if kind in (0, 4):
        shape = f'<circle cx="{x}" cy="{y}" r="4.6"/>'
    elif kind in (1, 5):
        shape = f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8"/>'
    elif kind == 2:
        shape = f'<path d="M{x} {y - 5.5}L{x + 5.5} {y}L{x} {y + 5.5}L{x - 5.5} {y}Z"/>'
    else:
        shape = f'<path d="M{x} {y - 5.2}L{x + 5.2} {y + 4}L{x - 5.2} {y + 4}Z"/>'
    return f'<g class="dot{" hollow" if kind > 3 else ""} {colour(run)}">{shape}</g>'


def colour(run: int) -> str:
    return f"r{run % RUN_COLOURS}"


def key(run: int) -> str:
    """A run's shape alone, to stand beside its name."""
    return f'<svg class="key" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">{marker(run)}</svg>'


def ticks(axis: Axis) -> str:
    """The axis over a column of whiskers."""
    labels = []
    for at, text in axis.ticks:
        x = axis.place(at, _PAD, _WIDTH - 2 * _PAD)
        labels.append(f'<text x="{x}" y="12" text-anchor="middle">{escape(text)}</text>')
    return _svg("whiskers", _WIDTH, 16, "", "".join(labels))


def whiskers(rows: Sequence[Whisker], axis: Axis, title: str) -> str:
    """One row a run."""
    height = _ROW * max(1, len(rows)) + 4
    parts = [_grid(axis, height)]
    for at, row in enumerate(rows):
        y = 2 + _ROW * at + _ROW / 2
        if row.low is not None and row.high is not None:
            low, high = (axis.place(end, _PAD, _WIDTH - 2 * _PAD) for end in (row.low, row.high))
            path = f"M{low} {y}H{high}M{low} {y - 3}v6M{high} {y - 3}v6"
            parts.append(f'<path class="whisker {colour(row.run)}" d="{path}"/>')
        parts.append(marker(row.run, axis.place(row.value, _PAD, _WIDTH - 2 * _PAD), y))
    return _svg("whiskers", _WIDTH, height, title, "".join(parts))


def span(rows: Sequence[tuple[int, float, float]], axis: Axis, title: str) -> str:
    """Half (filled) and all but a twentieth (open) of the times, one row a run: (run, p50, p95)."""
    height = _ROW * max(1, len(rows)) + 4
    parts = [_grid(axis, height)]
    for at, (run, half, most) in enumerate(rows):
        y = 2 + _ROW * at + _ROW / 2
        first, last = (axis.place(value, _PAD, _WIDTH - 2 * _PAD) for value in (half, most))
        parts.append(f'<path class="whisker {colour(run)}" d="M{first} {y}H{last}M{last} {y - 5}v10"/>')
        parts.append(marker(run, first, y))
    return _svg("whiskers", _WIDTH, height, title, "".join(parts))


def bar(count: int, most: int, run: int, title: str) -> str:
    width = round(200 * count / most, 2) if most else 0
    return _svg("bar", width, 12, title, f'<rect class="fill {colour(run)}" width="{width}" height="12"/>')


def curve(series: Sequence[Series], title: str, x_label: str, y_label: str, *, diagonal: bool) -> str:
    """Curves over one pair of axes, 0..1 where all values lie there; below them how many cases each point stands for."""
    left, top, size, counts = 44, 10, 300, 40
    x_axis, y_axis = (_axis([p[at] for one in series for p in one.points]) for at in (0, 1))
    parts = [f'<rect class="frame" x="{left}" y="{top}" width="{size}" height="{size}"/>']
    for at, text in x_axis.ticks:
        x = x_axis.place(at, left, size)
        parts.append(f'<path class="grid" d="M{x} {top}v{size}"/>')
        parts.append(f'<text x="{x}" y="{top + size + 16}" text-anchor="middle">{text}</text>')
    for at, text in y_axis.ticks:
        y = y_axis.place(at, top + size, -size)
        parts.append(f'<path class="grid" d="M{left} {y}h{size}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{text}</text>')
    if diagonal:
        parts.append(f'<path class="diagonal" d="M{left} {top + size}L{left + size} {top}"/>')
    for one in series:
        places = [(x_axis.place(p[0], left, size), y_axis.place(p[1], top + size, -size)) for p in one.points]
        line = "L".join(f"{x} {y}" for x, y in places)
        parts.append(f'<path class="line {colour(one.run)}" d="M{line}"/>')
        parts += [marker(one.run, x, y) for x, y in places] if len(places) <= 15 else []
    bottom = top + size + 26
    counted = any(len(point) > 2 for one in series for point in one.points)
    parts.append(_counts(series, x_axis, left, bottom, size, counts) if counted else "")
    end = bottom + (counts + 10 if counted else 4)
    parts.append(
        f'<text class="label" x="{left + size / 2}" y="{end + 8}" text-anchor="middle">{escape(x_label)}</text>'
    )
    middle = top + size / 2
    turn = f'transform="rotate(-90 12 {middle})"'
    parts.append(f'<text class="label" x="12" y="{middle}" text-anchor="middle" {turn}>{escape(y_label)}</text>')
    return _svg("curve", left + size + 12, end + 16, title, "".join(parts))


def _counts(series: Sequence[Series], axis: Axis, left: float, top: float, size: float, height: float) -> str:
    """Bars under a curve: the cases of each point, the runs side by side."""
    most = max(point[2] for one in series for point in one.points if len(point) > 2)
    width = min(7.0, 20.0 / len(series))
    bars = []
    for at, one in enumerate(series):
        for point in (point for point in one.points if len(point) > 2):
            tall = round(height * point[2] / most, 2) if most else 0
            x = round(axis.place(point[0], left, size) + (at - len(series) / 2) * width, 2)
            bars.append(
                f'<rect class="fill {colour(one.run)}" x="{x}" y="{top + height - tall}" width="{width - 1}" height="{tall}"/>'
            )
    return f'<path class="grid" d="M{left} {top + height}h{size}"/>{"".join(bars)}'


def _grid(axis: Axis, height: float) -> str:
    places = [axis.place(at, _PAD, _WIDTH - 2 * _PAD) for at, _ in axis.ticks]
    return "".join(
        f'<path class="grid{" zero" if at == 0 and axis.low < 0 else ""}" d="M{x} 0V{height}"/>'
        for (at, _), x in zip(axis.ticks, places, strict=True)
    )


def _axis(values: Sequence[float]) -> Axis:
    low, high = min([*values, 0.0]), max([*values, 0.0])
    if low >= 0 and high <= 1:
        return Axis(0.0, 1.0, tuple((at / 4, f"{at / 4:g}") for at in range(5)))
    return spread(low, high, lambda value: f"{value:g}")


def spread(low: float, high: float, say: Callable[[float], str]) -> Axis:
    """An axis with three ticks over the values; `say` writes a tick."""
    middle = 0.0 if low < 0 < high else (low + high) / 2
    return Axis(low, high, ((low, say(low)), (middle, say(middle)), (high, say(high))))


def _svg(name: str, width: float, height: float, title: str, body: str) -> str:
    said = (
        f' role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>' if title else ' aria-hidden="true">'
    )
    return f'<svg class="{name}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"{said}{body}</svg>'
