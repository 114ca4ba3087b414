"""The command `lae bounds`: its answers, its JSON, and one clear line for every bad input."""

import json
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from flint import fmpq
from typer.testing import CliRunner

from numerics.bounds import Bound
from proofs.commands.bounds import app


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def answer(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_sigma_is_squared_and_sigma2_is_not():
    assert answer("--sigma", "3,2,1", "--k", 2) | {"given": ""} == answer("--sigma2", "9,4,1", "--k", 2) | {"given": ""}


def test_sqrt_lambda_is_squared_and_lambda_is_not():
    one = answer("--sigma", "3,2,1", "--k", 2, "--sqrt-lambda", "0.5,1")
    assert one["lambda"] == [0.25, 1] == answer("--sigma", "3,2,1", "--k", 2, "--lambda", "0.25:1")["lambda"]


def test_json_has_the_documented_keys_and_the_scale():
    found = answer("--sigma2", "3,2,1", "--k", 2, "--certify", "--scale", "main")
    assert found["scale"] == "main"
    for key in ("loss", "k", "m", "sigma2", "lambda", "s_max", "s_min", "condition_number", "null_directions"):
        assert key in found
    assert set(found["enclosure"]) == {"s_max", "s_min", "condition_number"}
    assert set(found["bounds"][0]) == {"id", "value", "bounds", "from", "holds", "vacuous", "ratio", "certified"}
    assert found["learning_rate"] == 2 / (found["s_min"] + found["s_max"])
    assert found["max_learning_rate"] == 2 / found["s_max"]
    assert found["steps_to_halve"] > 0


def test_rag_stands_beside_the_loss_and_is_left_out_where_its_solution_is_not_isolated():
    """σ² = (4, 3), k = 2, scale half: rates 2·4 and 2·3 of the scalings; (4 − 3)/2 of the rotation at either scale."""
    assert answer("--sigma2", "4,3", "--k", 2)["rag"]["rate"] == 0.5
    found = answer("--sigma2", "4,3", "--k", 2, "--scale", "half")["rag"]
    assert found["rate"] == 0.5
    assert found["slow_direction"] == "rotation of latents 1, 2"
    assert found["max_learning_rate"] == 2 / 8
    assert "RAG's local rate" in run("--sigma2", "4,3", "--k", 2).stdout
    assert answer("--sigma2", "3,3", "--k", 2)["rag"] is None


def test_spectra_at_the_top_of_double_precision_are_answered():
    found = answer("--sigma2", "1e308,1e307", "--k", 1, "--scale", "half")
    assert 1e308 < found["s_max"] < 1.1e308
    assert found["rag"] is None


def test_a_picture_without_bounds_has_two_panels(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run("--sigma", "3,3,1", "--k", 2, "--plot", tmp_path / "x.svg").exit_code == 0
    assert "<svg" in (tmp_path / "x.svg").read_text()


def test_json_stays_json_where_a_bound_is_infinite():
    found = answer("--sigma2", "1,1e-200", "--k", 2, "--lambda", "2.5e-201,7.5e-201")
    assert "Infinity" not in json.dumps(found)


def test_nested_dropout_reports_p_and_its_null_directions():
    found = answer("--sigma2", "3,2,1", "--k", 2, "--loss", "nested-dropout", "--prior", "geometric:0.5")
    assert found["prior"] == pytest.approx([1 / 4, 3 / 4])
    assert found["p"] == pytest.approx([1, 3 / 4])
    assert found["null_directions"] == 2


def test_the_table_names_scale_spectrum_slow_direction_and_every_bound():
    output = run("--sigma", "5,4,3,2,1", "--k", 3).stdout
    for text in ("scale main", "σᵢ² are the eigenvalues of XXᵀ/n", "slow direction", "bao2020/B/final", "holds"):
        assert text in output
    assert "vacuous" in run("--sigma", "2,1", "--k", 2).stdout
    assert "certified" in run("--sigma", "2,1", "--k", 2, "--certify").stdout
    assert "no rotation" in run("--sigma", "2,1", "--k", 1).stdout


def test_a_range_and_a_family_need_m_and_a_file_does_not(tmp_path):
    assert answer("--sigma2", "1:3", "--m", 3, "--k", 2)["sigma2"] == [3, 2, 1]
    assert answer("--family", "even", "--m", 4, "--k", 2)["sigma2"] == [1, 0.75, 0.5, 0.25]
    file = tmp_path / "s.csv"
    file.write_text("sigma2\n3\n2\n1\n")
    assert answer("--sigma2", file, "--k", 2)["sigma2"] == [3, 2, 1]


def test_data_is_centred_and_zero_components_are_named(tmp_path):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(30, 3)) @ np.diag([3, 2, 1]) + 100
    np.save(tmp_path / "x.npy", np.column_stack([table, np.ones(30)]))
    result = run("--data", tmp_path / "x.npy", "--k", 2)
    assert result.exit_code == 0
    assert "centred" in result.stdout
    assert "zero-components: component(s) 4" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "warning"),
    [
        (["--sigma", "1,2,3", "--k", 2], "unsorted-spectrum"),
        (["--sigma", "3,2,1", "--k", 2, "--lambda", "0.5,0.2"], "unsorted-lambda"),
    ],
)
def test_wrong_order_is_accepted_with_a_named_warning(arguments, warning):
    result = run(*arguments)
    assert result.exit_code == 0
    assert warning in result.stderr


