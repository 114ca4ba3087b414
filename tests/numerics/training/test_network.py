"""Networks: gradients against exact integers and torch, minima and curvatures by other routes, both bases alike."""

from itertools import pairwise

import array_api_strict
import numpy as np
import pytest

from numerics import deep_flow, losses
from numerics.hessians import hessian_product
from numerics.training import campaign, network, starts
from numerics.training.catalogue import make
from numerics.training.covariances import Dense, Diagonal
from numerics.training.crosses import Cross
from numerics.training.data import from_samples
from numerics.training.fields import Setting
from numerics.training.job import Job, Schedule
from numerics.training.network import LAST, Deep, NetworkField
from numerics.training.plan import plan
from numerics.training.program import Program, Run
from numerics.training.targets import with_targets

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)) * [4, 3, 2.5, 2, 1.5, 1]
Y = X @ RNG.normal(size=(6, 4)) + RNG.normal(size=(50, 4))
SELF = from_samples(X)
OTHER = with_targets(SELF, Y)
ECHO = with_targets(SELF, X)
DEEP = [(), (3,), (5, 2)]


def model_of(inner=(), masks=(0.0, 0.0, 1.0)):
    return Deep(losses.Loss(tuple(masks), (0.0,) * len(masks)), inner=tuple(inner))


def field_of(model, data, layers, *, turned=False, xp=np, rates=(1.0,)):
    """A field at layers (W_1, …, W_N), each a batch, in the basis of the features or of the eigenvectors."""
    arrays = [xp.asarray(w) for w in (*layers[:-1], layers[-1].swapaxes(1, 2))]
    names = [*(f"layer{j}" for j in range(1, len(layers))), LAST]
    covariance = Diagonal(xp.asarray(data.sigma2), xp) if turned else Dense(xp.asarray(data.covariance()), xp)
    cross = data.targets and (data.output_basis.T @ data.targets.cross @ data.basis if turned else data.targets.cross)
    trace = data.targets.trace if data.targets else data.sigma2.sum()
    cross = None if cross is None else Cross(xp.asarray(cross), xp)
    models, seeds = [model] * len(rates), [0] * len(rates)
    setting = Setting(models, seeds, rates, False, covariance, covariance, trace, xp, cross, cross)
    return NetworkField(setting, dict(zip(names, arrays, strict=True)))


def steps_of(field):
    """The direction, as layers."""
    *inner, last = field.descent(0).values()
    return [np.array(g) for g in (*inner, last.swapaxes(1, 2))]


def integers(model, data, runs=1, seed=1):
    sizes = model.sizes(data)
    rng = np.random.default_rng(seed)
    return [rng.integers(-3, 4, size=(runs, after, before)).astype(float) for before, after in pairwise(sizes)]


@pytest.mark.parametrize("masks", [(0, 0, 1), (1, 1, 1), (0.5, 0, 2)])
@pytest.mark.parametrize("inner", DEEP)
@pytest.mark.parametrize("to_itself", [True, False])
def test_on_integers_the_direction_is_exactly_the_sum_of_the_gradients_of_each_mask(inner, masks, to_itself):
    """A mask is a network with the latents beyond it cut off, whose gradient deep_flow has by another formula."""
    rng = np.random.default_rng(5)
    xx = rng.integers(-3, 4, size=(6, 6)).astype(float)
    xx = xx @ xx.T
    yx = xx if to_itself else rng.integers(-5, 6, size=(4, 6)).astype(float)
    model = model_of(inner, masks)
    sizes = (6, *model.widths, len(yx))
    layers = [rng.integers(-3, 4, size=(2, b, a)).astype(float) for a, b in pairwise(sizes)]
    covariance = Dense(xx, np)
    cross = None if to_itself else Cross(yx, np)
    arrays = [*layers[:-1], layers[-1].swapaxes(1, 2).copy()]
    names = [*(f"layer{j}" for j in range(1, len(layers))), LAST]
    setting = Setting([model] * 2, [0, 0], [1.0, 3.0], False, covariance, covariance, 0.0, np, cross, cross)
    found = steps_of(NetworkField(setting, dict(zip(names, arrays, strict=True))))
    for run, rate in enumerate((1, 3)):
        wanted = [np.zeros_like(w[run]) for w in layers]
        for b, weight in enumerate(masks, start=1):
            cut = [w[run].copy() for w in layers]
            cut[-1][:, b:] = 0
            for j, g in enumerate(deep_flow.gradient(cut, xx, yx)):
                g[:, b:] *= 1 if j < len(layers) - 1 else 0
                wanted[j] += 2 * rate * weight * g
        for mine, theirs in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(mine[run], theirs)


