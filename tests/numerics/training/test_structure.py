"""How `numerics.training` is built: imports in one direction, a model in one class."""

import ast
import graphlib
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import numerics.training
from numerics.losses import Loss
from numerics.training import campaign, catalogue
from numerics.training.models import checked
from numerics.training.two_layers import TwoLayers
from proofs.commands import train

FOLDER = Path(str(numerics.training.__file__)).parent
PACKAGE = "numerics.training"


def imported(path):
    """The modules of the package that a module names in any import: within functions and for types only, too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{PACKAGE}."):
            yield node.module.removeprefix(f"{PACKAGE}.")


def test_no_imports_go_in_a_circle_not_even_those_for_types():
    modules = {path.stem: set(imported(path)) for path in FOLDER.glob("*.py") if path.stem != "__init__"}
    assert {"catalogue", "two_layers", "program"} < modules.keys()
    order = list(graphlib.TopologicalSorter(modules).static_order())
    assert order.index("models") < order.index("fields") < order.index("catalogue") < order.index("plan")


class Threefold(TwoLayers):
    """Three times the error of one latent alone: nobody's model."""

    name, formula = "threefold", "(3/n)‖X − W₂Π_1W₁X‖²"

    @classmethod
    def of(cls, k, given):
        """The first mask alone counts."""
        return Loss((3.0, *[0.0] * (k - 1)), (0.0,) * k)

    def assumed(self, sigma2):
        """Something that never holds."""
        return [checked("the moon is full", ["it is not"])]


@pytest.fixture
def threefold(monkeypatch):
    monkeypatch.setitem(catalogue.MODELS, "threefold", Threefold)


def test_a_model_is_one_class_and_its_name(tmp_path, threefold):
    """With nothing else it trains, says what it minimises and assumes, is kept in a folder, and is resumed."""
    options = ["--synthetic", "eigenvalues:1:4", "--m", "4", "--model", "threefold", "--init", "balanced"]
    result = CliRunner().invoke(train.app, [*options, "--epochs", "3000", "--out", str(tmp_path / "x")])
    assert result.exit_code == 0, result.output
    assert "threefold, scale main: (3/n)‖X − W₂Π_1W₁X‖²" in result.stdout
    assert "the theorem assumes the moon is full; it is not" in result.stderr
    again = CliRunner().invoke(train.app, ["--resume", str(tmp_path / "x"), "--json"])
    (told,) = json.loads(again.stdout)["runs"]
    assert told["model"] == "threefold"
    assert told["metrics"]["loss"] == pytest.approx(3 * (3 + 2 + 1))
    ((run, *_),) = campaign.results(tmp_path / "x")
    assert run.model == catalogue.make("threefold", 2, np.arange(4.0, 0, -1))


def test_a_model_that_is_gone_is_no_configuration(tmp_path):
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(catalogue.MODELS, "threefold", Threefold)
        options = ["--synthetic", "even", "--m", "4", "--model", "threefold", "--epochs", "1"]
        assert CliRunner().invoke(train.app, [*options, "--out", str(tmp_path / "x")]).exit_code == 0
    with pytest.raises(ValueError, match="it is not a configuration"):
        campaign.results(tmp_path / "x")


@pytest.mark.parametrize("name", catalogue.MODELS)
def test_every_model_says_what_it_is(name):
    kind = catalogue.MODELS[name]
    assert kind.__doc__
    assert kind.formula
    assert hasattr(kind.field, "descent")
    assert set(kind.takes) <= {"lambda", "prior"}
    model = catalogue.make(name, 2, np.array([3.0, 2.0, 1.0]))
    assert model.at("half").weight == (0.5 if kind.has_scale else 1.0)
