"""Files kept in memory for a short while, the least used given up first (INV-12)."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class KeptFiles:
    """Bytes by key, at most `most_bytes` of them together, each for at most `seconds` after it was put here.

    For use by many threads.
    """

    most_bytes: int
    seconds: float
    _files: OrderedDict[str, tuple[float, bytes]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: str) -> bytes | None:
        """The bytes, if they are still here."""
        with self._lock:
            self._give_up()
            if key not in self._files:
                return None
            self._files.move_to_end(key)
            return self._files[key][1]

    def put(self, key: str, data: bytes) -> bytes:
        """Keeps `data` and returns it; what is larger than all the room is not kept."""
        with self._lock:
            if len(data) > self.most_bytes:
                return data
            self._files[key] = (time.monotonic() + self.seconds, data)
            self._files.move_to_end(key)
            self._give_up()
        return data

    def clear(self) -> None:
        """Nothing is kept any more."""
        with self._lock:
            self._files.clear()

    def _give_up(self) -> None:
        now = time.monotonic()
        for key in [key for key, (until, _data) in self._files.items() if until <= now]:
            del self._files[key]
        size = sum(len(data) for _until, data in self._files.values())
        while size > self.most_bytes:
            _key, (_until, data) = self._files.popitem(last=False)
            size -= len(data)
