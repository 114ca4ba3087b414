"""Flows: closed forms, another integrator and formula, what is conserved, limits, the order of Euler's method."""

import array_api_strict
import numpy as np
import pytest

from numerics import deep_flow as reference
from numerics.training import flow_steps
from numerics.training.catalogue import MODELS, make
from numerics.training.data import Data, from_samples, synthetic
from numerics.training.job import Job, Schedule
from numerics.training.plan import allowed, plan
from numerics.training.program import Program, Run
from numerics.training.starts import balanced_layers, layers
from numerics.training.targets import with_targets

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 4)) * [2, 1.5, 1, 0.7]
Y = X @ RNG.normal(size=(4, 3)) + RNG.normal(size=(30, 3))
SELF = from_samples(X)
OTHER = with_targets(SELF, Y)
BOTH = pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])


def moments(data):
    return data.covariance(), data.covariance() if data.targets is None else data.targets.cross


def deep(data, inner=(3,), k=2):
    return make("deep", k, data.sigma2, inner=inner)


def product(program, run=0):
    encoder, decoder = program.decoders()
    return decoder[run] @ encoder[run]


def test_two_balanced_numbers_follow_the_logistic_curve():
    """w1 = w2 = w, u = w²: u̇ = 4σ²u(1 − u), so u = 1/(1 + (1/u_0 − 1)e^{−4σ²t})."""
    data = Data(np.array([2.0]), np.eye(1))
    w = np.full((1, 2, 1, 1), 0.1)
    program = Program([Run(make("unregularised", 1, data.sigma2), "flow", 0.3)], data, state={"step": 0, "weights": w})
    for step in range(1, 6):
        program.advance(1)
        exact = 1 / (1 + (1 / 0.01 - 1) * np.exp(-8 * 0.3 * step))
        assert product(program)[0, 0] == pytest.approx(exact, rel=1e-8)


@BOTH
@pytest.mark.parametrize("inner", [(), (3,), (3, 5)])
def test_the_flow_of_layers_is_that_of_another_integrator_and_formula(data, inner):
    """deep_flow follows half of the loss, so half as fast; its layers are those of the features, not turned."""
    model = deep(data, inner)
    program = Program([Run(model, "flow", 0.05, seed=3)], data)
    program.advance(4)
    xx, yx = moments(data)
    found = reference.integrate(
        layers("normal", model.sizes(data), 3, data.reach(2)), xx, yx, 2 * 0.2, rtol=1e-11
    ).layers
    np.testing.assert_allclose(program.decoders()[0][0], reference.product(found[:-1]), atol=1e-8)
    np.testing.assert_allclose(program.decoders()[1][0], found[-1], atol=1e-8)


@BOTH
def test_the_flow_conserves_what_gradient_descent_does_not_and_descends(data):
    """From a start that is not balanced. Euler's error is proportional to its step."""
    runs = [Run(deep(data), rule, rate) for rule, rate in (("flow", 0.02), ("gd", 0.002), ("gd", 0.001))]
    found = []
    for run in runs:
        program = Program([run], data)
        assert program.measure()["balance"][0] > 0.1
        before = program.losses()[0]
        program.advance(round(0.4 / run.rate))
        assert program.losses()[0] < before
        found.append((program.measure()["drift"][0], product(program)))
    assert found[0][0] < 1e-9
    assert found[1][0] / found[2][0] == pytest.approx(2, rel=0.05)
    errors = [np.max(np.abs(matrix - found[0][1])) for _, matrix in found[1:]]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


def test_layers_become_each_others_transposes_from_a_balanced_start_only():
    """Bah et al. (2019, Section 7 b) say so of any start; W2ᵀW2 − W1W1ᵀ, which the flow conserves, forbids it."""
    found = {}
    for start in ("normal", "balanced"):
        program = Program([Run(deep(SELF, ()), "flow", 2.0, start=start)], SELF)
        found[start] = program.measure()["balance"][0]
        program.advance(25)
        after = program.measure()
        assert after["distance"][0] < 1e-7
        assert after["balance"][0] == pytest.approx(found[start], abs=1e-8)
        assert (after["transpose"][0] < 1e-7) == (start == "balanced")
    assert found["normal"] > 0.1


