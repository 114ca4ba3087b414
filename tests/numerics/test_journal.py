"""The table that grows row by row: torn ends, duplicates, other people's files, two writers, a full disk."""

import csv

import pytest

from numerics.journal import Journal

COLUMNS = ["x", "y", "text"]


def rows(path):
    with path.open(newline="") as lines:
        return list(csv.reader(lines))


def row(x, text=""):
    return {"x": x, "y": x * x, "text": text}


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "rows.csv"
    with Journal(file, COLUMNS, keys=1) as journal:
        journal.append(row(1, "a, quoted"))
        journal.append(row(2))
    return file


def test_rows_are_read_back_and_a_name_is_written_once(path):
    with Journal(path, COLUMNS, keys=1) as journal:
        assert journal.rows["1",]["text"] == "a, quoted"
        journal.append(row(2, "again"))
        journal.append(row(3, "two\nlines"))
    assert [line[0] for line in rows(path)] == ["x", "1", "2", "3"]
    assert rows(path)[-1][2] == "two lines"


def test_a_file_cut_at_any_byte_keeps_its_whole_rows_and_goes_on(path):
    content = path.read_bytes()
    for end in range(len(content) + 1):
        path.write_bytes(content[:end])
        with Journal(path, COLUMNS, keys=1) as journal:
            whole = max(0, content[:end].count(b"\n") - 1)
            assert len(journal.rows) == whole
            for x, text in ((1, "a, quoted"), (2, "")):
                journal.append(row(x, text))
        assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"x,y\n1,2\n", b"name;age\n", b"no table", b"x,y,textile", b"\xff\xfe\n", b"\x00"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path, content):
    file = tmp_path / "mine"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^out: .*want a new file"):
        Journal(file, COLUMNS, keys=1)
    assert file.read_bytes() == content


def test_a_damaged_line_in_the_middle_is_named(path):
    path.write_bytes(path.read_bytes() + b"3\n4,16,\n")
    with pytest.raises(ValueError, match="line 4 is damaged"):
        Journal(path, COLUMNS, keys=1)


def test_a_second_writer_is_refused(path):
    with Journal(path, COLUMNS, keys=1), pytest.raises(ValueError, match="by another process"):
        Journal(path, COLUMNS, keys=1)


def test_a_row_with_other_columns_is_refused(path):
    with Journal(path, COLUMNS, keys=1) as journal, pytest.raises(ValueError, match="columns"):
        journal.append({"x": 1})


def test_a_folder_that_is_missing_or_full_is_one_clear_error(tmp_path):
    with pytest.raises(ValueError, match=r"out: cannot open .*No such file"):
        Journal(tmp_path / "absent" / "rows.csv", COLUMNS, keys=1)
    with pytest.raises(ValueError, match=r"out: cannot open .*Is a directory"):
        Journal(tmp_path, COLUMNS, keys=1)
