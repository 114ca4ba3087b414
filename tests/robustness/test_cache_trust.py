"""The cache is believed only where this installation wrote it: forged, foreign, moved, damaged and hostile entries."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs import check, cli, seal
from proofs.cache import Cache
from proofs.claim import Verdict, registry

ID = "bao2020/B/eq10"
ENTRY = "bao2020%2FB%2Feq10.json"
FORGED = "bao2020%2FB%2Feq10%2B.json"
TRUE = {ID: "refuted", f"{ID}+": "proved"}
HOSTILE = "\x1b[31m\x9b2J‮\\input{/etc/passwd}^^5cinput{/etc/passwd} $\\write18{id}$"


@pytest.fixture(scope="module")
def decisions():
    """What the referee finds, found once."""
    known = registry(("bao2020",))
    return {name: check.settle(known[name]) for name in TRUE}


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch, decisions):
    monkeypatch.setattr(check, "settle", lambda claim, timeout=60: decisions[claim.id])
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def lae(*arguments):
    found = CliRunner().invoke(cli.app, list(arguments))
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def verdicts(*more):
    found = lae("check", ID, "--jobs", "1", "--json", *more)
    return {c["id"]: c["verdict"] for c in json.loads(found.stdout)["claims"]}, found.stderr


def entry(places) -> Path:
    return places / "cache" / ENTRY


def _text(places, change):
    path = entry(places)
    path.write_text(change(path.read_text()))


def _with_digest(places, digest):
    """An entry that says proved, with a seal that somebody made up."""
    value = json.loads(entry(places).read_text())
    value["decision"] |= {"verdict": "proved", "scope": "all sizes", "counterexample": None}
    value["digest"] = digest(value)
    entry(places).write_text(json.dumps(value, ensure_ascii=False))


def _foreign_key(places, key):
    value = {k: v for k, v in json.loads(entry(places).read_text()).items() if k != "digest"}
    value["decision"] |= {"verdict": "proved", "counterexample": None}
    entry(places).write_bytes(seal.sealed(key, ENTRY, value))


def _of_another_claim(places):
    shutil.copy(places / "cache" / FORGED, entry(places))


def _without_digest(places):
    value = json.loads(entry(places).read_text())
    del value["digest"]
    entry(places).write_text(json.dumps(value))


def _link_to_a_copy(places):
    shutil.copy(entry(places), places / "copy")
    entry(places).unlink()
    entry(places).symlink_to(places / "copy")


def _instead(places, make):
    entry(places).unlink()
    make(entry(places))


def _deep(path):
    path.write_text('{"digest": "' + "0" * 64 + '", "decision": ' + "[" * 10**5 + "]" * 10**5 + "}")


FORGERIES = {
    "verdict edited": lambda p: _text(p, lambda t: t.replace('"refuted"', '"proved"')),
    "scope edited": lambda p: _text(p, lambda t: t.replace('"scope": "', '"scope": "so')),
    "a space more": lambda p: _text(p, lambda t: t + " "),
    "digest of zeros": lambda p: _with_digest(p, lambda v: "0" * 64),
    "no digest": _without_digest,
    "digest too long": lambda p: _with_digest(p, lambda v: v["digest"] * 2),
    "digest no text": lambda p: _with_digest(p, lambda v: 0),
    "an empty key": lambda p: _foreign_key(p, b""),
    "a key of zeros": lambda p: _foreign_key(p, bytes(32)),
    "of another claim": _of_another_claim,
    "world-writable": lambda p: entry(p).chmod(0o666),
    "group-writable": lambda p: entry(p).chmod(0o664),
    "a link": _link_to_a_copy,
    "a link to /dev/zero": lambda p: _instead(p, lambda e: e.symlink_to("/dev/zero")),
    "a link to itself": lambda p: _instead(p, lambda e: e.symlink_to(e.name)),
    "a link to nothing": lambda p: _instead(p, lambda e: e.symlink_to("absent")),
    "a pipe": lambda p: _instead(p, os.mkfifo),
    "empty": lambda p: _text(p, lambda t: ""),
    "cut short": lambda p: _text(p, lambda t: t[: len(t) // 2]),
    "deep": lambda p: _instead(p, _deep),
    "bytes": lambda p: entry(p).write_bytes(bytes(range(256))),
    "huge": lambda p: os.truncate(entry(p), 2**40),
    "a number": lambda p: _text(p, lambda t: "9" * 10**5),
    "a list": lambda p: _text(p, lambda t: "[]"),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_what_is_not_ours_is_decided_again_with_one_warning_and_replaced(places, forge):
    verdicts()
    forge(places)
    found, said = verdicts()
    assert found == TRUE
    assert said.count("warning") == 1
    assert "rebuilt" in said
    assert "Traceback" not in said
    found, said = verdicts()
    assert (found, said) == (TRUE, "")
    assert entry(places).is_file()
    assert not entry(places).is_symlink()


def test_a_folder_as_an_entry_costs_a_warning_and_no_verdict(places):
    entry(places).mkdir(parents=True)
    found, said = verdicts()
    assert found == TRUE
    assert said.count("Traceback") == 0


def test_a_link_planted_in_the_cache_is_replaced_and_its_target_left(places):
    (places / "victim").write_text("mine")
    (places / "cache").mkdir()
    entry(places).symlink_to(places / "victim")
    assert verdicts()[0] == TRUE
    assert (places / "victim").read_text() == "mine"


def test_the_cache_of_another_installation_is_not_believed(places, monkeypatch):
    verdicts()
    monkeypatch.setenv("XDG_STATE_HOME", str(places / "elsewhere"))
    found, said = verdicts()
    assert found == TRUE
    assert "not of this installation" in said
    assert verdicts()[1] == ""


def test_entries_and_key_are_for_nobody_else_to_read(places):
    verdicts()
    paths = [*(places / "cache").iterdir(), places / "state" / "lae" / "key"]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


KEYS = {
    "empty": lambda key: key.write_bytes(b""),
    "short": lambda key: key.write_bytes(bytes(31)),
    "long": lambda key: key.write_bytes(bytes(33)),
    "readable by others": lambda key: key.chmod(0o644),
    "writable by others": lambda key: key.chmod(0o666),
    "a link": lambda key: (key.rename(key.with_name("copy")), key.symlink_to("copy")),
    "a pipe": lambda key: (key.unlink(), os.mkfifo(key)),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("spoil", KEYS.values(), ids=KEYS)
def test_a_key_that_is_no_secret_is_replaced_and_seals_nothing_old(places, spoil):
    verdicts()
    key = places / "state" / "lae" / "key"
    before = key.read_bytes()
    spoil(key)
    found, said = verdicts()
    assert found == TRUE
    assert "rebuilt" in said
    assert len(key.read_bytes()) == 32
    assert key.read_bytes() != before
    assert not key.is_symlink()


@pytest.mark.parametrize("where", ["file/state", "/dev/null/state"])
def test_without_a_place_for_the_key_nothing_is_kept_and_everything_decided(places, monkeypatch, where):
    (places / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(places / where))
    found, said = verdicts()
    assert found == TRUE
    assert said.count("warning") == 1
    assert "is not used" in said
    assert not (places / "cache").exists()


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_without_a_home_one_warning(places, monkeypatch, home):
    for variable in ("LAE_CACHE", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    registry()
    monkeypatch.setattr("proofs.places.pwd.getpwuid", lambda number: {}[number])
    monkeypatch.chdir(places)
    found, said = verdicts()
    assert found == TRUE
    assert said.count("warning") == 1
    assert "no home folder" in said
    assert list(places.iterdir()) == []


def test_nothing_that_is_kept_reaches_screen_or_latex_unescaped(places):
    """Even with our seal: as if an old version had kept what a program must not say."""
    claim = registry(("bao2020",))[ID]
    verdicts()
    cache = Cache(places / "cache")
    decision = cache.load(claim)
    assert decision is not None
    hostile = {
        "scope": HOSTILE,
        "sample": {HOSTILE: HOSTILE},
        "evidence": tuple(
            type(e)(e.method + HOSTILE, e.outcome, HOSTILE, HOSTILE, (HOSTILE,)) for e in decision.evidence
        ),
        "counterexample": type(decision.counterexample)({HOSTILE: HOSTILE}, {HOSTILE: HOSTILE, "b": "1"}, HOSTILE),
    }
    cache.save(claim, type(decision)(**(vars(decision) | hostile)))
    for command in (["check", ID], ["show", ID], ["errata", ID], ["derive", ID], ["check", ID, "--json"]):
        found = lae(*command)
        said = found.stdout + found.stderr
        assert all(c not in said for c in "\x1b\x9b‮"), command
    for command in (["show", ID], ["errata", ID], ["derive", ID]):
        document = lae(*command, "--format", "latex").stdout
        assert document.isascii()
        assert document.isprintable() or set(document) - {"\n"} == {c for c in document if c.isprintable()}
        assert not any(word in document for word in (r"\input", "^^", r"\write"))


def test_a_sealed_entry_of_another_shape_is_decided_again(places):
    cache = Cache(places / "cache")
    (claim,) = (c for c in registry(("bao2020",)).values() if c.id == ID)
    for value in (None, [], 0, "text", {}, {"verdict": "proved"}, {"verdict": 1, "evidence": 1}):
        cache.write(claim, "decision", "key", value)
        assert cache.read(claim, "decision", "key", lambda stored: Verdict(stored["verdict"])) in (None, "proved")
        assert cache.seconds(claim) == float("inf")
