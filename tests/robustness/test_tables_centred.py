"""Tables far from zero, nearly constant, or of numbers that doubles do not hold: one spectrum for everybody who asks.

`lae bounds`, `lae train` and the estimator centre by one function; each table here has a spectrum that is known.
"""

import json
import warnings

import numpy as np
import pytest
from typer.testing import CliRunner

from proofs import cli

RNG = np.random.default_rng(3)
GRID = np.array([[a, b, c] for a in (-3, 3) for b in (-2, 2) for c in (-1, 1)])
"""Covariance diag(9, 4, 1)."""
FAR = {
    "as it is": GRID,
    "shifted": GRID + 1000.0,
    "a double far away": GRID + 2.0**50,
    "single precision": (GRID + 2.0**20).astype(np.float32),
    "half precision": (GRID + 1024).astype(np.float16),
    "bytes": (GRID + 100).astype(np.uint8),
    "negative bytes": GRID.astype(np.int8),
    "int64 above 2^53": GRID + (2**60 + 1),
    "int64 at its end": GRID + (2**63 - 5),
    "int64 at its beginning": GRID - (2**63 - 5),
    "uint64 above 2^63": GRID.astype(np.uint64) + np.uint64(2**63 + 9),
    "columns of several sizes": GRID + np.array([2**60, 0, -(2**50)]),
    "swapped bytes": GRID.astype(">i8") + (2**55 + 1),
    "columns in memory": np.asfortranarray(GRID + (2**55 + 1)),
    "backwards": (GRID + (2**55 + 1))[::-1],
}
CONSTANT = {
    "a fraction": 0.1,
    "a price": 14.62,
    "a time": 1.6e9 + 0.1,
    "huge": 1e300,
    "the least": 5e-324,
    "zero": 0.0,
    "minus zero": -0.0,
}


def told(*arguments):
    result = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), result.stderr


@pytest.fixture
def saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def save(table):
        np.save("x.npy", table)
        return "x.npy"

    return save


@pytest.mark.parametrize("kind", FAR)
def test_bounds_training_and_the_estimator_see_the_spectrum_that_the_table_has(saved, kind):
    pytest.importorskip("sklearn")
    from numerics.training import LinearAutoencoder

    file = saved(FAR[kind])
    answer, _ = told("bounds", "--data", file, "--k", 2, "--json")
    np.testing.assert_allclose(answer["sigma2"], [9, 4, 1], rtol=1e-13)
    options = ("--k", 3, "--optimizer", "gd", "--init", "orthogonal", "--epochs", 400)
    answer, _ = told("train", "--data", file, *options, "--out", "run", "--json")
    (found,) = answer["runs"]
    assert found["rate"] == pytest.approx(1 / 36, rel=1e-13)
    assert found["metrics"]["loss"] == pytest.approx(0, abs=1e-9)
    auto = LinearAutoencoder(3, random_state=0).fit(FAR[kind])
    np.testing.assert_allclose(auto.explained_variance_, np.array([9, 4, 1]) * 8 / 7, rtol=1e-3)
    latents = np.abs(auto.transform(FAR[kind]))
    np.testing.assert_allclose(latents, np.broadcast_to([3, 2, 1], latents.shape), rtol=3e-2)


@pytest.mark.parametrize("kind", CONSTANT)
def test_a_constant_column_is_found_by_all_of_them_whatever_its_size(saved, kind):
    pytest.importorskip("sklearn")
    from numerics.training import LinearAutoencoder

    table = np.insert(GRID * 1e-3, 1, CONSTANT[kind], axis=1)
    file = saved(table)
    answer, _ = told("bounds", "--data", file, "--k", 2, "--json")
    np.testing.assert_allclose(answer["sigma2"], [9e-6, 4e-6, 1e-6, 0], rtol=1e-13)
    assert any("feature(s) 2 of the data are constant" in text for text in answer["warnings"])
    options = ("--k", 2, "--init", "balanced", "--epochs", 5, "--optimizer", "gd")
    result = CliRunner().invoke(cli.app, ["train", "--data", file, *map(str, options), "--out", "run"])
    assert "feature(s) 2 of the data are constant" in result.stderr
    assert "rank 3, σ_1² = 9e-06" in result.stdout
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        auto = LinearAutoencoder(3, random_state=0).fit(table)
    assert np.all(auto.components_[:, 1] == 0)
    assert np.all(auto.encoder_[:, 1] == 0)


@pytest.mark.parametrize("kind", [kind for kind in CONSTANT if kind != "minus zero"])
@pytest.mark.parametrize("command", ["bounds", "train"])
def test_a_table_that_does_not_vary_at_all_is_refused_in_one_line(saved, kind, command):
    file = saved(np.full((1000, 2), CONSTANT[kind]))
    result = CliRunner().invoke(
        cli.app, [command, "--data", file, "--k", "1", *(["--out", "run"] * (command == "train"))]
    )
    assert result.exit_code == 2
    assert "data: all samples are equal; want some variance" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("gap", [1e-4, 1e-7, 1e-10])
def test_components_far_below_the_first_are_seen_by_training_as_by_bounds(saved, gap):
    """A covariance does not hold σ² of 1 beside 1e-20; a latent of its own learns it all the same."""
    signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * np.array([1.0, gap])
    file = saved(signs + np.array([0.0, 1.0]))
    bounds, _ = told("bounds", "--data", file, "--k", 1, "--json")
    _, stderr = told("train", "--data", file, "--k", 2, "--epochs", 2, "--init", "balanced", "--out", "run", "--json")
    assert bounds["sigma2"][1] == pytest.approx(gap**2, rel=1e-5)
    assert "numerically zero" not in stderr
