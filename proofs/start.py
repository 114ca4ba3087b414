"""The entry point of `lae`: it makes the path safe and answers signals before it imports what takes time.

Main results
    main    run the command line
"""

from __future__ import annotations

import sys

from numerics.safe_path import leave_working_directory

INTERRUPTED = 130
AGAIN = 1.0
"""Seconds in which a second signal, as `timeout` sends, means the same as the first."""


def main() -> None:
    """Run the command line; bad input is one line and status 2, a signal that asks to stop 130, a closed pipe 141."""
    leave_working_directory()
    try:
        _answer_signals()
        from proofs.streams import guarded

        with guarded():
            from proofs.cli import app

            app(prog_name="lae")
    except KeyboardInterrupt:
        print("lae: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    finally:
        _answer_no_more()


def _answer_signals() -> None:
    """The first signal is a KeyboardInterrupt; a later one ends the process, which is then putting things in order."""
    import os
    from time import monotonic

    from numerics.signals import answered_by

    asked: list[float] = []

    def answer(number: int, frame: object) -> None:
        asked.append(monotonic())
        if len(asked) == 1:
            raise KeyboardInterrupt
        if asked[-1] - asked[0] > AGAIN:
            os._exit(INTERRUPTED)

    answered_by(answer)


def _answer_no_more() -> None:
    """While the interpreter ends, a signal would only break its good order."""
    from signal import SIG_IGN

    from numerics.signals import answered_by

    answered_by(SIG_IGN)


if __name__ == "__main__":
    main()
