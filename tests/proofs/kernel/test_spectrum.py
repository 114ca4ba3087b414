"""The spectral theorem as rules: what they give is true of matrices, and what would need more is refused."""

from __future__ import annotations

import numpy as np
import pytest

from proofs.kernel import rules
from proofs.kernel.binding import Captured, free, substitute
from proofs.kernel.expressions import (
    Basis,
    Expr,
    Family,
    Inner,
    Letter,
    ShapeError,
    SqNorm,
    Sum,
    Sym,
    integer,
    lift,
    size,
    sqrt,
)
from proofs.kernel.propositions import ONE, ZERO, Every, Rel
from proofs.kernel.spectrum import (
    Extreme,
    HessianAt,
    Null,
    absolute,
    conditioned,
    extremal,
    form,
    length,
    null_directions,
    rayleigh,
)
from proofs.kernel.theorem import Refused, Theorem, recheck
from proofs.tactics.prove import Ground

k, n = size("k"), size("n")
i, j, c = integer("i"), integer("j"), Sym("c")
M = Letter("M", n, n, frozenset({"symmetric"}))
ANY = Letter("A", n, n)
v, w = Letter("v", n, 1), Letter("w", n, 1)
W, D = Letter("W", k, 1), Letter("D", k, 1)
σ = Family("σ")
BOWL = HessianAt(c * SqNorm(W), (W,), (Letter("P", k, 1),), k, 1)
CUBIC = HessianAt(Inner(W, W) ** 2, (W,), (Basis(ONE, k),), k, 1)
GROUND = Ground.of([Rel(ONE, "≤", k), Rel(ONE, "≤", n)])


def given(p: Expr) -> Theorem:
    return rules.hypothesis(p)


def curved(h: HessianAt, z: Expr, bound: Expr, kind: str = "s_min") -> Theorem:
    return GROUND.prove(Rel(bound * SqNorm(z), "=", form(h, (z,))))


# -- what they give --------------------------------------------------------------------------------


def test_rayleigh_is_true_of_random_matrices():
    """The fact, by NumPy: of 200 symmetric matrices the quotient lies between the extreme eigenvalues."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        a = rng.normal(size=(4, 4))
        a, x = a + a.T, rng.normal(size=4)
        low, *_, high = np.linalg.eigvalsh(a)
        assert low * (x @ x) <= x @ a @ x + 1e-12
        assert x @ a @ x <= high * (x @ x) + 1e-12


def test_eigenvalues_off_null_directions_are_those_on_the_complement():
    """The fact for null directions: s_min |v⊥|² ≤ vᵀHv ≤ s_max |v⊥|², the zeros left out."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        q, _ = np.linalg.qr(rng.normal(size=(5, 5)))
        d = np.array([0, 0, *rng.normal(size=3)])
        a, x = q @ np.diag(d) @ q.T, rng.normal(size=5)
        rest = x @ x - sum((q[:, c] @ x) ** 2 for c in range(2))
        assert min(d[2:]) * rest <= x @ a @ x + 1e-12
        assert x @ a @ x <= max(d[2:]) * rest + 1e-12


@pytest.mark.parametrize(("kind", "op"), [("s_min", "≤"), ("s_max", "≥")])
def test_rayleigh(kind, op):
    t = rayleigh(Extreme(kind, M), (v,))
    assert t.says == Rel(Extreme(kind, M) * SqNorm(v), op, form(M, (v,)))
    assert t.rests_on == {"spectral theorem"}
    assert not t.given
    assert recheck(t) == 1


def test_a_matrix_that_is_known_to_be_symmetric():
    even = given(Rel(ANY, "=", ANY.T))
    assert rayleigh(Extreme("s_min", ANY), (v,), (), even).given == even.given


def test_extremal():
    """c|W|² has the Hessian 2c I."""
    t = rules.weaken(curved(BOWL, D, 2 * c), "≤")
    some = given(Rel(SqNorm(Basis(ONE, k)), ">", ZERO))
    e = Extreme("s_min", BOWL)
    assert extremal(e, 2 * c, t, (D,), some).says == Rel(e, "≥", 2 * c)


def test_conditioned():
    t = given(Rel(Extreme("s_min", M, 2), ">", ZERO))
    assert conditioned(Extreme("cond", M, 2), t).says.right == Extreme("s_max", M, 2) / Extreme("s_min", M, 2)


