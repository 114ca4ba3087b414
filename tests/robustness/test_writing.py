"""Where a command writes: planted names, links, devices, pipes, permissions, full disks; told before the work."""

from __future__ import annotations

import csv
import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from numerics import storing
from numerics.journal import Journal
from proofs import check, cli

SPECTRUM = ["--sigma", "3,2,1", "--k", "2"]
DERIVE = ["derive", "bao2020/B/eq10", "--jobs", "1", "--out"]
ERRATA = ["errata", "bao2020/B/eq10", "--jobs", "1", "--out"]
WRITERS = {
    "derive": ("x.txt", DERIVE),
    "errata": ("x.txt", ERRATA),
    "bounds": ("x.svg", ["bounds", *SPECTRUM, "--plot"]),
}
"""Of each command that writes a file: a name that it takes, and its arguments up to that name."""
SLOW_WRITERS = {"optimise": ("x.svg", ["optimise", *SPECTRUM, "--plot"])}
writers = pytest.mark.parametrize(("name", "arguments"), WRITERS.values(), ids=WRITERS)
every_writer = pytest.mark.parametrize(
    ("name", "arguments"), [*WRITERS.values(), *SLOW_WRITERS.values()], ids=[*WRITERS, *SLOW_WRITERS]
)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    for variable in ("LAE_CACHE", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def lae(*arguments):
    return CliRunner().invoke(cli.app, [str(a) for a in arguments])


def refused(found, *words):
    """One line, status 2, and nothing on standard output."""
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    lines = found.stderr.splitlines()
    assert len(lines) == 1
    assert all(word in lines[0] for word in words), lines[0]
    return True


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- what a name may stand for ---------------------------------------------------------------------


@writers
def test_a_link_is_followed_and_stays_a_link(folder, name, arguments):
    (folder / "elsewhere").mkdir()
    target = folder / "elsewhere" / "file"
    target.write_text("old")
    (folder / name).symlink_to(target)
    assert lae(*arguments, folder / name).exit_code == 0
    assert (folder / name).is_symlink()
    assert len(target.read_text()) > 100
    assert listing(folder / "elsewhere") == ["file"]


@writers
def test_a_link_to_nothing_makes_its_target(folder, name, arguments):
    (folder / name).symlink_to("target")
    assert lae(*arguments, folder / name).exit_code == 0
    assert (folder / name).is_symlink()
    assert (folder / "target").is_file()


@writers
@pytest.mark.parametrize("mode", [0o640, 0o755])
def test_permissions_stay(folder, name, arguments, mode):
    (folder / name).touch()
    (folder / name).chmod(mode)
    assert lae(*arguments, folder / name).exit_code == 0
    assert stat.S_IMODE((folder / name).stat().st_mode) == mode


def _pipe(path):
    os.mkfifo(path)


def _loop(path):
    path.symlink_to(path.name)


def _link_to_a_pipe(path):
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def _socket(path):
    import socket

    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name must be short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


REFUSED = {"folder": Path.mkdir, "pipe": _pipe, "link to a pipe": _link_to_a_pipe, "socket": _socket, "loop": _loop}


@every_writer
@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_is_no_file_is_refused_before_the_work_and_left_as_it_is(folder, monkeypatch, name, arguments, make):
    make(folder / name)
    before = (folder / name).lstat(), listing(folder)
    _no_work(monkeypatch)
    assert refused(lae(*arguments, folder / name), name)
    assert (stat.S_IFMT((folder / name).lstat().st_mode), listing(folder)) == (
        stat.S_IFMT(before[0].st_mode),
        before[1],
    )


@every_writer
@pytest.mark.parametrize("where", ["absent/{}", "file/{}"])
def test_a_folder_that_is_none_is_refused_before_the_work(folder, monkeypatch, name, arguments, where):
    (folder / "file").touch()
    _no_work(monkeypatch)
    assert refused(lae(*arguments, folder / where.format(name)), name if arguments[0] in ("derive", "errata") else "")
    assert listing(folder) == ["file"]


def _no_work(monkeypatch):
    """Whatever takes long fails the test; modules are loaded before what they import is replaced."""

    def worked(*arguments, **how):
        raise AssertionError("worked before it looked where to write")

    monkeypatch.setattr(check, "check", worked)
    for place in ("survey.measure", "enclosures.l2_conditioning", "choices.compare", "conditioning.l2_conditioning"):
        monkeypatch.setattr(f"numerics.{place}", worked)


def test_devices_are_written_to(folder):
    storing.write_whole(Path("/dev/null"), "nothing")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OSError, match="No space left"):
        storing.write_whole(Path("/dev/full"), "nothing")


def test_standard_output_by_name_is_this_process_s_own(folder, capfd):
    storing.check_writable(Path("/dev/stdout"))
    storing.write_whole(Path("/dev/stdout"), "said\n")
    storing.write_whole(Path("/dev/fd/1"), "again\n")
    assert capfd.readouterr().out == "said\nagain\n"


def test_a_file_that_may_not_be_written_is_not_replaced(folder, monkeypatch):
    (folder / "kept").write_text("old")
    (folder / "kept").chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: bool(Path(path).stat().st_mode & 0o222))  # also for root
    for write in (lambda path: storing.write_whole(path, "new"), storing.check_writable):
        with pytest.raises(PermissionError):
            write(folder / "kept")
    assert (folder / "kept").read_text() == "old"


# -- how it is written -----------------------------------------------------------------------------


