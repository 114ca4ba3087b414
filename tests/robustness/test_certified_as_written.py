"""--certify is of the numbers as they were written, wherever these are decimals; else it says that it is of doubles.

κ does not change when σ² and λ are multiplied by a power of ten, and decimals of few digits become whole numbers, which
doubles hold exactly: so the certificate of the whole numbers is the truth about the decimals.
"""

import json
from fractions import Fraction

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import problem, spectra
from numerics.enclosures import certify
from proofs.cli import app


def answer(*arguments):
    result = CliRunner().invoke(app, ["bounds", *map(str, arguments), "--certify", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def contains(ends, value):
    low, high = (Fraction(end) for end in ends)
    return low <= Fraction(value) <= high and high - low < Fraction(1, 10**13) * high


def overlap(one, two):
    return max(one[0], two[0]) <= min(one[1], two[1])


def test_the_condition_number_of_what_was_typed_is_enclosed():
    found = answer("--sigma2", "1,0.9999,0.5", "--k", 2, "--lambda", "0.1,0.2")
    assert contains(found["enclosure"]["condition_number"], "2266287.52993989583")
    assert found["certified"] == "of the numbers as written"


@pytest.mark.parametrize("digits", [4, 8, 12, 15])
@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_decimals_have_the_certificate_of_the_whole_numbers_they_are_multiples_of(digits, loss):
    rng, unit = np.random.default_rng(digits), 10**digits
    for _ in range(5):
        base = int(rng.integers(unit // 2, unit))
        whole = [base + x for x in (3 * int(rng.integers(1, 9)), 2, 0)] + [base // 3]
        first = int(rng.integers(1, unit // 8))
        weights = [first, first + int(rng.integers(1, 4)), unit // 5]
        if loss == "nested-dropout":
            weights = [x * unit // sum(weights) for x in weights]
            weights[-1] = unit - sum(weights[:-1])
        typed = [",".join(f"{x}e-{digits}" for x in values) for values in (whole, weights)]
        scale = 1 if loss == "l2" else unit
        exactly = certify(
            loss, np.array(whole) * 1.0, np.array([Fraction(x, scale) for x in weights], dtype=object), scale="half"
        )
        option = "--lambda" if loss == "l2" else "--prior"
        found = answer("--sigma2", typed[0], "--k", 3, option, typed[1], "--loss", loss)
        assert overlap(found["enclosure"]["condition_number"], exactly.enclosures["condition_number"])
        assert {bound["id"]: bound["certified"] for bound in found["bounds"]} == exactly.verdicts


WAYS = {
    "a list of σ": ("--sigma", "0.3,0.2,0.1", "--lambda", "0.001,0.002"),
    "a range of λ": ("--sigma2", "0.09,0.04,0.01", "--lambda", "0.001:0.002"),
    "a range of σ": ("--sigma", "0.1:0.3", "--m", 3, "--lambda", "0.001,0.002"),
    "a list of √λ": ("--sigma2", "0.09,0.04,0.01", "--sqrt-lambda", "0.031622776601683793,0.044721359549995794"),
    "out of order": ("--sigma2", "0.01,0.09,0.04", "--lambda", "0.002,0.001"),
    "exponents": ("--sigma2", "9e-2,4.0E-2,1e-2", "--lambda", "1e-3,.002"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_numbers_is_exact(way):
    found = answer(*WAYS[way], "--k", 2)
    assert found["certified"] == "of the numbers as written"
    lam = [Fraction("0.001"), Fraction("0.002")]
    if way == "a list of √λ":
        lam = [Fraction("0.031622776601683793") ** 2, Fraction("0.044721359549995794") ** 2]
    whole = certify("l2", np.array([9.0, 4.0, 1.0]), np.array([100 * x for x in lam], dtype=object), scale="half")
    assert overlap(found["enclosure"]["condition_number"], whole.enclosures["condition_number"])


@pytest.mark.parametrize(
    ("prior", "exact"),
    [("0.3,0.7", ["0.3", "0.7"]), ("uniform", ["1/2", "1/2"]), ("geometric:0.3", ["21/100", "79/100"])],
)
def test_priors_are_exact(prior, exact):
    given = problem.read(k=2, sigma2="3,2,1", loss="nested-dropout", prior=prior)
    assert list(given.exact[1]) == [Fraction(x) for x in exact]


def test_the_regularisers_that_are_chosen_are_exact():
    assert problem.read(k=2, sigma2="0.3,0.2,0.1").exact[1] == [Fraction(1, 15), Fraction(2, 15)]


def test_text_files_are_exact_and_arrays_are_doubles(tmp_path):
    (tmp_path / "s.csv").write_text("sigma2\n0.3\n0.2\n0.1\n")
    np.save(tmp_path / "s.npy", [0.3, 0.2, 0.1])
    (tmp_path / "l.txt").write_text("0,01;0,02\n")
    lam = ("--k", 2, "--lambda", tmp_path / "l.txt")
    assert answer("--sigma2", tmp_path / "s.csv", *lam)["certified"] == "of the numbers as written"
    assert answer("--sigma2", tmp_path / "s.npy", *lam)["certified"] == "of the doubles of σ², and λ as written"
    assert answer("--data", "wine", "--k", 2)["certified"] == "of the doubles"
    assert answer("--family", "even", "--m", 3, "--k", 2)["certified"] == "of the doubles"
    given = problem.read(k=2, sigma2=str(tmp_path / "s.csv"), lam=str(tmp_path / "l.txt"))
    assert list(given.exact[0]) == [Fraction(x, 10) for x in (3, 2, 1)]
    assert list(given.exact[1]) == [Fraction(1, 100), Fraction(1, 50)]


def test_doubles_as_rationals_have_the_same_certificate():
    sigma2, lam = np.array([1.1, 0.7, 0.3]), np.array([0.1, 0.2])
    rational = [np.array([Fraction(x) for x in values.tolist()], dtype=object) for values in (sigma2, lam)]
    assert certify("l2", sigma2, lam, scale="half") == certify("l2", *rational, scale="half")


NEAR = {
    "distinct, but the same double": ("1.00000000000000000001,1,0.5", "0.1,0.2", "2.2666666666666666667e22", 1e-10),
    "distinct by less than a rounding": ("1,0.99999999999999985,0.5", "0.1,0.2", "1.5111111111111111e18", 1e-10),
    "λ just below σ²": ("3,2,1", "0.1,1.9999999999999999999", "2.9e19", 1e-10),
    "λ just above σ²": ("3,2,1", "0.1,2.0000000000000000001", "5.8e19", 1e-10),
}


@pytest.mark.parametrize(("sigma2", "lam", "kappa", "tolerance"), NEAR.values(), ids=NEAR)
def test_what_doubles_do_not_hold_is_certified_all_the_same_and_the_difference_is_said(sigma2, lam, kappa, tolerance):
    """κ to leading order in the gap g: (2 · 0.85)·(4/3)/(0.1 g) of two σ² = 1 with λ = 0.1, 0.2; at λ_2 = 2 ∓ g the
    curvature of latent 2 is 2g, or g if it has collapsed, and s_max = 2(3 − 0.1)."""
    found = answer("--sigma2", sigma2, "--k", 2, "--lambda", lam)
    low, high = found["enclosure"]["condition_number"]
    assert low == pytest.approx(float(kappa), rel=tolerance)
    assert high - low < 1e-13 * high
    assert any(warning.startswith("rounding: the numbers as written") for warning in found["warnings"])
    assert all(bound["certified"] and bound["holds"] for bound in found["bounds"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1,1e-400", "entry 2 is 1e-400, zero in double precision"),
        ("1,1e-999999999", "zero in double precision"),
        ("1,0." + "1" * 5000, "too many digits"),
        ("1e400,1", "entry 1 is inf"),
        ("1,1e999999999", "entry 2 is inf"),
        ("1_0,1", "want numbers like"),
    ],
)
def test_numbers_that_doubles_cannot_hold_are_refused_at_once(text, complaint):
    with pytest.raises(ValueError, match=f"^sigma2: .*{complaint}"):
        spectra.parse_numbers(text, name="sigma2")


@pytest.mark.parametrize("option", ["--sigma", "--sqrt-lambda"])
def test_squares_that_vanish_are_refused(option):
    given = ("--sigma2", "3,2") if option == "--sqrt-lambda" else ("--lambda", "1")
    result = CliRunner().invoke(app, ["bounds", *given, option, "1e-200", "--k", "1"])
    assert result.exit_code == 2
    assert "the square of 1e-200 is zero in double precision" in result.stderr