def test_singular_values():
    psd = Letter("M", n, n, frozenset({"psd"}))
    assert absolute(Extreme("s_max", psd, 0, True)).says.right == Extreme("s_max", psd)


# -- what is refused -------------------------------------------------------------------------------


def test_not_of_a_matrix_that_may_not_be_symmetric():
    with pytest.raises(Refused):
        rayleigh(Extreme("s_min", ANY), (v,))
    with pytest.raises(Refused):
        rayleigh(Extreme("s_min", ANY), (v,), (), given(Rel(M, "=", M.T)))


def test_not_of_singular_values_or_condition_numbers():
    for e in (Extreme("s_min", M, 0, True), Extreme("cond", M), c):
        with pytest.raises(Refused):
            rayleigh(e, (v,))


def test_not_where_eigenvalues_are_left_out():
    """diag(0, 1) without its zero has the least eigenvalue 1."""
    for null in (1, k):
        with pytest.raises(Refused):
            rayleigh(Extreme("s_min", BOWL, null), (D,))


def test_not_along_directions_of_other_shapes():
    for z in ((), (v, w), (Letter("u", k, 1),)):
        with pytest.raises(Refused):
            rayleigh(Extreme("s_min", M), z)


def test_not_of_losses_that_are_no_polynomials():
    """√(wᵀw) has no Hessian at 0; a denominator may vanish."""
    for loss in (sqrt(SqNorm(W)), 1 / (1 + SqNorm(W)), SqNorm(W) ** c):
        with pytest.raises(Refused):
            rayleigh(Extreme("s_min", HessianAt(loss, (W,), (Basis(ONE, k),), k, 1)), (D,))


def test_not_of_weights_with_traits():
    """The entries of a skew matrix are not independent."""
    skew = Letter("K", k, k, frozenset({"skew"}))
    with pytest.raises(ShapeError):
        HessianAt(SqNorm(skew), (skew,), (Letter("P", k, k),), k * k, 1)


def test_a_bound_for_some_directions_is_none():
    """vᵀHv for v = e_1 alone says nothing of s_min."""
    e = Extreme("s_min", CUBIC)
    some = given(Rel(SqNorm(Basis(ONE, k)), ">", ZERO))
    fixed = given(Rel(c * SqNorm(Basis(ONE, k)), "≤", form(CUBIC, (Basis(ONE, k),))))
    with pytest.raises(Refused):
        extremal(e, c, fixed, (Basis(ONE, k),), some)
    supposed = given(Rel(c * SqNorm(D), "≤", form(CUBIC, (D,))))  # of this D
    with pytest.raises(Refused):
        extremal(e, c, supposed, (D,), some)


def test_a_bound_that_depends_on_the_direction_is_none():
    e, some = Extreme("s_min", BOWL), given(Rel(SqNorm(Basis(ONE, k)), ">", ZERO))
    q = form(BOWL, (D,))
    t = rules.weaken(rules.ring(Rel(2 * c * SqNorm(D) * SqNorm(D), "=", 2 * c * SqNorm(D) ** 2)), "≤")
    with pytest.raises(Refused):
        extremal(e, 2 * c * SqNorm(D), t, (D,), some)
    with pytest.raises(Refused):
        extremal(e, q, t, (D,), some)


def test_no_bound_where_there_may_be_no_direction():
    """A 0 × 0 matrix has no eigenvalues."""
    t = rules.weaken(curved(BOWL, D, 2 * c), "≤")
    for some in (Rel(SqNorm(Basis(ONE, k)), "≥", ZERO), Rel(c, ">", ZERO), Rel(SqNorm(v), ">", ZERO)):
        with pytest.raises(Refused):
            extremal(Extreme("s_min", BOWL), 2 * c, t, (D,), given(some))


def test_bounds_from_the_wrong_side():
    t, some = curved(BOWL, D, 2 * c), given(Rel(SqNorm(Basis(ONE, k)), ">", ZERO))
    with pytest.raises(Refused):
        extremal(Extreme("s_max", BOWL), 2 * c, rules.weaken(t, "≤"), (D,), some)
    with pytest.raises(Refused):
        extremal(Extreme("s_min", BOWL), 2 * c, rules.weaken(t, "≥"), (D,), some)


def test_no_ratio_where_the_least_may_not_be_positive():
    for p in (
        Rel(Extreme("s_min", M), "≥", ZERO),
        Rel(Extreme("s_min", M, 1), ">", ZERO),
        Rel(Extreme("s_max", M), ">", ZERO),
    ):
        with pytest.raises(Refused):
            conditioned(Extreme("cond", M), given(p))