@pytest.mark.torch
@pytest.mark.parametrize("masks", [(0, 0, 1), (1, 1, 1)])
@pytest.mark.parametrize("inner", DEEP)
@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_value_and_direction_are_those_of_autograd_on_the_samples(inner, masks, data):
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    torch.set_num_threads(1)
    model = model_of(inner, masks)
    layers = [RNG.normal(size=(1, b, a)) for a, b in pairwise(model.sizes(data))]
    field = field_of(model, data, layers)
    weights = [torch.tensor(w[0], requires_grad=True) for w in layers]
    x = torch.tensor(X - X.mean(0)).T
    y = x if data is SELF else torch.tensor(Y - Y.mean(0)).T
    latent = x
    for w in weights[:-1]:
        latent = w @ latent
    error = [((y - weights[-1][:, :b] @ latent[:b]) ** 2).sum() / len(X) for b in range(1, model.k + 1)]
    loss = sum(weight * e for weight, e in zip(masks, error, strict=True))
    loss.backward()
    assert field.value()[0] == pytest.approx(loss.item(), rel=1e-12)
    for mine, w in zip(steps_of(field), weights, strict=True):
        np.testing.assert_allclose(mine[0], w.grad.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("data", [SELF, OTHER, ECHO], ids=["Y = X", "Y ≠ X", "Y = X as targets"])
@pytest.mark.parametrize("inner", DEEP)
def test_both_bases_take_the_same_steps(inner, data):
    model = model_of(inner)
    layers = [RNG.normal(size=(1, b, a)) for a, b in pairwise(model.sizes(data))]
    turned = [w.copy() for w in layers]
    turned[0] = turned[0] @ data.basis
    turned[-1] = data.output_basis.T @ turned[-1]
    here, there = field_of(model, data, layers), field_of(model, data, turned, turned=True)
    back = steps_of(there)
    back[0] = back[0] @ data.basis.T
    back[-1] = data.output_basis @ back[-1]
    for mine, theirs in zip(back, steps_of(here), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-10)
    assert there.value() == pytest.approx(here.value(), rel=1e-12)


@pytest.mark.parametrize("name", ["summed", "unregularised", "nested-dropout"])
def test_targets_that_are_the_samples_change_nothing(name):
    """Σ = C: the spectrum, the minimum, the curvature (closed form against Lanczos), every step."""
    model = make(name, 3, SELF.sigma2)
    np.testing.assert_allclose(ECHO.explained, SELF.sigma2, rtol=1e-12)
    assert ECHO.unexplained == pytest.approx(0, abs=1e-12)
    assert model.least(ECHO) == pytest.approx(model.least(SELF), rel=1e-12)
    assert network.curvature(model, ECHO) == pytest.approx(model.curvature(SELF.sigma2), rel=1e-5)
    w = 0.3 * RNG.normal(size=(1, 2, 3, 6))
    pair = Program([Run(model, "nesterov", 0.002)], SELF, state=at(0, weights=w))
    echo = Program([Run(model, "nesterov", 0.002)], ECHO, state=at(0, layer1=w[:, 0], decoder=w[:, 1]))
    for program in (pair, echo):
        program.advance(50)
    for mine, theirs in zip(echo.decoders(), pair.decoders(), strict=True):
        np.testing.assert_allclose(np.abs(mine), np.abs(theirs), rtol=1e-8, atol=1e-10)
    one, other = echo.measure(), pair.measure()
    for metric in ("loss", "excess", "alignment", "ordered_alignment", "subspace", "balance", "effective_rank"):
        assert one[metric] == pytest.approx(other[metric], rel=1e-8, abs=1e-12), metric


def at(step, **arrays):
    """A state, with the momentum of its arrays at rest."""
    rest = {f"{name}.velocity": np.zeros_like(w) for name, w in arrays.items()}
    return {"step": np.array(step)} | arrays | rest


@pytest.mark.parametrize("masks", [(0, 0, 1), (1, 1, 1)])
@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_the_optimum_is_stationary_and_its_loss_the_least_and_its_curvature_the_largest(data, masks):
    """The curvature against the dense Hessian of the gradient on samples, exact for quartics."""
    model = model_of((), masks)
    w1, w2t = network.optimum(model, data)
    field = field_of(model, data, [w1, w2t.swapaxes(1, 2)], turned=True)
    assert max(np.max(np.abs(g)) for g in steps_of(field)) < 1e-12
    assert field.value()[0] == pytest.approx(model.least(data), rel=1e-12)
    np.testing.assert_allclose(np.linalg.norm(w1[0], axis=1), np.linalg.norm(w2t[0], axis=1), rtol=1e-12)

    def gradient(a, b):
        return tuple(g[0] for g in steps_of(field_of(model, data, [a[None], b[None]], turned=True)))

    columns = []
    for unit in np.eye(w1.size + w2t.size):
        v1, v2 = np.split(unit, [w1.size])
        moved = hessian_product(gradient, w1[0], w2t[0].T, v1.reshape(w1[0].shape), v2.reshape(w2t[0].T.shape))
        columns.append(np.concatenate([h.ravel() for h in moved]))
    assert network.curvature(model, data) == pytest.approx(np.linalg.eigvalsh(columns)[-1], rel=1e-5)


@pytest.mark.parametrize("inner", DEEP)
def test_deep_networks_bend_by_2n_times_the_first_eigenvalue(inner):
    """The closed form for Y = X against Lanczos at the balanced minimum, and that minimum's balance and loss."""
    model = model_of(inner)
    assert model.curvature(SELF.sigma2) == pytest.approx(2 * (len(inner) + 2) * SELF.sigma2[0], rel=1e-12)
    assert network.curvature(model, ECHO) == pytest.approx(model.curvature(SELF.sigma2), rel=1e-5)
    for data in (SELF, OTHER):
        best = network.optimum(model, data)
        field = field_of(model, data, [*best[:-1], best[-1].swapaxes(1, 2)], turned=True)
        assert max(np.max(np.abs(b)) for b in field.imbalances()) < 1e-12
        assert max(np.max(np.abs(g)) for g in steps_of(field)) < 1e-12
        assert field.value()[0] == pytest.approx(model.least(data), rel=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_the_least_loss_is_that_of_reduced_rank_regression(rank):
    """Least squares on the samples, then the singular values of what it predicts: another route to Tr YYᵀ − Σλ_i."""
    x, y = X - X.mean(0), Y - Y.mean(0)
    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    sizes = np.linalg.svd(fitted, compute_uv=False)
    least = (np.sum((y - fitted) ** 2) + np.sum(sizes[rank:] ** 2)) / len(x)
    assert make("unregularised", rank, SELF.sigma2).least(OTHER) == pytest.approx(least, rel=1e-10)


def test_the_summed_loss_finds_the_eigenvectors_of_the_theorem_in_order():
    """Oftadeh et al. (2020, Theorem 1): the columns of W2 against eigenvectors of Σ from its own definition."""
    runs = plan(OTHER, ks=[3], models=["summed", "unregularised"], optimizers=["gd"], seeds=[0, 1])
    program = Program(runs, OTHER)
    program.advance(12000)
    found = program.measure()
    assert np.all(found["ordered_alignment"][:2] < 1e-8)
    assert np.all(found["alignment"][2:] > 1e-3)
    assert np.all(np.abs(found["excess"]) < 1e-6)
    x, y = X - X.mean(0), Y - Y.mean(0)
    sigma = y.T @ x @ np.linalg.solve(x.T @ x, x.T @ y)
    vectors = np.linalg.eigh(sigma)[1][:, ::-1][:, :3]
    decoder = program.decoders()[1][0]
    cosines = np.sum(vectors * decoder, axis=0) / np.linalg.norm(decoder, axis=0)
    np.testing.assert_allclose(np.abs(cosines), 1, atol=1e-8)


@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("batch", [None, 16])
@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_the_same_lines_run_on_another_array_type(rule, batch, data):
    model = Deep(make("summed", 3, SELF.sigma2).loss, inner=(4,))
    runs = [Run(model, rule, rate, batch=batch) for rate in (1e-4, 2e-4)]
    here, there = Program(runs, data), Program(runs, data, xp=array_api_strict)
    for program in (here, there):
        program.advance(20)
    mine, theirs = here.measure(), there.measure()
    for name, column in mine.items():
        np.testing.assert_allclose(column, theirs[name], rtol=1e-9, atol=1e-11, err_msg=name)


@pytest.mark.parametrize("optimizer", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("batch", [None, 16])
def test_a_job_stopped_anywhere_continues_on_the_identical_trajectory(optimizer, batch):
    model = make("deep", 3, SELF.sigma2)
    runs = [Run(model, optimizer, rate, 0, batch=batch) for rate in (0.003, 0.001, 3.0)]
    schedule = Schedule(120, every=7)
    whole = Job(runs, OTHER, schedule)
    whole.proceed()
    state = None
    for _ in range(1000):
        looks = iter((False, True))
        piece = Job(runs, OTHER, schedule, state=state)
        if piece.proceed(lambda looks=looks: next(looks)):
            break
        state = {name: np.array(array) for name, array in piece.state().items()}
    for i in range(3):
        assert piece.endings[i].status == whole.endings[i].status
        assert np.array_equal(piece.endings[i].decoder, whole.endings[i].decoder)
        assert all(map(np.array_equal, piece.endings[i].layers, whole.endings[i].layers))
        for name, column in whole.history(i).items():
            assert np.array_equal(column, piece.history(i)[name])


@pytest.mark.torch
@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_torch_trains_a_deep_network_alike(data, rule):
    """A stack of layers without bias on the samples, its gradient by autodiff, torch's own optimisers."""
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    torch.set_num_threads(1)
    rate, model = 2e-4, make("deep", 3, data.sigma2, inner=(5, 4))
    program = Program([Run(model, rule, rate, seed=2)], data)
    layers = [torch.tensor(w) for w in starts.layers("normal", model.sizes(data), 2, data.reach(3))]
    for w in layers:
        w.requires_grad_(True)
    optimiser = {
        "gd": lambda: torch.optim.SGD(layers, lr=rate),
        "nesterov": lambda: torch.optim.SGD(layers, lr=rate, momentum=0.9, nesterov=True),
        "adam": lambda: torch.optim.Adam(layers, lr=rate),
    }[rule]()
    x = torch.tensor(X - X.mean(0))
    y = x if data is SELF else torch.tensor(Y - Y.mean(0))
    for _ in range(60):
        optimiser.zero_grad()
        z = x
        for w in layers:
            z = z @ w.T
        ((y - z) ** 2).sum().div(len(x)).backward()
        optimiser.step()
    program.advance(60)
    encoder, decoder = (w[0] for w in program.decoders())
    inside = (layers[2] @ layers[1] @ layers[0]).detach().numpy()
    np.testing.assert_allclose(encoder, inside, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(decoder, layers[3].detach().numpy(), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_deep_networks_reach_the_best_map_of_their_rank(data):
    runs = plan(data, ks=[9], models=["deep"], optimizers=["gd"], start="balanced", widths=[(2, 2), (5, 2, 5)])
    for run in runs:
        program = Program([run], data)
        assert program.measure()["balance"][0] < 1e-12
        program.advance(6000)
        found = program.measure()
        assert found["excess"][0] == pytest.approx(0, abs=1e-8)
        assert found["distance"][0] < 1e-4
        assert found["subspace"][0] < 1e-8
        encoder, decoder = program.decoders()
        best = data.output_basis @ data.best_map(2) @ data.basis.T
        np.testing.assert_allclose(decoder[0] @ encoder[0], best, atol=1e-4)
    assert [run.name.split("-lr")[0] for run in runs] == ["deep-gd-2x2", "deep-gd-5x2x5"]


def test_a_network_wider_than_its_data_is_as_good_as_least_squares():
    run = Run(make("deep", 9, SELF.sigma2, inner=(7,)), "gd", 1e-4)
    program = Program([run], OTHER)
    assert run.model.least(OTHER) == pytest.approx(OTHER.unexplained, rel=1e-9)
    assert all(np.isfinite(column).all() for column in program.measure().values())
    assert any("d_y ≤ d_x" in h.text for h in run.hypotheses(with_targets(from_samples(Y), X)))


@pytest.mark.parametrize("unit", [1e-7, 1e7])
def test_the_unit_of_the_targets_changes_nothing_but_the_unit_of_the_loss(unit):
    """Starts and automatic rates are fitted to the best map: the loss in its unit falls alike."""
    found = []
    for data in (OTHER, with_targets(SELF, unit * Y)):
        runs = plan(data, ks=[3], models=["summed", "deep"], optimizers=["gd"])
        programs = [Program([run], data) for run in runs]
        for program in programs:
            program.advance(300)
        found.append([program.losses()[0] / data.targets.trace for program in programs])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-4)


@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
def test_metrics_of_a_random_network_are_those_of_its_matrices_in_either_basis(data):
    """The range of the product by its own SVD; rules that run in different bases start from the same layers."""
    model = make("deep", 4, data.sigma2, inner=(2,))
    programs = [Program([Run(model, rule, 0.1, seed=5)], data) for rule in ("gd", "adam")]
    assert [program.basis for program in programs] == ["eigenvectors", "features"]
    w1, w2, w3 = starts.layers("normal", model.sizes(data), 5, data.reach(2))
    left = np.linalg.svd(w3 @ w2 @ w1)[0][:, :2]
    top = data.output_basis[:, :2]
    best = data.output_basis @ data.best_map(2) @ data.basis.T
    balance = np.sum((w2.T @ w2 - w1 @ w1.T) ** 2) + np.sum((w3.T @ w3 - w2 @ w2.T) ** 2)
    for program in programs:
        found = program.measure()
        np.testing.assert_allclose(program.decoders()[0][0], w2 @ w1, atol=1e-13)
        np.testing.assert_allclose(program.decoders()[1][0], w3, atol=1e-13)
        assert found["subspace"][0] == pytest.approx(1 - np.sum((top.T @ left) ** 2) / 2, rel=1e-10)
        assert found["distance"][0] == pytest.approx(np.linalg.norm(w3 @ w2 @ w1 - best), rel=1e-10)
        assert found["balance"][0] == pytest.approx(np.sqrt(balance), rel=1e-10)


@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
def test_the_batches_of_an_epoch_pair_samples_with_their_targets(rule):
    """One step of gradient descent on each batch is one on the data of that batch alone; adam in its own basis."""
    model = make("summed", 3, SELF.sigma2)
    program = Program([Run(model, rule, 1e-3, seed=4, batch=10)], OTHER)
    assert program.steps_per_epoch == 5
    w1, w2 = (w[0].copy() for w in program.decoders())
    order = np.random.default_rng([4, 0]).permutation(50)
    x, y = X - X.mean(0), Y - Y.mean(0)
    first, second = [np.zeros_like(w) for w in (w1, w2)], [np.zeros_like(w) for w in (w1, w2)]
    for t, rows in enumerate(np.split(order, 5), start=1):
        program.advance(1)
        xb, yb = x[rows], y[rows]
        g = [np.zeros_like(w1), np.zeros_like(w2)]
        for b in (1, 2, 3):
            error = xb @ w1[:b].T @ w2[:, :b].T - yb
            g[0][:b] += 2 * w2[:, :b].T @ error.T @ xb / 10
            g[1][:, :b] += 2 * error.T @ xb @ w1[:b].T / 10
        for i, w in enumerate((w1, w2)):
            if rule == "gd":
                w -= 1e-3 * g[i]
            elif rule == "nesterov":
                first[i] = 0.9 * first[i] + g[i]
                w -= 1e-3 * (g[i] + 0.9 * first[i])
            else:
                first[i], second[i] = 0.9 * first[i] + 0.1 * g[i], 0.999 * second[i] + 0.001 * g[i] ** 2
                w -= 1e-3 * first[i] / (1 - 0.9**t) / (np.sqrt(second[i] / (1 - 0.999**t)) + 1e-8)
    np.testing.assert_allclose(program.decoders()[0][0], w1, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(program.decoders()[1][0], w2, rtol=1e-9, atol=1e-12)


def test_networks_of_equal_widths_move_in_one_batch_as_they_do_alone():
    runs = plan(OTHER, ks=[3], models=["deep"], optimizers=["nesterov"], rates=["grid"], seeds=[0, 1])
    runs = [run for run in runs if run.rate < 2e-4]
    together = Program(runs, OTHER)
    together.advance(40)
    for i, run in enumerate(runs):
        alone = Program([run], OTHER)
        alone.advance(40)
        np.testing.assert_allclose(together.decoders()[1][i], alone.decoders()[1][0], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("rule", ["gd", "adam", "flow"])
def test_a_finished_network_has_all_of_its_layers_in_its_file(rule, tmp_path):
    runs = plan(OTHER, ks=[3], models=["deep", "summed"], optimizers=[rule], rates=[1e-4], widths=[(5, 3), (4,)])
    config = campaign.Config(tuple(runs), Schedule(3), "float64", OTHER.digest, {})
    assert campaign.train(tmp_path / "r", config, OTHER)
    for run, ending, _ in campaign.results(tmp_path / "r"):
        assert [w.shape for w in ending.layers] == ([(5, 6), (3, 5)] if run.model.inner else [])
        if ending.layers:
            np.testing.assert_allclose(ending.layers[1] @ ending.layers[0], ending.encoder, atol=1e-12)
            start = starts.layers("normal", run.model.sizes(OTHER), 0, OTHER.reach(3))
            np.testing.assert_allclose(ending.layers[0], start[0], atol=0.1)


def test_what_the_theorem_assumes_is_checked_on_the_targets():
    def broken(data, name="summed"):
        return [h.text for h in Run(make(name, 3, data.sigma2), "gd", 0.1).hypotheses(data) if not h.holds]

    assert broken(OTHER) == []
    narrow = from_samples(X[:, :2])
    (one,) = (run.hypotheses(with_targets(narrow, Y)) for run in [Run(make("summed", 1, narrow.sigma2), "gd", 0.1)])
    assert all(h.holds for h in one)
    assert broken(with_targets(from_samples(X * [1, 1, 1, 1, 1, 0]), Y)) == ["Σ_xx has full rank"]
    assert "λ_3(Σ) > 0" in broken(with_targets(SELF, X[:, :1] @ np.ones((1, 4))))
    start = [Run(make("deep", 3, SELF.sigma2), "gd", 0.1, start=s) for s in ("normal", "balanced", "orthogonal")]
    assert [all(h.holds for h in run.hypotheses(SELF)) for run in start] == [False, True, True]
    signs = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    tied = with_targets(from_samples(signs), signs * [2, 1, 1])
    (found,) = (h for h in Run(make("summed", 2, tied.sigma2), "gd", 0.1).hypotheses(tied) if not h.holds)
    assert found.text == "λ_1 > … > λ_3 for Σ = Σ_yxΣ_xx⁻¹Σ_xy"
    assert found.why == "λ_2 = λ_3 = 1"


def test_balanced_layers_of_a_start_are_balanced_and_others_have_unit_norms():
    for sizes in ((6, 3, 4), (6, 5, 2, 4)):
        layers = starts.layers("balanced", sizes, seed=3)
        assert max(np.max(np.abs(b)) for b in deep_flow.balance(layers)) < 1e-12
        assert np.linalg.matrix_rank(deep_flow.product(layers)) == min(sizes)
        norms = [np.linalg.norm(w, 2) for w in starts.layers("orthogonal", sizes, 3, reach=100.0)]
        assert np.prod(norms) == pytest.approx(100)
        for w in starts.layers("orthogonal:2", sizes, seed=3):
            np.testing.assert_allclose(np.linalg.svd(w, compute_uv=False), 2, rtol=1e-12)
        for w in starts.layers("normal", (600, *sizes[1:-1], 400), seed=3)[::2]:
            assert 0.8 < np.linalg.norm(w, 2) < 1.2
    with pytest.raises(ValueError, match="want normal, balanced or orthogonal"):
        starts.layers("subspace", (3, 2, 3), 0)