def test_with_masks_only_the_diagonal_of_the_last_balance_is_conserved():
    program = Program([Run(make("summed", 3, SELF.sigma2), "flow", 0.02)], OTHER)
    (before,) = program._field._whole.imbalances()
    program.advance(20)
    (after,) = program._field._whole.imbalances()
    assert program.measure()["drift"][0] < 1e-9
    assert np.max(np.abs(after - before)) > 1e-3


def power(gram, exponent, rank):
    values, vectors = np.linalg.eigh(gram)
    values[: len(values) - rank] = 0
    return vectors * np.maximum(values, 0) ** exponent @ vectors.T


@BOTH
@pytest.mark.parametrize("inner", [(), (2,), (5, 3, 2)])
def test_the_riemannian_direction_is_its_definition(data, inner):
    """𝒜_W(Z) = Σ_j (WWᵀ)^{(N−j)/N} Z (WᵀW)^{(j−1)/N} (Bah et al. 2019, (25)), by roots of Gram matrices."""
    model, depth = make("riemannian", 2, data.sigma2, inner=inner), len(inner) + 2
    program = Program([Run(model, "gd", 0.01, seed=1)], data)
    w = product(program)
    program.advance(1)
    xx, yx = moments(data)
    slope = 2 * (w @ xx - yx)
    moved = np.zeros_like(w)
    for j in range(1, depth + 1):
        left = power(w @ w.T, (depth - j) / depth, 2) if j < depth else np.eye(len(w))
        right = power(w.T @ w, (j - 1) / depth, 2) if j > 1 else np.eye(w.shape[1])
        moved += left @ slope @ right
    after = program.parameters["map"][0]
    np.testing.assert_allclose(data.output_basis @ after @ data.basis.T, w - 0.01 * moved, atol=1e-12)


@BOTH
@pytest.mark.parametrize("inner", [(), (3,), (5, 2)])
def test_the_product_of_balanced_layers_follows_the_riemannian_flow(data, inner):
    """Bah et al. (2019), Corollary 8; from one seed both start from one product."""
    found = {}
    for name in ("deep", "riemannian"):
        program = Program([Run(make(name, 2, data.sigma2, inner=inner), "flow", 0.1, 2, "balanced")], data)
        assert program.measure()["drift"][0] < 1e-14
        program.advance(15)
        assert program.measure()["drift"][0] < 1e-8
        found[name] = product(program), program.measure()
    np.testing.assert_allclose(found["deep"][0], found["riemannian"][0], atol=1e-6)
    for name in ("loss", "excess", "distance", "subspace", "effective_rank"):
        assert found["deep"][1][name] == pytest.approx(found["riemannian"][1][name], abs=1e-6), name


@BOTH
def test_the_flow_converges_to_the_best_map_of_its_rank(data):
    program = Program([Run(make("riemannian", 2, data.sigma2, inner=(2,)), "flow", 1.0, 2)], data)
    program.advance(40)
    found = program.measure()
    assert found["excess"][0] == pytest.approx(0, abs=1e-8)
    assert found["distance"][0] < 1e-6
    assert found["drift"][0] < 1e-8


def test_eulers_method_leaves_the_rank_at_the_second_order_and_the_flow_does_not():
    off = []
    for rate in (0.002, 0.001):
        program = Program([Run(make("riemannian", 2, SELF.sigma2), "gd", rate, 2)], SELF)
        program.advance(round(0.2 / rate))
        off.append(program.measure()["drift"][0])
        beyond = np.linalg.svd(program.parameters["map"][0], compute_uv=False)[2]
        assert off[-1] == pytest.approx(beyond, rel=1e-10)
    assert off[0] / off[1] == pytest.approx(2, rel=0.05)


def frame(run, data):
    w = Program([run], data).decoders()[1][0]
    np.testing.assert_allclose(w.T @ w, np.eye(w.shape[1]), atol=1e-12)
    return w


