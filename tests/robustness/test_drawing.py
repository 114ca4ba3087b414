"""Figures are the same whatever settings of matplotlib lie in the working directory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from numerics import drawing

DRAW = """
from numerics.drawing import picture, styled
with styled((2, 2)) as figure:
    figure.subplots().plot([1, 2], [2, 1], label="σ")
import sys
sys.stdout.buffer.write(picture(figure))
"""
SETTINGS = {
    "colours": "axes.facecolor: red\nlines.linewidth: 9\nsvg.fonttype: path\nsavefig.dpi: 7\n",
    "unknown": "no.such.setting: 1\nlines.linewidth: thick\n",
    "backend": "backend: qtagg\n",
    "latex": "text.usetex: True\n",
    "bytes": "\x00\x01\x02",
    "nothing": "",
}


def draw(folder):
    # the sources are found in the folder that pytest runs in
    path = os.pathsep.join([str(Path.cwd()), *sys.path])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run(
        [sys.executable, "-P", "-c", DRAW], cwd=folder, capture_output=True, timeout=60, env=environment
    )
    assert (found.returncode, found.stderr) == (0, b"")
    return found.stdout


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("plain"))


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_matplotlibrc_in_the_working_directory_changes_nothing(tmp_path, plain, settings):
    (tmp_path / "matplotlibrc").write_text(settings)
    assert draw(tmp_path) == plain


@pytest.mark.slow
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_a_matplotlibrc_that_is_no_file_is_not_waited_for(tmp_path, plain, make):
    make(tmp_path / "matplotlibrc")
    assert draw(tmp_path) == plain


def test_settings_of_a_program_that_has_loaded_matplotlib_change_nothing():
    def picture():
        with drawing.styled((2, 2)) as figure:
            figure.subplots().plot([1, 2], [2, 1])
        return drawing.picture(figure)

    before = picture()
    with matplotlib.rc_context({"axes.facecolor": "red", "lines.linewidth": 9, "svg.hashsalt": "x"}):
        assert picture() == before
        assert matplotlib.rcParams["lines.linewidth"] == 9


@pytest.mark.parametrize("format", drawing.FORMATS)
def test_a_figure_has_the_same_bytes_every_time(format):
    def picture():
        with drawing.styled((2, 2)) as figure:
            figure.subplots().plot([1, 2], [2, 1])
        return drawing.picture(figure, format)

    assert picture() == picture()


def test_the_working_directory_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    drawing.library.cache_clear()
    drawing.library()
    assert Path.cwd() == tmp_path
