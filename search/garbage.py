"""When nobody looks for garbage: while something is built that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python not look for garbage meanwhile: objects that stay, by the hundred thousand, would be looked at anew.

    Of two threads that are in here at once the first to leave lets it look again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