SPECTRUM = ["--sigma", "3,2,1", "--k", 2]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--k", 2], "spectrum: got none"),
        (["--sigma", "2,1", "--sigma2", "2,1", "--k", 1], "got --sigma and --sigma2"),
        (["--sigma", "3,x", "--k", 1], "sigma: got '3,x'"),
        (["--sigma", "3,-1", "--k", 1], "no negative numbers"),
        (["--sigma", "3,nan", "--k", 1], "entry 2 is nan"),
        (["--sigma", "1e200,1", "--k", 1], "entry 1 is inf"),
        (["--sigma", "3,2", "--k", 3], "k: got 3; want 1 ≤ k ≤ m = 2"),
        (["--sigma", "3,2", "--k", 0], "k: got 0"),
        (["--sigma", "1:3", "--k", 1], "wants --m"),
        (["--sigma", "3,2", "--m", 5, "--k", 1], "m: got 5"),
        (["--family", "even", "--k", 1], "--family wants --m"),
        (["--sigma2", "1e308,1e307", "--k", 1, "--lambda", "1e300"], "overflows double precision"),
        (["--family", "odd", "--m", 3, "--k", 1], "want one of even"),
        (["--family", "even", "--m", -1, "--k", 1], "m: got -1"),
        (["--family", "even", "--m", 10**15, "--k", 1], "Unable to allocate"),
        (["--data", "absent.npy", "--k", 1], "cannot read absent.npy"),
        ([*SPECTRUM, "--loss", "l1"], "loss: got 'l1'"),
        ([*SPECTRUM, "--scale", "1/n"], "scale: got '1/n'"),
        ([*SPECTRUM, "--lambda", "1"], "got 1 values; want k = 2"),
        ([*SPECTRUM, "--lambda", "0,1"], "want positive"),
        ([*SPECTRUM, "--lambda", "1,2", "--sqrt-lambda", "1,2"], "want one of them"),
        ([*SPECTRUM, "--prior", "uniform"], "only nested dropout"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--lambda", "1,2"], "nested dropout has none"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--prior", "0.5,0.4"], "sum to 0.9"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--prior", "1.5,-0.5"], "p_B\\(2\\) = -0.5"),
        (["--sigma", "0,0", "--k", 1], "zeros only"),
        (["--data", ".", "--k", 1], "Is a directory"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--prior", "geometric:2"], "between 0 and 1"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_status_2(arguments, complaint):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("lae bounds: ")
    assert result.stderr.count("\n") == 1
    assert re.search(complaint, result.stderr)


@pytest.mark.parametrize(
    ("arguments", "warning", "remark"),
    [
        (["--sigma", "3,3,1", "--k", 2], "equal-eigenvalues: .* 1…2", "left out"),
        (["--sigma", "3,2,2", "--k", 2], "equal-eigenvalues: .* 2…3", "complement of 1 null direction "),
        (["--sigma", "3,2,1", "--k", 2, "--lambda", "1,1"], "equal-regularisers", "left out"),
        (["--sigma", "3,2,1", "--k", 3, "--lambda", "0.5,2,3"], "collapsed-latents: latent.* 3 ", "first 2 latents"),
        (["--sigma", "3,2,1", "--k", 2, "--lambda", "1,4"], "flat-collapse: λ_2 = σ_2²", "flat there"),
        (["--sigma", "3,2,1", "--k", 2, "--lambda", "10,20"], "latent.* 1…2 collapse", "All latents collapse"),
        (["--sigma", "3,2,0", "--k", 3], "latent.* 3 collapse", "first 2 latents"),
        (["--sigma", "3,2,0", "--k", 3, "--loss", "nested-dropout"], "untrained-latents: .*no component", "first 2"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--prior", "0,1"], "missing-masks: .*b = 1", "left out"),
        ([*SPECTRUM, "--loss", "nested-dropout", "--prior", "1,0"], "no mask keeps them", "first latent alone"),
    ],
)
def test_where_a_hypothesis_fails_the_answer_is_for_the_rest_and_says_why(arguments, warning, remark):
    result = run(*arguments)
    assert result.exit_code == 0
    assert re.search(warning, result.stderr)
    assert remark in result.stdout
    assert "nan" not in result.stdout
    found = answer(*arguments)
    assert 0 < found["s_min"] <= found["s_max"]
    assert found["warnings"]


def test_fewer_samples_than_latents_leave_the_rest(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(4, 10)))
    for loss in ("l2", "nested-dropout"):
        result = run("--data", tmp_path / "x.npy", "--k", 6, "--loss", loss)
        assert result.exit_code == 0
        assert "rank 3 of 10" in result.stderr
        assert "first 3 latents" in result.stdout


def test_the_collapsed_latents_change_the_condition_number_of_the_rest():
    """σ² = (4, 1), λ = (0.5, 1.01): the second latent is held by λ_2 − σ_2² = 0.01 only."""
    found = answer("--sigma", "2,1", "--k", 2, "--lambda", "0.5,1.01")
    assert found["s_min"] == pytest.approx(2 * 0.01)
    assert found["slow_direction"] == "growth of collapsed latent 2 along component 2"
    assert found["trained_latents"] == 1


def test_a_violated_bound_gives_status_1(monkeypatch):
    from numerics import bounds

    false_bound = bounds.Bound("paper/false", "condition_number", 1e9)
    monkeypatch.setattr(bounds, "l2_bounds", lambda *args, **kwargs: [false_bound])
    result = run(*SPECTRUM)
    assert result.exit_code == 1
    assert "VIOLATED" in result.stdout
    assert "paper/false is violated" in result.stderr


@pytest.mark.parametrize(
    ("id", "blame"),
    [
        ("bao2020/B/smax-bound", "wrong number"),
        pytest.param("bao2020/B/final", "VIOLATED", marks=pytest.mark.slow),
    ],
)
def test_where_a_theorem_for_all_sizes_looks_violated_the_number_is_blamed(monkeypatch, id, blame):
    """bao2020/B/final is proved up to k = 17 only."""
    from numerics import bounds

    monkeypatch.setattr(bounds, "l2_bounds", lambda s, *_, **__: [bounds.Bound(id, "s_max", 10**9 * s[0])])
    result = run(*SPECTRUM)
    assert result.exit_code == 1
    assert blame in result.stdout
    assert ("not the theorem" in result.stderr) == (blame == "wrong number")


@pytest.mark.parametrize("certify", [[], ["--certify"]])
@pytest.mark.parametrize(
    "arguments",
    [
        ["--sigma2", "1.400000000000002,1.4,1.3999999999999997"],
        ["--sigma2", "1,0.9999999999999999,0.9999999999999998"],
        ["--sigma2", "0.8594672830607906,0.8594672830607902", "--loss", "nested-dropout"],
        ["--family", "nearly-equal:2e-16", "--m", 4, "--loss", "nested-dropout"],
        ["--family", "clustered:1e-14", "--m", 4],
    ],
)
def test_no_bound_is_violated_at_gaps_of_a_rounding(arguments, certify):
    found = answer(*arguments, "--k", 2, *certify)
    for bound in found["bounds"]:
        assert bound["holds"]
        loose = bound["ratio"] if bound["from"] == "above" else 1 / bound["ratio"] if bound["ratio"] else 1
        assert loose > 1 - 1e-12


def test_a_number_that_floats_have_wrong_is_replaced_by_the_exact_one(monkeypatch):
    """What looks violated in floats is decided, and printed, in exact arithmetic."""
    from numerics import sharper

    def half_wrong(sigma2, k):
        return [Bound("lae/bounds/l2/uniform", "condition_number", 1e99 if sigma2.dtype == float else fmpq(1))]

    monkeypatch.setattr(sharper.uniform, "l2_bounds", half_wrong)
    found = answer(*SPECTRUM)
    assert next(b for b in found["bounds"] if b["id"] == "lae/bounds/l2/uniform")["value"] == 1


def test_an_answer_waits_for_no_library_that_it_does_not_need():
    """Importing any of these takes as long as all of `lae bounds` on digits."""
    heavy = [
        "scipy",
        "sklearn",
        "pandas",
        "sympy",
        "matplotlib",
        "flint",
        "array_api_compat.numpy",
        "proofs.claim",
    ]
    code = f"""
import sys
from proofs.commands.bounds import app
try:
    app(["--data", "digits", "--k", "5"])
except SystemExit:
    print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
