"""A seal on what is kept on disk: only this user's installation can make it, so nobody else is believed.

The key is a file of the user's state folder ($XDG_STATE_HOME/lae, else ~/.local/state/lae), away from what it seals:
whoever can write a cache cannot seal an entry.
A seal covers the name of an entry, so that none counts under the name of another.

Main results
    key       this installation's key, made when it is first asked for
    sealed    a JSON object as text, with its seal
    opened    what a sealed text holds, if it is as it was sealed under this name
"""

from __future__ import annotations

import contextlib
import errno
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numerics.storing import read_trusted, replace
from proofs.places import place

SIZE = 32
HEAD, TAIL = b'{"digest": "', b'", '
"""What stands before and after the seal: a sealed object is JSON still."""


def key() -> bytes:
    """The key of this installation, in the user's state folder.

    Raises
    ------
    OSError
        If there is none and none can be made.
    """
    folder = place("XDG_STATE_HOME", ".local/state")
    if folder is None:
        raise FileNotFoundError(errno.ENOENT, "there is no home folder")
    file = folder / "key"
    with contextlib.suppress(FileNotFoundError, ValueError):
        return _read(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(file, secrets.token_bytes(SIZE), 0o600)
    return file.read_bytes()  # another process may have made one at the same time: the last one counts


def _read(file: Path) -> bytes:
    found = read_trusted(file, SIZE)
    if len(found) != SIZE or file.stat().st_mode & 0o077:
        raise ValueError(f"{file} is no key, or no secret")
    return found


def sealed(key: bytes, name: str, value: Mapping[str, Any]) -> bytes:
    """A JSON object with its seal.

    Examples
    --------
    >>> text = sealed(b"secret", "one", {"verdict": "proved"})
    >>> opened(b"secret", "one", text)["verdict"]
    'proved'
    >>> opened(b"secret", "two", text)
    Traceback (most recent call last):
        ...
    ValueError: two is not sealed by this installation
    """
    rest = json.dumps(value, ensure_ascii=False).encode()[1:]
    return HEAD + _seal(key, name, rest) + TAIL + rest


def opened(key: bytes, name: str, text: bytes) -> dict[str, Any]:
    """The object that was sealed.

    Raises
    ------
    ValueError
        If the text was not sealed with this key and name. Nothing of it is read then.
    """
    rest = text[len(HEAD) + 64 + len(TAIL) :]
    if not hmac.compare_digest(text, HEAD + _seal(key, name, rest) + TAIL + rest):
        raise ValueError(f"{name} is not sealed by this installation")
    return json.loads(b"{" + rest)


def _seal(key: bytes, name: str, content: bytes) -> bytes:
    return hmac.digest(key, name.encode() + b"\0" + content, "sha256").hex().encode()
