"""What one window asks to have added, in its order, and what came of it. Reads nothing itself: library_adding.py does."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.ui.library_markup import MOST_LINKS


class Intake:
    """What one window asks to be added. What comes while something is being read belongs to the same run and its report.

    Its methods may be called from several threads at once.
    """

    def __init__(self) -> None:
        self.links: tuple[str, ...] = ()
        """Articles that feeds only summed up, to be fetched on demand."""
        self.came: tuple[str, ...] = ()
        """The sources of the last run that brought something."""
        self.sources: list[str] = []
        """Of the run, in their order; those behind the one in hand may still become more."""
        self.rest: tuple[str, ...] = ()
        """Links that were left for another press when some were put in."""
        self._lock = threading.Lock()
        self._taken = 0
        self._errors: list[str] = []
        self._running = False
        self._arrived: bool | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> Intake:
        """A new one: Gradio gives each window a copy."""
        return Intake()

    def put(self, *sources: str, errors: Sequence[str] = ()) -> None:
        """Have the sources read. `errors`: the HTML of what is wrong with others."""
        with self._lock:
            for source in sources:
                if source not in self.sources[max(0, self._taken - 1) :]:  # a second click on what is in hand or waits
                    self.sources.append(source)
            self._errors += errors

    def put_links(self) -> None:
        with self._lock:
            self.sources += self.links[:MOST_LINKS]
            self.links, self.rest = (), (*self.rest, *self.links[MOST_LINKS:])

    def begin(self) -> bool:
        """Whether a run is to be begun: something waits, and no other run will read it."""
        with self._lock:
            if self._running or not self._waits():
                return False
            self._running = True
            return True

    def take(self) -> str | None:
        """The next source of the run, None when there is none yet."""
        with self._lock:
            if self._taken == len(self.sources):
                return None
            self._taken += 1
            return self.sources[self._taken - 1]

    def take_errors(self) -> list[str]:
        with self._lock:
            errors, self._errors = self._errors, []
            return errors

    def tell(self, links: tuple[str, ...], came: tuple[str, ...]) -> None:
        """What the run has come to."""
        with self._lock:
            self.links, self.came, self._arrived = links, came, bool(came)

    def take_arrived(self) -> bool | None:
        """Whether the last run brought something; None when that has been asked already."""
        with self._lock:
            arrived, self._arrived = self._arrived, None
            return arrived

    def end(self) -> bool:
        """Whether the run is over; it goes on when more has come."""
        with self._lock:
            if self._waits():
                return False
            self._forget()
            return True

    def stop(self) -> None:
        with self._lock:
            self._forget()

    def _waits(self) -> bool:
        return self._taken < len(self.sources) or bool(self._errors)

    def _forget(self) -> None:
        self.sources, self.rest, self._errors, self._taken, self._running = [], (), [], 0, False
