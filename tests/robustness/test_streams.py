"""Standard output and standard error that are closed, full, left, narrow or of another encoding."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from rich.table import Table
from typer.testing import CliRunner

from proofs import cli, screen, streams

LAE = [sys.executable, "-m", "proofs.cli"]
BOUNDS = ["bounds", "--sigma2", "5e90,4e10,3e-10", "--k", "2", "--lambda", "1e-12,2e-12"]
TRAIN = ["train", "--synthetic", "even", "--m", "4", "--k", "2", "--epochs", "20", "--init", "balanced", "--out", "run"]
COMMANDS = {
    "bounds": BOUNDS,
    "json": [*BOUNDS, "--json"],
    "train": TRAIN,
    "help": ["--help"],
    "help of one": ["bounds", "--help"],
    "version": ["--version"],
}


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    for variable in ("LAE_CACHE", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.chdir(tmp_path)


def run(arguments, redirection="", **environment):
    """A command by a shell, with its streams where a redirection puts them."""
    line = f'exec "$@" {redirection}'
    return subprocess.run(
        ["bash", "-c", line, "lae", *LAE, *arguments], capture_output=True, env=os.environ | environment, timeout=120
    )


# -- streams that fail -----------------------------------------------------------------------------

LOST = {"full": (">/dev/full", "No space left on device"), "closed": (">&-", "it is closed")}


@pytest.mark.slow
@pytest.mark.parametrize(("redirection", "why"), LOST.values(), ids=LOST)
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_standard_output_that_fails_is_one_line_and_nothing_else_is_blamed(redirection, why, arguments):
    found = run(arguments, redirection)
    assert found.returncode == 2
    assert found.stderr.decode() == f"lae: standard output cannot be written: {why}\n"


@pytest.mark.slow
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(("arguments", "status"), [(BOUNDS, 0), (["bounds", "--sigma", "1", "--k", "9"], 2)])
def test_standard_error_that_fails_changes_neither_answer_nor_status(redirection, arguments, status):
    found, usual = run(arguments, redirection), run(arguments)
    assert (found.returncode, found.stdout) == (usual.returncode, usual.stdout) == (status, usual.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_reader_who_leaves_is_no_fault_of_anything(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out:
        found = subprocess.run([*LAE, *arguments], stdout=out, stderr=subprocess.PIPE, timeout=120)
    assert (found.returncode, found.stderr) == (141, b"")


@pytest.mark.slow
def test_all_streams_closed_at_once():
    assert run(BOUNDS, "<&- >&- 2>&-").returncode == 2
    assert run(TRAIN, "<&- 2>&- >/dev/null").returncode == 0


@pytest.fixture
def _streams(monkeypatch):
    """Standard output and standard error come back."""
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys, "stderr", sys.stderr)


@pytest.mark.usefixtures("_streams")
def test_what_is_lost_is_no_oserror(monkeypatch):
    """Or a command would take it for a fault of the file that it writes."""
    assert not issubclass(streams.OutputLost, OSError)
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(streams, "_stream", lambda before, number, fails, make=streams._stream: make(None, full, fails))

    def command():
        with streams.guarded():
            try:
                print("text", flush=True)
            except OSError:
                raise AssertionError("blamed on a file") from None

    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == streams.FAILED
    os.close(full)


@pytest.mark.parametrize("fails", [True, False])
def test_a_descriptor_fails_at_most_once(fails):
    full = os.open("/dev/full", os.O_WRONLY)
    raw = streams.Descriptor(full, fails)
    if fails:
        with pytest.raises(streams.OutputLost, match="No space left"):
            raw.write(b"text")
    assert raw.write(b"text") == 4
    os.close(full)


# -- encodings -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "ascii:strict", "utf-16"])
def test_letters_that_an_encoding_lacks_are_replaced(encoding):
    found = run(BOUNDS, PYTHONIOENCODING=encoding)
    assert found.returncode == 0
    assert b"Traceback" not in found.stderr
    text = found.stdout.decode(encoding.partition(":")[0])
    assert "condition number" in text
    assert "\\u" not in text


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_is_the_same_in_any_encoding(encoding):
    found = run([*BOUNDS, "--json"], PYTHONIOENCODING=encoding)
    assert json.loads(found.stdout.decode(encoding)) == json.loads(run([*BOUNDS, "--json"]).stdout.decode())


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["bounds", "--k", "x"], ["nothing"]])
def test_help_and_usage_errors_in_ascii(arguments):
    found = run(arguments, PYTHONIOENCODING="ascii")
    assert found.returncode == (0 if "--help" in arguments else 2)
    assert b"Traceback" not in found.stderr


# -- narrow terminals ------------------------------------------------------------------------------


def numbers(text):
    return re.findall(r"(?<![\w.])[\d.]+(?:e[+-]\d+)?(?![\w.])", text)


NARROW = {
    "bounds": BOUNDS,
    "certified": ["bounds", "--sigma", "5,4,3", "--k", "2", "--certify"],
    "optimise": ["optimise", "--sigma", "5,4,3", "--k", "2"],
    "sweep": ["sweep", "--out", "x.csv", "--families", "extreme", "--k", "2", "--samples", "1", "--jobs", "1"],
    "train": TRAIN,
    "check": ["check", "bao2020/B/eq10", "--jobs", "1"],
}


def table_rows(printed, name):
    """The cells of the rows that begin with a name, as tables of boxes have them."""
    return [line.split("│") for line in printed.splitlines() if name in line]


@pytest.mark.parametrize("columns", [10, 40, 60, 80])
@pytest.mark.parametrize("arguments", NARROW.values(), ids=NARROW)
def test_every_number_is_whole_on_a_narrow_terminal(monkeypatch, columns, arguments):
    monkeypatch.setenv("COLUMNS", "1000")
    wide = CliRunner().invoke(cli.app, arguments)
    monkeypatch.setenv("COLUMNS", str(columns))
    narrow = CliRunner().invoke(cli.app, arguments)
    assert wide.exit_code == narrow.exit_code == 0
    timeless = [x for x in numbers(wide.stdout) if x not in numbers("0.00 0.01 0.1 0.2 0.3 0.4 0.0")]
    assert set(timeless) - set(numbers(narrow.stdout)) <= {x for x in timeless if re.fullmatch(r"\d\.\d", x)}
    assert narrow.stdout.count("…") == wide.stdout.count("…")


@pytest.mark.parametrize("width", range(1, 60, 7))
def test_no_cell_of_a_table_is_cut(width):
    out = screen.console()
    out.width = width
    table = Table()
    table.add_column("name", no_wrap=True)
    table.add_column("words")
    table.add_column("number", justify="right")
    table.add_row("never wrapped", "a few-words-of-some-length that may be wrapped", "1.2345678901e-300")
    with out.capture() as captured:
        out.print(table)
    printed = captured.get()
    assert all(part in printed for part in ("never wrapped", "few-words-of-some-length", "1.2345678901e-300"))
    assert "…" not in printed
    assert out.width == width


# -- what is not seen ------------------------------------------------------------------------------

HOSTILE = {
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "c1": "\x9b31m",
    "bell": "\x07\x08\x7f",
    "line": "one\ntwo\r",
    "bidi": "\u202egnp.exe\u2066",
    "zero width": "a\u200bb\ufeff",
    "surrogate": "\udcff",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_seen_is_an_escape_wherever_it_is_said(capsys, hostile):
    with pytest.raises(screen.typer.Exit):
        screen.refuse("test", f"got {hostile!s}")
    out = screen.console()
    table = Table(hostile)
    table.add_row(hostile)
    out.print(table, hostile)
    screen.print_json({hostile: hostile})
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    seen = (said.out + said.err).replace("\n", "")
    assert seen.isprintable()
    assert screen.printable("σ₁² ≤ λ — Ūᵀ\u00a0½") == "σ₁² ≤ λ — Ūᵀ\u00a0½"


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "command",
    [
        ["bounds", "--k", "2", "--data", "{}.csv"],
        ["bounds", "--k", "2", "--sigma", "{}"],
        ["bounds", "--k", "2", "--family", "{}", "--m", "5"],
        ["bounds", "--sigma", "3,2,1", "--k", "2", "--loss", "{}"],
        ["bounds", "--sigma", "3,2,1", "--k", "2", "--plot", "{}.svg/x.svg"],
        ["optimise", "--k", "2", "--data", "{}.npy"],
        ["sweep", "--out", "{}/x.csv"],
        ["train", "--resume", "{}"],
        ["train", "--out", "x", "--data", "{}.npz"],
        ["train", "--out", "x", "--synthetic", "even", "--m", "3", "--model", "{}"],
        ["plot", "{}", "--out", "x.svg"],
        ["plot", "x", "--out", "{}"],
        ["reproduce", "{}", "--out", "x"],
        ["derive", "bao2020/B/eq10", "--out", "{}/x"],
        ["check", "{}"],
    ],
    ids=lambda command: " ".join(command[:3]) if isinstance(command, list) else "",
)
def test_a_name_with_escapes_is_shown_escaped(command, hostile):
    found = CliRunner().invoke(cli.app, [part.format(hostile) for part in command])
    assert found.exit_code == 2
    assert found.stderr.endswith("\n")
    assert found.stderr[:-1].isprintable()
