"""Files as other programs write them: the numbers that were meant, what was taken as what, or one line with the cause.

SAMPLES are those of every file here that is read: σ₁² of their covariance is 5/3, σ₂² is 5/9.
"""

import bz2
import gzip
import json
import lzma
import pickle
import zipfile

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import foreign_tables, tables
from numerics.layouts import Layout
from proofs.cli import app

SAMPLES = np.array([[5.0, 1], [6, 3], [8, 2]])
PANDAS = ",x,y\n0,5,1\n1,6,3\n2,8,2\n"


def read(file, **said):
    table = tables.open_table(file, layout=Layout(**said))
    return np.concatenate(list(table.pieces())), table


def write(tmp_path, content, name="x.csv"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


READ = {
    "pandas's index": (PANDAS, {}, "left out as the index", "index-column: column 1 was left out"),
    "pandas's index of words": (",x,y\na,5,1\nb,6,3\nc,8,2\n", {}, "left out as the index", "names the rows"),
    "pandas's index over numbers": (",0,1\n0,5,1\n1,6,3\n2,8,2\n", {}, "header 0, 1", "column 1 was left out"),
    "an index written twice": ("Unnamed: 0,x,y\n0,5,1\n1,6,3\n2,8,2", {}, "left out as the index", "(Unnamed: 0)"),
    "a column called index": ("index,x,y\n1,5,1\n2,6,3\n3,8,2", {}, "left out as the index", "(index)"),
    "R's row names": ('"x" "y"\n"1" 5 1\n"2" 6 3\n"3" 8 2\n', {}, "separated by blanks", "names the rows"),
    "R's row names without quotes": ("x y\n1 5 1\n2 6 3\n3 8 2\n", {}, "left out as the index", "names the rows"),
    "R's row names with blanks": ('"x" "y"\n"a b" 5 1\n"c d" 6 3\n"e" 8 2\n', {}, "left out", "names the rows"),
    "R's write.csv": ('"","x","y"\n"1",5,1\n"2",6,3\n"3",8,2\n', {}, "header x, y", "names the rows"),
    "R's row names over numbers": ("0 1\n10 5 1\n11 6 3\n15 8 2\n", {}, "left out", "numeric-header"),
    "numbers as names": ("0,1\n5,1\n6,3\n8,2\n", {}, "header 0, 1", "numeric-header: row 1 (0, 1)"),
    "semicolons, decimal commas": ("x;y\n5,0;1\n6,0;3\n8;2,0\n", {}, "decimal commas", None),
    "tabs, decimal commas": ("x\ty\n5,0\t1\n6\t3,0\n8\t2\n", {}, "separated by tabs, decimal commas", None),
    "blanks, decimal commas": ("5,0 1,0\n6,0 3,0\n8,0 2,0\n", {}, "separated by blanks, decimal commas", None),
    "exponents with decimal commas": ("x;y\n5,0e0;1\n0,6e1;3\n8;2", {}, "decimal commas", None),
    "semicolons": ("x;y\n5;1\n6.0;3\n8;2\n", {}, "separated by semicolons", None),
    "separators at the end of lines": ("x,y,\n5,1,\n6,3,\n8,2,\n", {}, "header x, y", None),
    "separators at the end, not of the header": ("x,y\n5,1,\n6,3,\n8,2,\n", {}, "header x, y", None),
    "blanks in empty lines": ("x,y\n5,1\n  \n6,3\n\n8,2\n   ", {}, "header x, y", None),
    "bars": ("x|y\n5|1\n6|3\n8|2\n", {}, "separated by bars", None),
    "quoted names with separators": ('"x,1","y"\n5,1\n6,3\n8,2\n', {}, "header x,1, y", None),
    "the carriage returns of old": ("x y\r5 1\r6 3\r8 2\r", {}, "header x, y", None),
    "quoted numbers": ('"x";"y"\n"5";"1"\n"6";"3"\n"8";"2"\n', {}, "header x, y", None),
    "blanks and tabs": ("5\t1\n6 3\n8\t2\n", {}, "separated by blanks", None),
    "comments": ("# of May # 5\nx,y # cm\n5,1# 7\n  # 6,6\n6,3 #N\n8,2\n#", {}, "header x, y", None),
    "no header": ("5,1\n6,3\n8,2\n", {}, "no header", None),
    "Windows": ("\ufeffx;y\r\n5;1\r\n6;3\r\n8;2\r\n", {}, "header x, y", None),
    "Excel's Unicode text": ("x\ty\n5\t1\n6\t3\n8\t2\n".encode("utf-16"), {}, "separated by tabs", None),
    "units": ("x,y\ncm,kg\n5,1\n6,3\n8,2\n", {"skip_rows": 2}, "no header", None),
    "a title": ("Measured, in May\n\nx,y\n5,1\n6,3\n8,2\n", {"skip_rows": 2}, "header x, y", None),
    "a first row of missing values": ("NA,NA\n5,1\n6,3\n8,2\n", {"skip_rows": 1}, "no header", None),
    "numbers as a header, said": ("1,2\n5,1\n6,3\n8,2\n", {"header": True}, "header 1, 2", None),
    "names among numbers, said": ("x,1990\n5,1\n6,3\n8,2\n", {"header": True}, "header x, 1990", None),
    "columns by number": ("x,z,y\n5,7,1\n6,7,3\n8,7,2\n", {"columns": "1,3"}, "columns 1,3", None),
    "columns by name": ("z,y,x\na,1,5\nb,3,6\nc,2,8\n", {"columns": "x,y"}, "columns x,y", None),
    "a range of columns": ("z,x,y\na,5,1\nb,6,3\nc,8,2\n", {"columns": "2:3"}, "columns 2:3", None),
    "an index by number": ("i,x,y\na,5,1\nb,6,3\nc,8,2\n", {"index_column": "1"}, "left out as the index", None),
    "an index by name, at the end": ("x,y,who\n5,1,a\n6,3,b\n8,2,c\n", {"index_column": "who"}, "column 3 left", None),
    "decimal commas, said": ("5,0;1\n6,0;3\n8;2\n", {"decimal": ","}, "decimal commas", None),
    "thousandths, said": ("5,000;1,000\n6,000;3,000\n8,000;2,000\n", {"decimal": ","}, "decimal commas", None),
}


@pytest.mark.parametrize(("content", "said", "words", "warning"), READ.values(), ids=READ)
def test_the_samples_are_read_and_what_was_taken_is_said(tmp_path, content, said, words, warning):
    samples, table = read(write(tmp_path, content), **said)
    np.testing.assert_array_equal(samples, SAMPLES)
    assert words in str(table)
    assert (warning is None) == (not table.warnings)
    assert warning is None or any(warning in text for text in table.warnings)


SUSPICIOUS = {
    "a first column that counts": ("id,x\n1,5\n2,6\n3,8\n", (3, 2), "counts the rows, but was read"),
    "the same without a header": ("0,5\n1,6\n2,8\n", (3, 2), "--index-column 1 leaves it out"),
    "years": ("year,x\n2001,5\n2002,6\n2003,8\n", (3, 2), "column 1 (year) counts the rows, but was read"),
    "identifiers from 101": ("101,5\n102,6\n103,8\n", (3, 2), "counts the rows, but was read"),
    "dates as numbers": ("Date,x\n20200131,5\n20200201,6\n20200202,8\n", (3, 2), "column 1 (Date) may name the rows"),
    "years over fractions": ("2001,2002\n5.5,1\n6,3\n", (3, 2), "--header takes it"),
    "wavelengths": ("400,410,420\n5,1,3\n6,3,1\n", (3, 3), "numeric-header: row 1 (400, 410, 420)"),
    "one column that begins with 0": ("0\n5\n6\n", (3, 1), "numeric-header"),
}


@pytest.mark.parametrize(("content", "shape", "warning"), SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_what_may_be_meant_otherwise_is_said(tmp_path, content, shape, warning):
    samples, table = read(write(tmp_path, content))
    assert samples.shape == shape
    assert warning in " ".join(table.warnings)


def test_what_was_meant_is_taken_without_a_warning_if_it_is_said(tmp_path):
    assert read(write(tmp_path, "0,1\n5,1\n"), header=False)[0].shape == (2, 2)
    samples, table = read(write(tmp_path, PANDAS), index_column="none")
    assert samples.shape == (3, 3)
    assert not table.warnings


REFUSED = {
    "tabs around nothing": ("x\ty\tz\n1\t\t3\n\t2\t5\n4\t7\t\n", {}, r"'' .* row 1, column 2 \(y\): a missing value"),
    "tabs around nothing in every row": ("1\t\t3\n2\t\t5\n", {}, "row 1, column 2: a missing value"),
    "a tab at the beginning": ("x\ty\n\t3\n1\t2\n", {}, r"row 1, column 1 \(x\): a missing value"),
    "a missing value far below": (
        "x,y\n" + "1,2\n" * 200 + "NA,3\n",
        {},
        r"'NA' .* row 201, .*: a missing",
    ),
    "a first row of missing values": ("NA,NA\n1,2\n3,1\n", {}, "row 1 has missing values only; want --skip-rows"),
    "a first row of nothing": (",\n1,2\n3,1\n", {}, "row 1 has missing values only"),
    "a first value that is missing": (",2,3\n4,5,6\n", {}, "row 1, column 1: a missing value"),
    "an error of Excel at the beginning of a row": ("x,y\n5,1\n#REF!,3\n8,2\n", {}, r"'#REF!' .* row 2, .*: a missing"),
    "an error of Excel in a row": ("x,y\n5,1\n6,#DIV/0!\n8,2\n", {}, r"'#DIV/0!' .* row 2, column 2 .*: a missing"),
    "an error of Excel in one column": ("5\n#N/A\n8\n", {}, r"'#N/A' .* row 2, column 1: a missing value"),
    "an error of Excel far below": ("5,1\n" * 200 + "#VALUE!,3\n", {}, r"'#VALUE!' .* row 201, .*: a missing value"),
    "a null of databases": ("x,y\n5,1\n\\N,3\n", {}, "a missing value"),
    "units": ("x,y\ncm,kg\n1,2\n3,1\n", {}, r"'cm' .* row 1, column 1 \(x\); --skip-rows 2 leaves out"),
    "a title": ("Heights of plants\nx,y\n1,2\n3,1\n", {}, "--skip-rows"),
    "a title above numbers": ("Heights, in cm, 1990\n1,2\n3,1\n", {}, "header"),
    "a column of words": ("x,y,species\n1,2,a\n3,1,b\n", {}, r"'a' .* column 3 \(species\); --columns with the others"),
    "a first column of words": ("who,x,y\na,1,2\nb,3,1\n", {}, "--index-column 1 leaves it out"),
    "labels without a header": ("a,1,2\nb,3,1\n", {}, "--index-column 1 leaves it out"),
    "a header of words and numbers with decimal commas": (
        "1,5;2,5;abc\n1,5;2;3\n4,25;5;6\n",
        {},
        "string 'abc' to float64 in row 1, column 3; if row 1 names the columns, want --header",
    ),
    "a word among decimal commas": ("1,5;2\n1,5;2\n4,25;x7\n6,5;8\n", {}, "string 'x7' to float64 in row 3, column 2"),
    "a decimal point among decimal commas": ("1,5;2\n1,5;2.5\n4,25;7\n", {}, "want one decimal mark, --decimal , or ."),
    "a header of words and numbers": ("x,1990\n1,2\n3,1\n", {}, "if row 1 names the columns, want --header"),
    "one number in a comma": ("x\n1,5\n2,5\n4,5\n", {}, "header has one cell"),
    "thousands": ("x;y\n1,234;5\n2,345;6\n", {}, "1,234 may be a decimal or a thousand; want --decimal"),
    "both marks": ("x;y\n1.234,5;2\n3;1\n", {}, "could not convert string '1.234,5'"),
    "a point among commas far below": ("x;y\n" + "1,5;2\n" * 200 + "1.5;3\n", {}, "'1.5' .* row 201"),
    "a comma among points far below": ("x;y\n" + "1;2\n" * 200 + "1,5;3\n", {}, "'1,5' .* row 201"),
    "a header that is longer": ("a,b,c\n1,2\n3,1\n", {}, "header has 3 cells, the first row 2"),
    "a header that is much shorter": ("a\n1,2,3\n3,1,4\n", {}, "header has 1 cells, the first row 3"),
    "rows that differ": ("1,2\n3,4\n5\n", {}, "row 3 has 1 columns, the first 2"),
    "rows that differ far below": ("1,2\n" * 200 + "5\n", {}, "row 201 has 1 columns, the first 2"),
    "complex numbers": ("1+2j\n3\n2\n", {}, r"1\+2j in row 1 is a complex number; want real ones"),
    "an underscore": ("1_0,2\n3,4\n", {}, "could not convert string '1_0'"),
    "a column that is not there": ("x,y\n1,2\n", {"columns": "3"}, "columns: got '3'; want a number from 1 to 2"),
    "a name that is not there": ("x,y\n1,2\n", {"columns": "z"}, "want a number from 1 to 2, or a name: x, y"),
    "a column twice": ("x,y\n1,2\n", {"columns": "1,1"}, "want each column once"),
    "no column": ("x,y\n1,2\n", {"columns": ""}, "columns: got ''"),
    "an index that is not there": ("x,y\n1,2\n", {"index_column": "z"}, "index-column: got 'z'"),
    "nothing but an index": ("x\n1\n2\n", {"index_column": "1"}, "no column is left"),
    "all rows skipped": ("1,2\n3,4\n", {"skip_rows": 9}, "it has no line 10"),
    "a header that was said, alone": ("1,2\n", {"header": True}, "no numbers"),
    "an open quotation mark": ('"1,2\n3,4\n', {}, "header has one cell"),
    "a zero byte below": ("1,2\n" * 5000 + "\0\0", {}, "line 5001 has a byte that is zero"),
    "Latin letters": ("Größe,y\n1,2\n".encode("latin-1"), {}, "0xf6 is not UTF-8"),
}


@pytest.mark.parametrize(("content", "said", "complaint"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_clear_is_refused_with_the_place_and_the_option(tmp_path, content, said, complaint):
    with pytest.raises(ValueError, match=f"^data: .*{complaint}") as caught:
        read(write(tmp_path, content), **said)
    assert "\n" not in str(caught.value)


PACKED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("suffix", PACKED)
def test_compressed_text_is_text(tmp_path, suffix):
    packed = PACKED[suffix](PANDAS.encode())
    np.testing.assert_array_equal(read(write(tmp_path, packed, f"x.csv.{suffix}"))[0], SAMPLES)
    np.testing.assert_array_equal(read(write(tmp_path, packed, "under_another_name.csv"))[0], SAMPLES)
    with pytest.raises(ValueError, match=r"^data: cannot read|^data: .* not one table"):
        read(write(tmp_path, packed[: len(packed) // 2], f"cut.csv.{suffix}"))


def sparse(file):
    from scipy.sparse import csc_array, save_npz

    save_npz(file, csc_array(SAMPLES))


def matlab(file):
    from scipy.io import savemat

    savemat(file, {"X": SAMPLES, "labels": np.ones((3, 1))})


def matlab_sparse(file):
    from scipy.io import savemat
    from scipy.sparse import csc_matrix

    savemat(file, {"X": csc_matrix(SAMPLES)})


def frame(**more):
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(SAMPLES, columns=["x", "y"]).assign(**more)


FORMATS = {
    "sparse.npz": sparse,
    "x.mat": matlab,
    "sparse.mat": matlab_sparse,
    "x.parquet": lambda file: frame().to_parquet(file),
    "named.parquet": lambda file: frame(who=["a", "b", "c"]).set_index("who").to_parquet(file),
    "x.feather": lambda file: frame().to_feather(file),
    "x.xlsx": lambda file: frame().to_excel(file, index=False),
    "index.xlsx": lambda file: frame().to_excel(file),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_formats_of_other_programs_are_read(tmp_path, name):
    FORMATS[name](tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name)[0], SAMPLES)


@pytest.mark.parametrize("name", ["x.parquet", "x.xlsx"])
def test_columns_of_frames_have_names(tmp_path, name):
    write_frame = {"x.parquet": lambda f, p: f.to_parquet(p), "x.xlsx": lambda f, p: f.to_excel(p, index=False)}[name]
    write_frame(frame(word=["a", "b", "c"]), tmp_path / name)
    with pytest.raises(ValueError, match=r"column 3 \(word\).* --columns with the others"):
        read(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name, columns="y,x")[0], SAMPLES[:, ::-1])


def test_one_of_several_arrays_or_sheets_is_named(tmp_path):
    from scipy.io import savemat

    savemat(tmp_path / "x.mat", {"X": SAMPLES, "Y": SAMPLES})
    with pytest.raises(ValueError, match=r"holds X \(3×2\), Y \(3×2\); want one of them by .*x.mat:NAME"):
        read(tmp_path / "x.mat")
    np.testing.assert_array_equal(read(f"{tmp_path}/x.mat:Y")[0], SAMPLES)
    pandas = pytest.importorskip("pandas")
    with pandas.ExcelWriter(tmp_path / "x.xlsx") as book:
        for sheet in ("one", "two"):
            frame().to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(ValueError, match="holds the sheets one, two; want one of them by"):
        read(tmp_path / "x.xlsx")
    np.testing.assert_array_equal(read(f"{tmp_path}/x.xlsx:two")[0], SAMPLES)


@pytest.mark.parametrize(("name", "library"), [("x.parquet", "pandas pyarrow"), ("x.xlsx", "pandas openpyxl")])
def test_without_a_library_its_name_is_said(tmp_path, monkeypatch, name, library):
    FORMATS[name](tmp_path / name)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=f"which pandas reads with .*; want pip install {library}"):
        read(tmp_path / name)


def zipped(name):
    def write_zip(file):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, "1,2")

    return write_zip


def npy(shape):
    """A .npy file that says it has this shape."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(48)


KINDS = {
    "a pickle": ("x.pkl", pickle.dumps([1.0]), "a Python pickle, which runs code"),
    "a pickle called .npy": ("x.npy", pickle.dumps([1.0]), "a Python pickle"),
    "HDF5": ("x.h5", b"\x89HDF\r\n\x1a\n" + bytes(100), "an HDF5 file .* h5py reads it"),
    "MATLAB 7.3": ("x.mat", b"MATLAB 7.3 MAT-file, Platform: GLNXA64" + bytes(500), "h5py reads it"),
    "a PNG image": ("x.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG image"),
    "a PDF document": ("x.csv", b"%PDF-1.7\n1 0 obj", "a PDF document"),
    "an SQLite database": ("x.db", b"SQLite format 3\0" + bytes(100), "an SQLite database"),
    "a zip archive": ("x.zip", zipped("x.csv"), "a zip archive; want it unpacked"),
    "PyTorch's checkpoint": ("x.pt", zipped("archive/data.pkl"), "a checkpoint of PyTorch"),
    "a tar archive": ("x.tar", bytes(257) + b"ustar\x0000" + bytes(300), "a tar archive"),
    "zstd": ("x.csv.zst", b"\x28\xb5\x2f\xfd" + bytes(20), "compressed by zstd"),
    "R's workspace": ("x.rda", gzip.compress(b"RDX3\nX\n"), "a workspace of R"),
    "objects": (
        "x.npy",
        lambda file: np.save(file, np.array([None]), allow_pickle=True),
        "Python objects",
    ),
    "an array of no length": ("x.npy", npy((-1, 2)), r"its shape is \(-1, 2\)"),
    "a header beyond measure": ("x.npy", npy("(" * 60000), "its header is none of an array"),
    "text called .npy": ("x.npy", b"1,2\n", "does not begin as .npy files do"),
    "an array under another name": ("x.bin", lambda file: np.save(file.open("wb"), SAMPLES), "want a name that ends"),
    "complex numbers in MATLAB": (
        "x.mat",
        lambda file: __import__("scipy.io").io.savemat(file, {"X": SAMPLES * 1j}),
        "want real numbers",
    ),
    "a damaged .mat": ("x.mat", b"MATLAB 5.0 MAT-file" + b"\xff" * 300, "x.mat"),
    "a damaged .parquet": ("x.parquet", b"PAR1" + b"\xff" * 300, "x.parquet"),
    "a damaged .xlsx": ("x.xlsx", zipped("xl/workbook.xml"), "x.xlsx"),
    "no kind that is known": ("x.dat", bytes(range(256)), "neither text, .npy nor .npz"),
}


@pytest.mark.parametrize(("name", "content", "complaint"), KINDS.values(), ids=KINDS)
def test_a_file_that_is_not_read_is_called_what_it_is(tmp_path, name, content, complaint):
    file = tmp_path / name
    content(file) if callable(content) else file.write_bytes(content)
    with pytest.raises(ValueError, match=f"^data: .*{complaint}") as caught:
        read(file)
    assert "allow_pickle" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_kinds_are_all_named_or_read():
    read_here = {"xlsx", "xls", "ods", "parquet", "feather", "mat", "npy", "npz"}
    assert set(foreign_tables.SIGNATURES.values()) - read_here <= set(foreign_tables.NAMED)


# -- the commands ----------------------------------------------------------------------------------


def lae(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("command", ["bounds", "optimise"])
def test_commands_take_the_options_and_say_what_was_taken(tmp_path, command):
    file = write(tmp_path, "x;y;z\n5,0;1;a\n6;3;b\n8;2;c\n")
    result = lae(command, "--data", file, "--columns", "x,y", "--decimal", ",", "--k", 1, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["sigma2"] == pytest.approx([5 / 3, 5 / 9])
    assert "separated by semicolons, decimal commas, header x, y, z, columns x,y" in found["given"]
    result = lae(command, "--data", write(tmp_path, PANDAS), "--k", 1, "--json")
    assert "index-column: column 1 was left out" in result.stderr
    assert json.loads(result.stdout)["sigma2"] == pytest.approx([5 / 3, 5 / 9])


def test_a_spectrum_may_have_an_index(tmp_path):
    file = write(tmp_path, ",sigma2\n0,3\n1,2\n2,1\n")
    result = lae("bounds", "--sigma2", file, "--k", 1, "--json")
    assert json.loads(result.stdout)["sigma2"] == [3, 2, 1]
    assert "left out as the index" in json.loads(result.stdout)["given"]


def test_training_takes_the_options_says_what_was_taken_and_resumes_with_them(tmp_path):
    file = write(tmp_path, "units\nx,y,z\n5,1,a\n6,3,b\n8,2,c\n")
    said = ("--columns", "x,y", "--skip-rows", 1)
    result = lae("train", "--data", file, *said, "--k", 1, "--epochs", 3, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert "header x, y, z, columns x,y" in result.stderr
    assert lae("train", "--resume", tmp_path / "run").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--data", "digits", "--decimal", ","), "decimal: means nothing for an array"),
        (("--data", "digits", "--header"), "header: means nothing for an array"),
        (("--data", "digits", "--no-header"), "want a file, or no --no-header"),
        (("--data", "digits", "--columns", "65"), "columns: got '65'; want a number from 1 to 64"),
        (("--sigma", "3,2,1", "--columns", "1"), "columns: means nothing for the list 3,2,1"),
        (("--sigma", "1:3", "--m", 3, "--skip-rows", 1), "skip-rows: means nothing for the range 1:3"),
        (("--family", "even", "--m", 3, "--index-column", "1"), "index-column: means nothing for a family"),
        (("--data", "digits", "--skip-rows", -1), "skip-rows: got -1"),
        (("--data", "digits", "--skip-rows", 9999), "no row after 9999"),
        (("--data", "digits", "--decimal", "x"), "decimal: got 'x'; want . or ,"),
    ],
)
@pytest.mark.parametrize("command", ["bounds", "optimise"])
def test_options_that_mean_nothing_are_refused(command, arguments, complaint):
    result = lae(command, *arguments, "--k", 1)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"lae {command}: ")
    assert result.stderr.count("\n") == 1
    assert complaint in result.stderr


@pytest.mark.parametrize("name", ["x.npy", "x.npz", "x.mat", "x.parquet", "sparse.npz"])
def test_rows_and_columns_of_arrays_are_left_out_by_number(tmp_path, name):
    arrays = {"x.npy": lambda file: np.save(file, SAMPLES), "x.npz": lambda file: np.savez(file, X=SAMPLES)}
    (FORMATS | arrays)[name](tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name, skip_rows=1, columns="2")[0], SAMPLES[1:, 1:])


def test_the_columns_of_data_sets_can_be_chosen():
    result = lae("bounds", "--data", "wine", "--columns", "2:5", "--k", 1, "--json")
    assert len(json.loads(result.stdout)["sigma2"]) == 4


def test_a_name_with_escapes_is_shown_escaped(tmp_path):
    result = lae("bounds", "--data", tmp_path / "\x1b[31mred.csv", "--k", 1)
    assert "\x1b" not in result.stderr
    assert "x1b[31mred.csv" in result.stderr
