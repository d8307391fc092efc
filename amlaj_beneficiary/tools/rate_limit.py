"""A light brake on guessing: so many tries in so many seconds, per key. Pure Python, per process."""

from collections import OrderedDict, deque
from time import monotonic


class RateLimit:
    """Counts tries per key in a sliding window. Memory is bounded: the oldest keys are forgotten.

    It is a wait and never a lock-out; each worker process counts for itself.
    """

    def __init__(self, tries, seconds, keys=10000):
        self.tries = tries
        self.seconds = seconds
        self.keys = keys
        self._seen = OrderedDict()

    def wait(self, key, now=None):
        """Note one try of ``key``; 0 when it may go on, otherwise the seconds to wait."""
        now = monotonic() if now is None else now
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while len(self._seen) > self.keys:
            self._seen.popitem(last=False)
        while times and now - times[0] >= self.seconds:
            times.popleft()
        if len(times) >= self.tries:
            return max(1, round(self.seconds - (now - times[0])))
        times.append(now)
        return 0
