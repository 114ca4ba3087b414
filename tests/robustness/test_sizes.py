"""What has no end, or would take days or more memory than there is, is refused before it begins, in one line."""

import io
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import resources, tables, text_tables
from proofs.cli import app

HUGE = 10**9


def refusal(*arguments):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"lae {arguments[0]}: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


SIZES = {
    "k of bounds": (("bounds", "--family", "even", "--m", 10**6, "--k", 10**6), "time: k = 1000000 takes about"),
    "k of nested dropout": (
        ("bounds", "--family", "even", "--m", 10**6, "--k", 10**6, "--loss", "nested-dropout"),
        "time: k",
    ),
    "k of optimise": (("optimise", "--family", "even", "--m", 10**6, "--k", 10**5), "time: k = 100000 takes about"),
    "m of a family": (("bounds", "--family", "even", "--m", 10**12, "--k", 1), "memory: .* for m = 1000000000000"),
    "m of optimise": (("optimise", "--family", "power", "--m", 10**12, "--k", 1), "memory: .* for m = 10"),
    "m of a range": (("bounds", "--sigma", "1:2", "--m", 10**12, "--k", 1), "memory: .* a range of 1000000000000"),
    "k of a range of λ": (("bounds", "--sigma", "2,1", "--k", HUGE, "--lambda", "0:1"), "want 1 ≤ k ≤ m = 2"),
    "samples of a sweep": (("sweep", "--samples", HUGE, "--out", "x.csv"), "samples: .* cases; want at most 1000000"),
    "k of a sweep": (("sweep", "--k", HUGE, "--out", "x.csv"), "time: a sweep of 18 cases up to k = 1000000000"),
    "k of the best weights": (("sweep", "--k", 10**5, "--weights", "best", "--out", "x.csv"), "time: a sweep"),
    "a range of k": (("sweep", "--k", f"2:100:{HUGE}", "--out", "x.csv"), "k: got 1000000000 numbers of latents"),
    "digits of k": (("sweep", "--k", "9" * 500, "--out", "x.csv"), "k: got a number of 500 digits"),
    "m of a sweep": (("sweep", "--m", 10**12, "--k", 2, "--out", "x.csv"), "memory: .* for m = 10"),
    "m of synthetic data": (
        ("train", "--synthetic", "power", "--m", 10**7, "--out", "x"),
        "memory: .* 10000000 features",
    ),
    "n of synthetic data": (
        ("train", "--synthetic", "even", "--m", 9, "--n", 10**12, "--out", "x"),
        "memory: .* samples of 9",
    ),
    "m of eigenvalues": (
        ("train", "--synthetic", "eigenvalues:1:2", "--m", 10**12, "--out", "x"),
        "memory: .* a range of",
    ),
    "seeds": (("train", "--data", "wine", "--seeds", f"0:{HUGE}", "--out", "x"), "seeds: got 1000000000 of them"),
    "k of training": (("train", "--data", "wine", "--k", HUGE, "--out", "x"), "want 1 ≤ k ≤ m = 13"),
}