def test_a_brockett_step_is_as_printed_and_its_flow_stays_orthonormal_and_orders_the_eigenvectors():
    """Bao et al. (2020, (51)): 2(I − WWᵀ)CWD + 2W skew(WᵀCWD), D = diag(3, 2, 1)."""
    model = make("brockett", 3, SELF.sigma2)
    euler = Run(model, "gd", 0.01)
    w, c, d = frame(euler, SELF), SELF.covariance(), np.diag([3.0, 2.0, 1.0])
    inner = w.T @ c @ w @ d
    velocity = 2 * (np.eye(4) - w @ w.T) @ c @ w @ d + 2 * w @ (inner - inner.T) / 2
    program = Program([euler], SELF)
    program.advance(1)
    np.testing.assert_allclose(program.decoders()[1][0], w + 0.01 * velocity, atol=1e-12)
    np.testing.assert_allclose(w.T @ velocity + velocity.T @ w, 0, atol=1e-12)
    flow = Program([Run(model, "flow", 4.0)], SELF)
    flow.advance(25)
    found = flow.measure()
    assert found["drift"][0] < 1e-8
    assert found["ordered_alignment"][0] < 1e-10
    assert found["excess"][0] == pytest.approx(0, abs=1e-8)


def test_the_brockett_velocity_is_minus_the_gradient_on_the_manifold_of_the_loss_that_is_reported():
    """Along any tangent Z the loss changes by minus the product ⟨Z, Ẇ⟩, the Euclidean one."""
    model = make("brockett", 2, SELF.sigma2)
    w = frame(Run(model, "gd", 1.0), SELF)

    def loss(w):
        return sum(np.sum((X - X.mean(0) - (X - X.mean(0)) @ w[:, :b] @ w[:, :b].T) ** 2) for b in (1, 2)) / len(X)

    program = Program([Run(model, "gd", 1.0)], SELF)
    assert program.losses()[0] == pytest.approx(loss(w), rel=1e-12)
    program.advance(1)
    velocity = program.decoders()[1][0] - w
    free = RNG.normal(size=(4, 2))
    tangent = free - w @ (w.T @ free + free.T @ w) / 2
    moved = [np.linalg.qr(w + sign * 1e-6 * tangent) for sign in (1, -1)]
    ahead, behind = (loss(q * np.sign(np.diag(r))) for q, r in moved)
    assert (ahead - behind) / 2e-6 == pytest.approx(-np.sum(velocity * tangent), rel=1e-6)


@pytest.mark.parametrize("name", [name for name in allowed(["flow"], None, SELF)])
def test_every_flow_is_the_limit_of_gradient_descent(name):
    """The rotation of RAG beside the update, tied weights and the variances of the VAE among them."""
    model, coarse, ends = make(name, 2, SELF.sigma2), 0.004, []
    for rule, parts in (("flow", 1), ("gd", 50), ("gd", 100)):
        program = Program([Run(model, rule, coarse / parts, 1, "balanced:0.5")], SELF)
        program.advance(parts)
        ends.append({name: array.copy() for name, array in program.parameters.items()})
    for name in ends[0]:
        errors = [np.max(np.abs(end[name] - ends[0][name])) for end in ends[1:]]
        assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("name", ["deep", "riemannian", "brockett", "rag-printed", "vae", "summed"])
def test_a_flow_stopped_anywhere_continues_on_the_identical_trajectory(name):
    """Whatever runs beside it, and however often it is looked at."""
    runs = [Run(make(name, 2, SELF.sigma2), "flow", rate, 0) for rate in (0.03, 0.1)]
    whole = Job(runs, SELF, Schedule(21, every=5))
    whole.proceed()
    state = None
    for _ in range(100):
        looks = iter((False, True))
        piece = Job(runs, SELF, Schedule(21, every=5), state=state)
        if piece.proceed(lambda looks=looks: next(looks)):
            break
        state = {name: np.array(array) for name, array in piece.state().items()}
    alone = Job(runs[1:], SELF, Schedule(21, every=21))
    alone.proceed()
    assert np.array_equal(alone.endings[0].decoder, whole.endings[1].decoder)
    for i in range(2):
        assert piece.endings[i].status == "completed"
        assert np.array_equal(piece.endings[i].encoder, whole.endings[i].encoder)
        for column in whole.names:
            assert np.array_equal(piece.history(i)[column], whole.history(i)[column], equal_nan=True)