def test_singular_values_of_symmetric_matrices_are_no_eigenvalues():
    with pytest.raises(Refused):
        absolute(Extreme("s_min", M, 0, True))


# -- null directions -------------------------------------------------------------------------------
FLAT = HessianAt(Sum(i, ONE, lift(1), σ[i] * Inner(W, Basis(i, k)) ** 2), (W,), (Letter("P", k, 1),), k, 1)
"""σ_1 w_1²: every e_i with i > 1 is null."""
LEAST = Extreme("s_min", FLAT, k - 1)
OTHERS = Null(i, (Basis(i + 1, k),), ONE)


def known(e: Extreme, null: Null, z: Letter) -> tuple[Theorem, ...]:
    return tuple(GROUND.prove(p) for p in null_directions(e, null, (z,), j))


def test_null_directions():
    found = known(LEAST, OTHERS, D)
    says = rayleigh(LEAST, (v_k := Letter("v", k, 1),), found, None, OTHERS, (D,)).says
    assert says.left == LEAST * length(LEAST, (v_k,), OTHERS)


def test_not_without_one_of_the_conditions():
    found = known(LEAST, OTHERS, D)
    for left in range(4):
        with pytest.raises(Refused):
            rayleigh(LEAST, (Letter("v", k, 1),), (*found[:left], *found[left + 1 :]), None, OTHERS, (D,))


def test_not_where_a_null_direction_is_only_null_against_some():
    """⟨n, H z⟩ = 0 for one z, which is supposed of it."""
    claims = [given(p) for p in null_directions(LEAST, OTHERS, (D,), j)]
    with pytest.raises(Refused):
        rayleigh(LEAST, (Letter("v", k, 1),), tuple(claims), None, OTHERS, (D,))


def test_not_with_another_number_of_null_directions():
    found = known(LEAST, OTHERS, D)
    with pytest.raises(Refused):
        rayleigh(Extreme("s_min", FLAT, k), (Letter("v", k, 1),), found, None, OTHERS, (D,))


def test_the_index_of_null_directions_is_not_captured():
    found = known(LEAST, OTHERS, D)
    with pytest.raises(Refused):
        rayleigh(LEAST, (σ[i] * Letter("v", k, 1),), found, None, OTHERS, (D,))


def test_the_whole_length_needs_a_rising_direction():
    """At most one eigenvalue, −1, is left: s_max |v|² ≥ vᵀHv fails along null directions."""
    greatest = Extreme("s_max", FLAT, k - 1)
    found, v_k = known(greatest, OTHERS, D), Letter("v", k, 1)
    for op in ("≥", "<"):
        with pytest.raises(Refused):
            rayleigh(greatest, (v_k,), found, None, OTHERS, (D,), given(Rel(form(FLAT, (v_k,)), op, ZERO)))
    with pytest.raises(Refused):
        rayleigh(LEAST, (v_k,), found, None, OTHERS, (D,), given(Rel(form(FLAT, (v_k,)), ">", ZERO)))


# -- binding ---------------------------------------------------------------------------------------


def test_what_a_loss_speaks_of_is_free_in_its_hessian():
    h = HessianAt(σ[j] * SqNorm(W), (W,), (Letter("P", k, 1),), k, 1)
    assert {j, σ} <= free(Extreme("s_min", h))
    assert n in free(Extreme("s_min", h, n))
    with pytest.raises(Captured):
        substitute(Extreme("s_min", h), {j: lift(2)})
    with pytest.raises(Captured):
        substitute(Extreme("s_min", h, n), {n: lift(2)})
    with pytest.raises(Refused):
        rules.generalise(given(Rel(Extreme("s_min", h), ">", ZERO)), j, ONE, k)


def test_every_instance_is_of_its_own_hessian():
    """∀ j: s_min(H_j) > 0 is not changed into one that speaks of no j."""
    h = HessianAt(σ[j] * SqNorm(W), (W,), (Letter("P", k, 1),), k, 1)
    t = given(Every(j, ONE, k, Rel(Extreme("s_min", h), ">", ZERO)))
    ends = given(Rel(ONE, "≤", ONE)), given(Rel(ONE, "≤", k))
    with pytest.raises(Captured):
        rules.instance(t, ONE, *ends)
