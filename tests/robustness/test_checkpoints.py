"""Folders of runs that somebody else wrote, changed, cut short, linked, or is still writing to."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics.training import campaign, config
from proofs import cli

TRAIN = ["train", "--synthetic", "eigenvalues:1:3", "--m", "4", "--k", "2", "--lr", "0.05", "--epochs", "60"]


def lae(*arguments):
    found = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def refused(found, *words):
    assert found.exit_code == 2, found.output
    (line,) = found.stderr.splitlines()[-1:]
    assert "Traceback" not in found.stderr
    assert all(word in line for word in words), line
    return True


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "runs"
    assert lae(*TRAIN, "--optimizer", "gd,adam", "--out", folder).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def halted(tmp_path_factory):
    """A folder with a checkpoint on the way."""
    folder = tmp_path_factory.mktemp("halted") / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaign, "SECONDS", 0.0)
        train = campaign.Job.proceed

        def proceed(job, stop, looked):
            return train(job, lambda: job.epoch >= 30, looked)

        patch.setattr(campaign.Job, "proceed", proceed)
        assert lae(*TRAIN, "--optimizer", "gd", "--every", "10", "--out", folder).exit_code == 130
    assert [path.name for path in (folder / "jobs").iterdir()] == ["0.npz"]
    return folder


@pytest.fixture
def copy(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / "copy"))


@pytest.fixture
def cut(halted, tmp_path):
    return Path(shutil.copytree(halted, tmp_path / "cut"))


def _change(folder, change, *, forge):
    """Change a configuration; forged, with a seal that fits."""
    path = folder / "config.json"
    parts = json.loads(path.read_text())
    change(parts)
    if forge:
        parts.pop("seal", None)
        parts["seal"] = config._digest(parts)
    path.write_text(json.dumps(parts))


def _set(*keys, to):
    def change(parts):
        for key in keys[:-1]:
            parts = parts[key]
        parts[keys[-1]] = to

    return change


CHANGES = {
    "epochs": _set("schedule", "epochs", to=61),
    "rate": _set("runs", 0, "rate", to=0.06),
    "seed": _set("runs", 0, "seed", to=7),
    "start": _set("runs", 0, "start", to="balanced"),
    "weights": _set("runs", 0, "model", "loss", "masks", to=[0.0, 2.0]),
    "dtype": _set("dtype", to="float32"),
    "source": _set("source", "data_seed", to=1),
    "digest": _set("digest", to="0" * 64),
    "name": _set("runs", 0, "model", "name", to="../../../planted"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("command", [["train", "--resume"], ["plot", "--out", "x.svg"]])
def test_a_configuration_that_was_changed_is_refused(copy, tmp_path, monkeypatch, change, command):
    monkeypatch.chdir(tmp_path)
    _change(copy, change, forge=False)
    assert refused(lae(*command, copy), "was changed")


FORGED = {
    "name up": _set("runs", 0, "model", "name", to="../../planted"),
    "name absolute": _set("runs", 0, "model", "name", to="/tmp/planted"),
    "name empty": _set("runs", 0, "model", "name", to=""),
    "name unknown": _set("runs", 0, "model", "name", to="pca"),
    "optimizer up": _set("runs", 0, "optimizer", to="../gd"),
    "optimizer unknown": _set("runs", 0, "optimizer", to="sgd"),
    "seed text": _set("runs", 0, "seed", to="/../../x"),
    "seed negative": _set("runs", 0, "seed", to=-1),
    "seed true": _set("runs", 0, "seed", to=True),
    "rate text": _set("runs", 0, "rate", to="0.1"),
    "rate infinite": _set("runs", 0, "rate", to=float("inf")),
    "batch zero": _set("runs", 0, "batch", to=0),
    "batch text": _set("runs", 0, "batch", to="../x"),
    "start a number": _set("runs", 0, "start", to=1),
    "no masks": _set("runs", 0, "model", "loss", "masks", to=[]),
    "masks text": _set("runs", 0, "model", "loss", "masks", to=["a", "b"]),
    "masks unlike ridge": _set("runs", 0, "model", "loss", "masks", to=[1.0]),
    "inner text": _set("runs", 0, "model", "inner", to=["../x"]),
    "draws": _set("runs", 0, "model", "draws", to="x"),
    "more": _set("runs", 0, "more", to=1),
    "runs no list": _set("runs", to={}),
    "run no mapping": _set("runs", 0, to=[]),
    "two alike": lambda parts: parts["runs"].append(parts["runs"][0]),
    "epochs zero": _set("schedule", "epochs", to=0),
    "epochs text": _set("schedule", "epochs", to="9"),
    "until": _set("schedule", "until", to=["alignment"]),
    "dtype": _set("dtype", to="object"),
    "device": _set("device", to="../x"),
    "source": _set("source", to=[]),
    "schedule gone": lambda parts: parts.pop("schedule"),
    "format text": _set("format", to="3"),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_configuration_with_a_made_up_seal_writes_nothing_and_is_refused(copy, change):
    _change(copy, change, forge=True)
    before = sorted(path for path in copy.parent.rglob("*"))
    assert refused(lae("train", "--resume", copy), "folder: cannot use")
    assert sorted(path for path in copy.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"experiment": "bao2020/fig2"},
        {"data": 1, "divide": 1.0},
        {"layout": [], "synthetic": "even"},
        {"layout": {"skip_rows": "1"}, "data": "x.csv"},
        {"synthetic": "even", "m": 3, "data_seed": 1.5},
        {"synthetic": "even", "m": "3"},
        {"data": "x.csv", "divide": "2"},
        {"data": "x.csv", "synthetic": "even"},
    ],
    ids=str,
)
def test_a_folder_begun_otherwise_is_refused(copy, source):
    _change(copy, _set("source", to=source), forge=True)
    assert refused(lae("train", "--resume", copy), "not begun by lae train")


TEXTS = {
    "empty": "",
    "cut": '{"format": 3, "runs": [',
    "list": "[]",
    "number": "3",
    "null": "null",
    "text": '"x"',
    "deep": "[" * 10**5,
    "huge number": "9" * 10**4,
    "other format": '{"format": 99, "version": "9"}',
    "no seal": '{"format": 3, "version": "1"}',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_no_configuration_is_one_line(copy, text):
    (copy / "config.json").write_text(text)
    assert refused(lae("train", "--resume", copy), str(copy))


def _instead(path, make):
    path.unlink()
    make(path)


NO_FILES = {
    "bytes": lambda path: path.write_bytes(bytes(range(256))),
    "pipe": lambda path: _instead(path, os.mkfifo),
    "endless": lambda path: _instead(path, lambda p: p.symlink_to("/dev/zero")),
    "loop": lambda path: _instead(path, lambda p: p.symlink_to(p.name)),
    "folder": lambda path: _instead(path, Path.mkdir),
}


@pytest.mark.parametrize("spoil", NO_FILES.values(), ids=NO_FILES)
@pytest.mark.parametrize("name", ["config.json", "jobs/0.npz", "runs/rag-gd-k2-lr0.05-seed0.npz"])
def test_what_is_no_file_of_ours_is_named_and_does_not_hang(cut, finished, spoil, name):
    if name.startswith("runs"):
        shutil.copytree(finished / "runs", cut / "runs", dirs_exist_ok=True)
    spoil(cut / name)
    assert refused(lae("train", "--resume", cut), str(cut) if name == "config.json" else name)


# -- arrays ----------------------------------------------------------------------------------------


def _edited(path):
    with np.load(path) as saved:
        arrays = dict(saved)
    name = next(name for name, array in arrays.items() if array.dtype.kind == "f" and array.size > 1)
    arrays[name] = arrays[name] + 1.0
    np.savez(path.with_suffix(""), **arrays)


DAMAGES = {
    "edited": _edited,
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "one byte less": lambda path: os.truncate(path, path.stat().st_size - 1),
    "one byte more": lambda path: path.write_bytes(path.read_bytes() + b"0"),
    "one bit": lambda path: path.write_bytes(path.read_bytes()[:200] + bytes([1]) + path.read_bytes()[201:]),
    "another zip": lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)),
    "no zip": lambda path: path.write_text("weights"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_checkpoint_that_was_changed_or_cut_is_named(cut, damage):
    damage(cut / "jobs" / "0.npz")
    assert refused(lae("train", "--resume", cut), "jobs/0.npz is damaged", "want it removed")
    (cut / "jobs" / "0.npz").unlink()
    assert lae("train", "--resume", cut).exit_code == 0


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("command", [["train", "--resume"], ["plot", "--out", "x.svg"]])
def test_a_result_that_was_changed_or_cut_is_named(copy, tmp_path, monkeypatch, damage, command):
    monkeypatch.chdir(tmp_path)
    (path, *_) = sorted((copy / "runs").iterdir())
    damage(path)
    assert refused(lae(*command, copy), f"{path.name} is damaged")
    path.unlink()
    assert lae("train", "--resume", copy).exit_code == 0


def test_a_result_of_another_run_is_not_taken(copy):
    one, two = sorted((copy / "runs").iterdir())
    shutil.copy(one, two)
    assert refused(lae("train", "--resume", copy), f"{two.name} is damaged")


def test_arrays_are_still_files_that_numpy_reads(copy):
    (path, *_) = (copy / "runs").iterdir()
    with np.load(path) as saved:
        assert saved["status"] == "completed"


# -- going on --------------------------------------------------------------------------------------

OTHERS = {
    "epochs": (["--epochs", "70"], "epochs 60 there, 70 here"),
    "every": (["--every", "5"], "every 10 there, 5 here"),
    "until": (["--until", "alignment:0.1"], "until none there, alignment:0.1 here"),
    "dtype": (["--dtype", "float32"], "dtype float64 there, float32 here"),
    "seeds": (["--seeds", "0,1"], "rag-gd-k2-lr0.05-seed1 only here"),
    "many seeds": (["--seeds", "1:9"], "and 5 more only here"),
    "rate": (["--lr", "0.06"], "rag-gd-k2-lr0.05-seed0 only there"),
    "start": (["--init", "balanced"], "rag-gd-k2-lr0.05-seed0 with other settings"),
    "model": (["--model", "l2"], "l2-gd-k2-lr0.05-seed0 only here"),
    "data": (["--m", "5"], "other data"),
}


@pytest.mark.parametrize(("option", "difference"), OTHERS.values(), ids=OTHERS)
def test_other_options_say_what_differs(cut, option, difference):
    found = lae(*TRAIN, "--optimizer", "gd", "--every", "10", *option, "--out", cut)
    assert refused(found, "another configuration", difference)


def test_what_a_killed_run_left_is_cleared_and_other_files_stay(cut):
    left = [cut / ".0123456789abcdef.part", cut / "jobs" / ".0123456789abcdef.part", cut / "halt"]
    mine = [cut / "notes.txt", cut / ".hidden.part", cut / "jobs" / "x.part"]
    for path in (*left, *mine):
        path.write_text("")
    assert lae("train", "--resume", cut).exit_code == 0
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in mine)


def test_a_run_that_was_killed_at_its_first_write_can_begin_again(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".0123456789abcdef.part").write_text("")
    assert lae(*TRAIN, "--out", tmp_path / "new").exit_code == 0


def test_two_runs_in_one_folder_are_one_too_many(cut):
    number = os.open(cut, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        assert refused(lae("train", "--resume", cut), "another run is writing")
    finally:
        os.close(number)
    assert lae("train", "--resume", cut).exit_code == 0


@pytest.mark.parametrize("name", ["jobs", "runs"])
def test_a_folder_whose_parts_are_elsewhere_is_refused(cut, tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(cut / name, ignore_errors=True)
    (cut / name).symlink_to(tmp_path / "elsewhere")
    assert refused(lae("train", "--resume", cut), f"{name} is a link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_place_of_a_result_is_not_written_through(cut, tmp_path):
    (tmp_path / "victim").write_text("mine")
    (cut / "runs").mkdir(exist_ok=True)
    (cut / "runs" / "rag-gd-k2-lr0.05-seed0.npz").symlink_to(tmp_path / "victim")
    assert refused(lae("train", "--resume", cut), "is damaged")
    assert (tmp_path / "victim").read_text() == "mine"


def test_a_checkpoint_goes_on_to_what_was_never_interrupted(cut, tmp_path):
    whole = tmp_path / "whole"
    assert lae(*TRAIN, "--optimizer", "gd", "--every", "10", "--out", whole).exit_code == 0
    assert lae("train", "--resume", cut).exit_code == 0
    for path in (whole / "runs").iterdir():
        assert path.read_bytes() == (cut / "runs" / path.name).read_bytes()


@pytest.mark.parametrize("out", ["file", "file/x", "/dev/null/x", "/proc/x"])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert refused(lae(*TRAIN, "--out", out), "out:")
