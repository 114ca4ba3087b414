"""An option that would be ignored is refused, by its name, before anything is done."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from proofs import cli

SIGMA = ["--sigma", "3,2,1", "--k", "2"]
IGNORED = {
    "m beside a data set": ["bounds", "--data", "digits", "--k", "2", "--m", "64"],
    "m beside data": ["bounds", "--data", "x.npy", "--k", "2", "--m", "3"],
    "m beside data, optimised": ["optimise", "--data", "x.npy", "--k", "2", "--m", "3"],
    "m unlike a list": ["bounds", *SIGMA, "--m", "4"],
    "prior of l2": ["bounds", *SIGMA, "--prior", "uniform"],
    "lambda of nested dropout": ["bounds", *SIGMA, "--loss", "nested-dropout", "--lambda", "1,2"],
    "sqrt-lambda of nested dropout": ["bounds", *SIGMA, "--loss", "nested-dropout", "--sqrt-lambda", "1,2"],
    "two regularisers": ["bounds", *SIGMA, "--lambda", "1,2", "--sqrt-lambda", "1,2"],
    "two spectra": ["bounds", *SIGMA, "--sigma2", "3,2,1"],
    "format beside json": ["show", "bao2020/B/eq10", "--format", "latex", "--json"],
    "out beside json": ["errata", "bao2020/B/eq10", "--out", "x.txt", "--json"],
    "format of errata beside json": ["errata", "bao2020/B/eq10", "--format", "latex", "--json"],
    "seed without samples": ["sweep", "--out", "x.csv", "--k", "2", "--samples", "1", "--seed", "5"],
}


@pytest.mark.parametrize("arguments", IGNORED.values(), ids=IGNORED)
def test_an_option_that_would_be_ignored_is_refused(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    np.save("x.npy", np.eye(3))
    found = CliRunner().invoke(cli.app, arguments)
    assert found.exit_code == 2
    assert len(found.stderr.splitlines()) == 1
    assert found.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.npy"]
