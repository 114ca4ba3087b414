"""The user's folders, also where the environment is poor: HOME unset, empty or relative, no entry in passwd.

Main results
    place    a folder for lae below one of the XDG base directories
"""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def place(variable: str, default: str) -> Path | None:
    """The folder `lae` below the one that a variable names, or below one of the user's home, if that is known."""
    chosen = Path(os.environ.get(variable, ""))
    if chosen.is_absolute():
        return chosen / "lae"
    house = home()
    return house and house / default / "lae"


def home() -> Path | None:
    """The user's home: $HOME if that is an absolute path, else what passwd says."""
    if Path(os.environ.get("HOME", "")).is_absolute():
        return Path(os.environ["HOME"])
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return None