@pytest.mark.parametrize(("arguments", "complaint"), SIZES.values(), ids=SIZES)
def test_too_much_is_refused_with_the_estimate(tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    assert re.search(complaint, refusal(*arguments))
    assert not list(tmp_path.iterdir())


COMMANDS = {
    "check": ("check",),
    "errata": ("errata",),
    "derive": ("derive", "bao2020/B"),
    "mutate": ("mutate",),
    "sweep": ("sweep", "--out", "x.csv"),
    "train": ("train", "--data", "wine", "--out", "x"),
    "reproduce": ("reproduce", "bao2020/fig2", "--out", "x"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_more_processes_than_memory_holds_are_refused(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    assert "jobs: got 10000000; each process takes about" in refusal(*COMMANDS[command], "--jobs", 10**7)


def test_a_long_wait_is_announced(monkeypatch):
    monkeypatch.setattr(resources, "COSTS", resources.COSTS | {"measured": (1, 100.0)})
    result = CliRunner().invoke(app, ["bounds", "--sigma", "3,2,1", "--k", "2"])
    assert result.stderr.startswith("lae bounds: k = 2 takes about 3 minutes\n")


@pytest.mark.parametrize("done", resources.COSTS)
def test_estimates_grow_with_the_latents_and_end_in_a_refusal(done):
    assert resources.seconds(10, done) < resources.seconds(1000, done) < resources.LONGEST
    with pytest.raises(ValueError, match="hours; want a smaller k"):
        resources.want_latents(10**6, done)


# -- endless sources -------------------------------------------------------------------------------


OPTIONS = {
    "data of bounds": ("bounds", "--k", 1, "--data"),
    "data of optimise": ("optimise", "--k", 1, "--data"),
    "sigma": ("bounds", "--k", 1, "--sigma"),
    "sigma2": ("bounds", "--k", 1, "--sigma2"),
    "lambda": ("bounds", "--sigma", "3,2", "--k", 1, "--lambda"),
    "sqrt-lambda": ("bounds", "--sigma", "3,2", "--k", 1, "--sqrt-lambda"),
    "prior": ("bounds", "--sigma", "3,2", "--k", 1, "--loss", "nested-dropout", "--prior"),
    "data of train": ("train", "--out", "x", "--data"),
    "targets of train": ("train", "--out", "x", "--data", "wine", "--targets"),
    "λ of train": ("train", "--out", "x", "--data", "wine", "--model", "l2", "--lambda"),
    "mnist": ("reproduce", "bao2020/fig2", "--out", "x", "--setting", "small", "--mnist"),
}


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs Unix")  # noqa: PTH110
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full"])
@pytest.mark.parametrize("option", OPTIONS)
def test_devices_without_an_end_are_left_at_the_first_nonsense(tmp_path, monkeypatch, option, device):
    monkeypatch.chdir(tmp_path)
    assert f"{device}: it is" in refusal(*OPTIONS[option], device)


def test_pipes_that_nobody_writes_to_are_given_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables, "PATIENCE", 0.01)
    for name in ("pipe", "pipe.csv", "pipe.npy", "pipe.npz", "pipe.mat"):
        os.mkfifo(name)
        for option in OPTIONS.values():
            assert "a pipe that nobody writes to" in refusal(*option, name)


def test_a_source_that_goes_on_for_ever_is_read_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(text_tables, "ENDLESS", 10**5)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen([sys.executable, "-c", ENDLESS, tmp_path / "pipe"]) as writer:
        assert "it has no end after" in refusal("bounds", "--k", 1, "--data", tmp_path / "pipe")
        assert writer.wait() == 0


ENDLESS = """
import sys
with open(sys.argv[1], "w") as pipe:
    try:
        while True:
            pipe.write("1,2\\n" * 1000)
    except BrokenPipeError:
        sys.stdout = None
        import os
        os._exit(0)
"""


def test_a_line_without_an_end_is_left(monkeypatch):
    monkeypatch.setattr(text_tables, "LONGEST", 1000)
    monkeypatch.setattr(text_tables, "BLOCK", 500)
    stream = io.BufferedReader(io.BytesIO(b"1," * 10**4))
    with pytest.raises(ValueError, match="line 1 has more than 1000 characters"):
        text_tables.TextTable(stream, tables.Layout())


# -- files that say they are larger than memory ----------------------------------------------------


def header(shape):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue()


def npz(file, shape):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", header(shape))


@pytest.mark.parametrize("shape", [(10**9, 10**6), (10**30, 2), (2**62, 2**62)])
def test_a_header_alone_allocates_nothing(tmp_path, shape):
    (tmp_path / "x.npy").write_bytes(header(shape) + bytes(100))
    with pytest.raises(ValueError, match=r"^data: cannot read .*x.npy: it is cut off: its shape"):
        tables.open_table(tmp_path / "x.npy")
    npz(tmp_path / "x.npz", shape)
    with pytest.raises(ValueError, match=r"^data: .*memory: Unable to allocate .* for x.npz:x"):
        tables.open_table(tmp_path / "x.npz")


@pytest.fixture
def no_memory(monkeypatch):
    monkeypatch.setattr(resources, "free_memory", lambda: 2.0**20)
    monkeypatch.setattr(resources, "LITTLE", 0)


def test_more_features_than_fit_are_refused(tmp_path, no_memory):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(300, 300)))
    message = refusal("bounds", "--data", tmp_path / "x.npy", "--k", 1)
    assert "data of 300 features" in message
    assert "want fewer features (--columns)" in message


def test_training_data_that_do_not_fit_are_refused(tmp_path, no_memory, monkeypatch):
    monkeypatch.setattr(tables, "NUMBERS", 1000)
    np.save(tmp_path / "x.npy", np.ones((10**5, 5)))
    assert "x.npy, all in memory" in refusal("train", "--data", tmp_path / "x.npy", "--out", tmp_path / "run")


@pytest.mark.parametrize("name", ["x.mat", "x.parquet", "x.xlsx"])
def test_files_that_are_read_at_once_are_measured_first(tmp_path, no_memory, name):
    samples = np.ones((10**5, 2)) if name != "x.xlsx" else np.ones((300, 9))
    if name == "x.mat":
        pytest.importorskip("scipy.io").savemat(tmp_path / name, {"X": samples}, do_compression=True)
    else:
        frame = pytest.importorskip("pandas").DataFrame(samples, columns=[f"c{i}" for i in range(samples.shape[1])])
        frame.to_parquet(tmp_path / name) if name == "x.parquet" else frame.to_excel(tmp_path / name)
    with pytest.raises(ValueError, match=f"memory: Unable to allocate .* for {name}"):
        tables.open_table(tmp_path / name)
