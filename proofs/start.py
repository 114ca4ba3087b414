"""The entry point of `lae`: it makes the path safe and answers signals before it imports what takes time.

Main results
    main    run the command line
"""

from __future__ import annotations

import gc
import sys

from numerics.safe_path import leave_working_directory

INTERRUPTED, EXHAUSTED = 130, 2
RARELY = 200_000
"""After so many new objects cycles are looked for: expressions, syntax trees and tables are many, and hold none."""
AGAIN = 1.0
"""Seconds in which a second signal, as `timeout` sends, means the same as the first."""


def main() -> None:
    """Run the command line; bad input is one line and status 2, a signal that asks to stop 130, a closed pipe 141."""
    leave_working_directory()
    gc.set_threshold(RARELY, 20, 50)
    try:
        _answer_signals()
        from proofs.streams import guarded

        with guarded():
            from proofs.cli import app

            app(prog_name="lae")
    except KeyboardInterrupt:
        print("lae: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except (MemoryError, OSError, RuntimeError, ImportError) as problem:
        if (want := _exhausted(problem)) is None:
            raise
        print(f"lae: {want}", file=sys.stderr)
        sys.exit(EXHAUSTED)
    finally:
        _answer_no_more()


def _exhausted(problem: BaseException | None) -> str | None:
    """What the system has run out of, if that is what went wrong, or what it went wrong of."""
    import errno

    if problem is None:
        return None
    if isinstance(problem, OSError) and problem.errno in (errno.EMFILE, errno.ENFILE):
        return "too many open files; want a higher limit (ulimit -n)"
    if isinstance(problem, MemoryError) or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM):
        return "not enough memory"
    if (isinstance(problem, OSError) and problem.errno == errno.EAGAIN) or "can't start new thread" in str(problem):
        return "no more processes or threads may be started; want fewer --jobs, or a higher limit (ulimit -u)"
    if "annot allocate memory" in str(problem):
        return "not enough memory for the libraries"
    return _exhausted(problem.__cause__ or problem.__context__)


def _answer_signals() -> None:
    """The first signal is a KeyboardInterrupt; a later one ends the process, which is then putting things in order."""
    import os
    import threading
    import warnings
    from time import monotonic

    from numerics.signals import answered_by

    asked: list[float] = []

    def answer(number: int, frame: object) -> None:
        asked.append(monotonic())
        if len(asked) == 1:
            warnings.simplefilter("ignore")  # joblib's, about work that is taken away from it
            threading.excepthook = lambda failure: None
            raise KeyboardInterrupt
        if asked[-1] - asked[0] > AGAIN:
            os._exit(INTERRUPTED)

    answered_by(answer)


def _answer_no_more() -> None:
    """While the interpreter ends, a signal would only break its good order."""
    from signal import SIG_IGN

    from numerics.signals import answered_by

    answered_by(SIG_IGN)
    exec(
        ""
    )  # Python remembers an interrupt of an `exec`, as dataclasses do, and would end by SIGINT, until the next one


if __name__ == "__main__":
    main()
