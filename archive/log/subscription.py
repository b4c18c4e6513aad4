"""Following the log by asking it: correct on every database, a wake-up call would only make it sooner."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Event

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from archive.log.waking import Wait

PAGE = 500
POLL_SECONDS = 0.05


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Yields the entries after a position in order, each once, and waits for those to come.

    Between two looks it calls ``wait``, which may end sooner than it is told, or stop it.
    """

    def __init__(
        self,
        recorder: ApplicationRecorder,
        gt: int | None = None,
        topics: Sequence[str] = (),
        wait: Wait | None = None,
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._page: deque[Notification] = deque()
        self._stopped = Event()
        self._wait = wait or self._stopped.wait

    def stop(self) -> None:
        """End the iteration, from any thread."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if not self._page:
                self._read()
            if self._page:
                return self._page.popleft()
            self._wait(POLL_SECONDS)
        raise StopIteration

    def _read(self) -> None:
        # Read before the page: what commits between the two is met again, never passed over.
        last = self._recorder.max_notification_id() or 0
        after = self._last_notification_id or 0
        self._page.extend(
            self._recorder.select_notifications(after, PAGE, topics=self._topics, inclusive_of_start=False)
        )
        self._last_notification_id = self._page[-1].id if self._page else max(after, last)
