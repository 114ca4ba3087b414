"""Tables: every layout a user may come with, and one clear line for all that is not a table."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from numerics import tables
from numerics.tables import open_table, read_numbers


def rows(text, **arguments):
    return np.concatenate(list(open_table(text, **arguments).pieces()))


@pytest.mark.parametrize(
    "text",
    [
        "3,2,1",
        "3\n2\n1\n",
        "sigma\n3\n2\n1",
        "# spectrum\n\n3 # first\n\n2\n1\n",
        "3 2 1",
        "3\t2\t1\n",
        "3;2;1",
        "\ufeff3\r\n2\r\n1\r\n",
        "3,2,1,",
        "3,\n2,\n1,  # last\n",
        "a,b,c\n3,2,1",
        '"a","b","c"\n"3","2","1"\n',
        "# one\n#\n   \nname\n\n # two\n3\n \n2\n1\n\n\n",
        " 3 , 2 , 1 ",
    ],
)
def test_text_files_with_headers_comments_and_blanks_are_read(tmp_path, text):
    file = tmp_path / "sigma.csv"
    file.write_text(text, encoding="utf-8")
    np.testing.assert_array_equal(read_numbers(file, name="sigma"), [3, 2, 1])


@pytest.mark.parametrize("size", [1, 5, 7, 1000])
def test_pieces_are_the_table_whatever_their_size(tmp_path, monkeypatch, size):
    monkeypatch.setattr(tables, "NUMBERS", size)
    table = np.arange(60.0).reshape(20, 3) ** 2
    np.savetxt(tmp_path / "x.csv", table, delimiter=",", header="a,b,c", comments="")
    np.save(tmp_path / "x.npy", table)
    np.save(tmp_path / "f.npy", np.asfortranarray(table))
    np.savez(tmp_path / "x.npz", labels=np.ones(20), table=table)
    for name in ("x.csv", "x.npy", "f.npy", "x.npz", "x.npz:table"):
        np.testing.assert_array_equal(rows(tmp_path / name), table)


def test_a_large_npy_file_is_mapped_and_read_in_pieces(tmp_path):
    table = np.random.default_rng(0).normal(size=(2**16, 40))
    np.save(tmp_path / "x.npy", table)
    pieces = list(open_table(tmp_path / "x.npy").pieces())
    assert len(pieces) > 2
    np.testing.assert_array_equal(np.concatenate(pieces), table)


@pytest.mark.parametrize("array", [np.array([3, 2, 1]), np.array([[3.0, 2.0, 1.0]])])
def test_lists_in_npy_files_are_read(tmp_path, array):
    np.save(tmp_path / "s.npy", array)
    np.testing.assert_array_equal(read_numbers(tmp_path / "s.npy", name="sigma"), [3, 2, 1])


def test_images_are_rows_and_a_list_of_samples_a_column(tmp_path):
    np.savez(tmp_path / "x.npz", images=np.ones((5, 4, 3), dtype=np.uint8))
    assert rows(tmp_path / "x.npz").shape == (5, 12)
    np.save(tmp_path / "x.npy", np.arange(4))
    assert rows(tmp_path / "x.npy").shape == (4, 1)


def test_an_archive_with_several_tables_asks_for_a_name(tmp_path):
    np.savez(tmp_path / "x.npz", train=np.ones((5, 4)), test=np.ones((2, 4)), labels=np.ones(5))
    with pytest.raises(ValueError, match=r"holds train \(5×4\), test \(2×4\); want one of them by .*x.npz:NAME"):
        open_table(tmp_path / "x.npz")
    assert rows(f"{tmp_path}/x.npz:test").shape == (2, 4)
    with pytest.raises(ValueError, match="no array 'tset'; want one of train, test, labels"):
        rows(f"{tmp_path}/x.npz:tset")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "it is empty"),
        (b"# nothing\n\n  \n", "it is empty"),
        (b"sigma\n", "no numbers"),
        (b"sigma\n# nothing more\n", "no numbers"),
        (b"1,2\n3,4\n", "2×2 table; want one row or one column"),
        (b"1,2\n3\n", "not one table"),
        (b"1,2\n3,x\n", "could not convert string 'x'"),
        (b"1,,2\n", "could not convert string ''"),
        (b"1,,2\n3,4,5\n", "could not convert string ''"),
        (b"1,x,3\n4,5,6\n", "could not convert string 'x'"),
        (b"a,b\nc,d\n", "could not convert string 'c'"),
        (b"1 2\n3\n", "not one table"),
        (b"\xff\xfe\x41", "cannot read"),
        (b"\x00\x01\x02", "neither text, .npy nor .npz"),
        (bytes(range(256)) * 40, "neither text, .npy nor .npz"),
        (b"\x89PNG\r\n\x1a\n" + b"\xfe" * 50, "cannot read"),
        (b"<html><body>404</body></html>", "no numbers"),
        (b'{"sigma": [1, 2]}', "no numbers|could not convert"),
    ],
)
def test_bad_text_files_are_refused_with_the_reason(tmp_path, content, complaint):
    file = tmp_path / "s.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=f"^sigma: .*{complaint}") as caught:
        read_numbers(file, name="sigma")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["npy", "npz"])
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY garbage", b"not an array", b"PK\x03\x04 truncated"])
def test_truncated_array_files_are_refused(tmp_path, content, suffix):
    file = tmp_path / f"s.{suffix}"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^data: .*(cannot read|not one table)") as caught:
        rows(file)
    assert "\n" not in str(caught.value)


def test_a_file_cut_off_or_damaged_in_the_middle_is_refused(tmp_path):
    for name in ("x.npy", "x.npz"):
        (np.save if name == "x.npy" else np.savez_compressed)(
            tmp_path / name, np.random.default_rng(0).normal(size=(400, 400))
        )
        content = (tmp_path / name).read_bytes()
        for broken in (content[: len(content) // 2], content[:1000] + bytes(99) + content[1099:]):
            (tmp_path / name).write_bytes(broken)
            if name == "x.npz" or len(broken) < len(content):
                with pytest.raises(ValueError, match=r"^data: "):
                    rows(tmp_path / name)


def test_a_file_of_one_kind_under_the_name_of_another_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((2, 2)))
    np.savez(tmp_path / "x.npz", np.ones((2, 2)))
    content = {name: (tmp_path / name).read_bytes() for name in ("x.npy", "x.npz")}
    (tmp_path / "x.npz").write_bytes(content["x.npy"])
    (tmp_path / "x.npy").write_bytes(content["x.npz"])
    for name in ("x.npy", "x.npz"):
        with pytest.raises(ValueError, match="archive"):
            rows(tmp_path / name)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0)])
def test_arrays_without_entries_are_refused(tmp_path, shape):
    np.save(tmp_path / "x.npy", np.ones(shape))
    with pytest.raises(ValueError, match="shape"):
        rows(tmp_path / "x.npy")


def test_pickled_missing_and_unreadable_files_are_refused(tmp_path):
    np.save(tmp_path / "o.npy", np.array([object()]), allow_pickle=True)
    np.savez(tmp_path / "o.npz", np.array([[object()]]))
    for name in ("o.npy", "o.npz"):
        with pytest.raises(ValueError, match="not one table"):
            rows(tmp_path / name)
    with pytest.raises(ValueError, match=r"cannot read .*No such file"):
        rows(tmp_path / "absent.csv")
    for name in ("", "d.npy", "d.npz"):
        (tmp_path / name).mkdir(exist_ok=True)
        with pytest.raises(ValueError, match=r"cannot read .*Is a directory"):
            rows(tmp_path / name)


def test_a_word_among_numbers_is_named_by_its_row_and_column_in_the_whole_table(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "NUMBERS", 20)
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 30 + "3,x\n")
    with pytest.raises(ValueError, match="string 'x' to float64 in row 31, column 2"):
        rows(tmp_path / "x.csv")


def test_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"printf 'a,b\\n1,2\\n3,4\\n' > {pipe}"]):
        np.testing.assert_array_equal(rows(pipe), [[1, 2], [3, 4]])


def test_data_sets_of_scikit_learn_are_known_by_name():
    """Read from its files, without importing it, they are what its own functions load."""
    datasets = pytest.importorskip("sklearn.datasets")
    loaders = {"digits": "load_digits", "wine": "load_wine", "breast-cancer": "load_breast_cancer"}
    assert set(loaders) == set(tables.BUILT_IN)
    for name, loader in loaders.items():
        np.testing.assert_array_equal(rows(name), getattr(datasets, loader)().data)


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="want pip install scikit-learn"):
        open_table("digits")


TEN_MILLION_ROWS = """
import sys
from numerics.spectra import from_pieces
from numerics.tables import open_table

def peak():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

before = peak()
found = from_pieces(open_table(sys.argv[1]).pieces())
print(found.samples, *found.sigma2, peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
@pytest.mark.parametrize("suffix", ["csv", "npy"])
def test_ten_million_rows_take_bounded_memory(tmp_path, suffix):
    """±1 and ±2 in turn: σ² = 4 and 1 exactly."""
    file, block = tmp_path / f"x.{suffix}", np.array([[1, 2], [1, -2], [-1, 2], [-1, -2]] * 2500)
    if suffix == "npy":
        np.save(file, np.tile(block.astype(np.int8), (1000, 1)))
    else:
        text = "".join(f"{a},{b}\n" for a, b in block)
        with file.open("w") as out:
            out.write("first,second\n\n# a comment\n")
            for _ in range(1000):
                out.write(text)
    script = [sys.executable, "-c", TEN_MILLION_ROWS, str(file)]
    count, *sigma2, megabytes = map(
        float, subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
    )
    assert count == 10**7
    assert sigma2 == pytest.approx([4, 1], rel=1e-12)
    assert megabytes < 150