def test_no_name_that_can_be_foreseen_is_written_through(folder, monkeypatch):
    victim = folder / "victim"
    victim.write_text("mine")
    made: list[Path] = []
    new_file = storing._new_file

    def planted(where, mode):
        monkeypatch.setattr(storing.secrets, "token_hex", lambda size: "guessed")
        (where / ".guessed.part").symlink_to(victim)
        made.append(where)
        return new_file(where, mode)

    monkeypatch.setattr(storing, "_new_file", planted)
    with pytest.raises(FileExistsError):
        storing.write_whole(folder / "answer", "text")
    assert made == [folder]
    assert victim.read_text() == "mine"
    assert listing(folder) == [".guessed.part", "victim"]


def test_a_name_is_new_each_time(folder):
    names = set()
    for _ in range(50):
        path, number = storing._new_file(folder, 0o600)
        os.close(number)
        names.add(path)
    assert len(names) == 50


def test_the_new_file_is_nobody_elses_to_read_while_it_is_written(folder, monkeypatch):
    (folder / "secret").touch(0o600)
    modes = []
    fsync = os.fsync
    monkeypatch.setattr(storing.os, "fsync", lambda number: (modes.append(os.fstat(number).st_mode), fsync(number)))
    storing.write_whole(folder / "secret", "text")
    assert [stat.S_IMODE(mode) for mode in modes] == [0o600]


@pytest.mark.parametrize("fails", ["fsync", "fchmod", "rename"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(folder, monkeypatch, fails):
    (folder / "answer").write_text("old")

    def fail(*arguments, **how):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail) if fails == "rename" else monkeypatch.setattr(storing.os, fails, fail)
    with pytest.raises(OSError, match="No space left"):
        storing.write_whole(folder / "answer", "new")
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("answer", "old")]


def test_a_reader_sees_the_old_file_or_the_new_one(folder):
    path = folder / "answer"
    path.write_text("a" * 10**5)
    seen, done = set(), threading.Event()

    def watch():
        while not done.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=watch)
    reader.start()
    for number in range(100):
        storing.write_whole(path, "ab"[number % 2] * 10**5)
    done.set()
    reader.join()
    assert seen <= {"a" * 10**5, "b" * 10**5}


@pytest.mark.parametrize("length", [1, 100, 250])
def test_a_name_as_long_as_names_may_be(folder, length):
    storing.write_whole(folder / ("x" * length), "text")
    assert listing(folder) == ["x" * length]


def test_a_letter_that_no_encoding_has_does_not_stop_a_document(folder):
    storing.write_whole(folder / "answer", "data\udcff.csv")
    assert (folder / "answer").read_text() == "data\\udcff.csv"


# -- tables that grow ------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [_pipe, Path.mkdir, _link_to_a_pipe, _socket, _loop])
def test_a_table_that_grows_is_a_regular_file(folder, make):
    make(folder / "rows.csv")
    with pytest.raises(ValueError, match=r"^out: cannot open .*rows\.csv"):
        Journal(folder / "rows.csv", ["x"], keys=1)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_a_table_does_not_grow_in_a_device(device):
    with pytest.raises(ValueError, match="regular file"):
        Journal(device, ["x"], keys=1)


# -- what is read without trust --------------------------------------------------------------------


def _world_writable(path):
    path.write_text("text")
    path.chmod(0o666)


def _linked(path):
    path.with_name("target").write_text("text")
    path.symlink_to("target")


UNTRUSTED = {"link": _linked, "loop": _loop, "pipe": _pipe, "folder": Path.mkdir, "socket": _socket} | {
    "world": _world_writable,
    "long": lambda path: path.write_bytes(bytes(101)),
    "endless": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("make", UNTRUSTED.values(), ids=UNTRUSTED)
def test_what_is_not_a_file_of_ours_is_not_read(folder, make):
    make(folder / "file")
    with pytest.raises(ValueError, match="file"):
        storing.read_trusted(folder / "file", 100)


def test_a_file_of_somebody_else_is_not_read(folder, monkeypatch):
    (folder / "file").write_text("text")
    assert storing.read_trusted(folder / "file", 100) == b"text"
    monkeypatch.setattr(storing.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ValueError, match="somebody else"):
        storing.read_trusted(folder / "file", 100)


@pytest.mark.parametrize("cell", ["abc", "", "1e999", "nan", "-1", "\x1b[31m", "٣"])
def test_a_table_that_somebody_edited_is_read_or_refused_in_one_line(folder, cell):
    arguments = ["sweep", "--out", folder / "x.csv", "--families", "even", "--k", "2", "--samples", "1", "--jobs", "1"]
    assert lae(*arguments).exit_code == 0
    with (folder / "x.csv").open(newline="") as file:
        header, row = csv.reader(file)
    row[header.index("bao2020/B/smax-bound")] = cell
    with (folder / "x.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, row])
    for found in (lae(*arguments), lae(*arguments, "--json")):
        assert found.exception is None or isinstance(found.exception, SystemExit)
        assert found.exit_code in (0, 1, 2)
        assert "\x1b" not in found.output
    assert lae(*arguments).exit_code == (2 if cell in ("abc", "\x1b[31m") else 0)


def test_a_row_that_is_cut_by_a_limit_is_not_blamed_on_a_full_disk(tmp_path, monkeypatch):
    """The first call writes a part of the line, as the system does at a limit of size; the next one says why."""
    write_whole, calls = os.write, []

    def limited(file, line):
        calls.append(line)
        if len(calls) > 1:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return write_whole(file, line[:3])

    with Journal(tmp_path / "x.csv", ["n", "square"], keys=1) as journal:
        monkeypatch.setattr(os, "write", limited)
        with pytest.raises(ValueError, match=r"out: cannot write .*: File too large"):
            journal.append({"n": 1, "square": 1})
    assert len(calls) == 2
