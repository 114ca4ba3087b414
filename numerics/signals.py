"""What SIGINT, SIGTERM and SIGHUP do: they ask a command to stop, which it does when it has put things in order.

Main results
    interruptible   a question, whether to stop, that a long computation asks
    held            they wait while processes are started, and those processes never see them
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NUMBERS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def in_main_thread() -> bool:
    """Whether this is the thread that signals reach."""
    return threading.current_thread() is threading.main_thread()


def answered_by(handler: Callable[[int, Any], Any] | signal.Handlers) -> dict[int, Any]:
    """Let a handler answer them, and return those before; what was ignored, as by `nohup`, stays ignored."""
    heard = [number for number in NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


@contextmanager
def interruptible(noticed: Callable[[], Any] = lambda: None) -> Iterator[Callable[[], bool]]:
    """Turn them into a question that is answered with yes; `noticed` is called at once.

    Outside the main thread, which alone may answer signals, the answer is always no.
    """
    flag = threading.Event()

    def notice(number: int, frame: Any) -> None:
        flag.set()
        noticed()

    if not in_main_thread():
        yield flag.is_set
        return
    before = answered_by(notice)
    try:
        yield flag.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Keep them waiting; a process that is started meanwhile never sees them.

    It inherits that this thread does not take them. Another thread of this process, as libraries have them, still may:
    so their answer waits as well.
    """
    if not (in_main_thread() and hasattr(signal, "pthread_sigmask")):
        yield
        return
    waiting: list[int] = []
    taken = signal.pthread_sigmask(signal.SIG_BLOCK, NUMBERS)
    before = answered_by(lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, taken)
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(waiting):
            signal.raise_signal(number)