@pytest.mark.parametrize("data", [SELF, OTHER], ids=["Y = X", "Y ≠ X"])
@pytest.mark.parametrize(("name", "rule"), [("riemannian", "flow"), ("riemannian", "gd"), ("deep", "flow")])
def test_the_same_lines_run_on_another_array_type(name, rule, data):
    runs = [Run(make(name, 2, SELF.sigma2), rule, rate) for rate in (0.01, 0.02)]
    here, there = Program(runs, data), Program(runs, data, xp=array_api_strict)
    for program in (here, there):
        program.advance(3)
    assert all(isinstance(array, type(array_api_strict.asarray(0.0))) for array in there.parameters.values())
    theirs = there.measure()
    for metric, column in here.measure().items():
        np.testing.assert_allclose(column, theirs[metric], rtol=1e-9, atol=1e-11, err_msg=metric)


def test_eulers_method_that_explodes_on_a_manifold_is_a_run_that_diverged():
    runs = [Run(make("riemannian", 2, SELF.sigma2), "gd", rate) for rate in (0.001, 30.0)]
    job = Job(runs, SELF, Schedule(300))
    job.proceed()
    assert [job.endings[i].status for i in range(2)] == ["completed", "diverged"]


def test_an_integrator_that_gives_up_leaves_no_number():
    """ẏ = y² from 1 is infinite at 1."""

    class Explosion:
        drifts = False

        def __init__(self):
            self.parameters = {"y": np.ones((1, 1))}

        def descent(self, step):
            return {"y": -(self.parameters["y"] ** 2) * 2}

    assert np.isnan(flow_steps._integrate(Explosion(), np.ones(1), 0, np)).all()


def test_what_has_no_flow_is_refused():
    assert set(MODELS) - set(allowed(["flow"], None, SELF)) == {"nested-dropout-batch", "nested-dropout-sample"}
    assert set(MODELS) - set(allowed(["gd", "adam"], None, SELF)) == {"riemannian", "brockett"}
    for arguments, message in (
        ({"models": ["deep"], "batch": 5}, "batch-size: a flow is of all samples"),
        ({"models": ["nested-dropout-batch"]}, "model: nested-dropout-batch draws"),
        ({"models": ["brockett"], "optimizers": ["nesterov"]}, "brockett flows on a manifold; want flow, or gd"),
    ):
        with pytest.raises(ValueError, match=message):
            plan(SELF, ks=[2], **{"optimizers": ["flow"]} | arguments)
    with pytest.raises(ValueError, match="dtype: got float32"):
        Program(plan(SELF, ks=[2], models=["deep"], optimizers=["flow"]), SELF, dtype="float32")
    with pytest.raises(ValueError, match="until: got 'alignment'"):
        Job(plan(SELF, ks=[2], models=["riemannian"], optimizers=["flow"]), SELF, Schedule(1, until=("alignment", 0)))
    with pytest.raises(ValueError, match="model: got brockett with targets"):
        plan(OTHER, ks=[2], models=["brockett"], optimizers=["flow"])


def test_layers_of_a_given_product_are_balanced_and_need_its_rank():
    wanted = np.diag([4.0, 1.0, 0.0])
    found = balanced_layers(wanted, [2, 4], RNG)
    np.testing.assert_allclose(reference.product(found), wanted, atol=1e-12)
    assert max(np.max(np.abs(b)) for b in reference.balance(found)) < 1e-12
    with pytest.raises(ValueError, match="want at least the rank"):
        balanced_layers(np.eye(3), [2], RNG)


def test_the_automatic_step_of_a_flow_is_that_of_gradient_descent():
    data = synthetic([3.0, 1.0], n=None, rng=np.random.default_rng(0))
    euler, flow = plan(data, ks=[1], models=["deep"], optimizers=["gd", "flow"])
    assert euler.rate == flow.rate == pytest.approx(1 / (2 * 3 * 3.0))
