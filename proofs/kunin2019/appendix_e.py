"""Kunin et al. 2019, Appendix E: L_X as a function on the Grassmannian.

A plane is the projection P = OOᵀ on it, and L_X(P) = ‖X − PX‖². Principal directions are in any order here, so that
the first k of them are any k.

Main results
    local_form_corrected    around a critical plane L_X is its height plus Σ (σ_a² − σ_b²)c_ba², exactly
    diagram                 L(Oᵀ, O) = L_X(OOᵀ), the sum of squared distances to the plane
    frames                  critical points of L on frames are those of L, though an immersion alone does not give it
    flow_corrected          −∇L_X turns towards larger eigenvalues
    heights                 L is a sum of eigenvalues at its critical points
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Angle, Instance, Undefined, diagonal, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    First,
    Inner,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    cos,
    integer,
    sin,
    size,
)
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kunin2019.notation import SCALE, I_k, I_m, X, k, m, n, unregularized, λ
from proofs.kunin2019.section_4 import frame
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Follows, Implication, Step, fact
from proofs.methods.words import Observed
from proofs.quantities import orthogonal

M = X @ X.T
O = Letter("O", m, k, frozenset({"orthonormal"}))
P = Named("P", O @ O.T)
REST = I_m - O @ O.T
A, B, K = Letter("A", m, k), Letter("B", m, k), Letter("K", k, k, frozenset({"skew"}))
t, τ = integer("t", "", 1, n), Sym("τ")
σ = Family("σ")
Σ = Diag(σ, m, "Σ")
Ū = Letter("Ū", m, m, frozenset({"orthonormal"}), "U")
V̄ = Letter("V̄", n, m, frozenset({"orthonormal"}), "V")
DATA = Named("X", Ū @ Σ @ V̄.T)
a, b = integer("a", "", 1, k), integer("b", "", k + 1, m)
WIDE = Hypothesis("k ≤ m", r"k \le m", (Rel(k, "≤", m),))


def height(projection: Expr, data: Expr = X) -> Expr:
    """L_X of a plane."""
    return SqNorm(data - projection @ data)


def slope(path: Expr) -> Expr:
    """The derivative of L on frames along a path at τ = 0."""
    return Coeff(unregularized(path.T, path), τ, 1)


# Diagram (10) -------------------------------------------------------------------------------------
v, R = Letter("v", k, 1), Letter("R", k, k, frozenset({"orthonormal"}))
x_t = X @ Basis(t, n)


@claim("kunin2019/thmE.1/diagram", where="Theorem E.1, proof, (10)", tag="10", convention=SCALE)
def diagram() -> All:
    """L after ι is L_X after π: the sum over the points of the squared distance to the plane, however it is spanned."""
    nearest = SqNorm(x_t - O @ O.T @ x_t)
    return both(
        chain(unregularized(O.T, O), "=", height(O @ O.T), "=", Sum(t, ONE, n, nearest)),
        chain(SqNorm(x_t - O @ v), "=", nearest + SqNorm(v - O.T @ x_t), "≥", nearest),
        eq(O @ R @ (O @ R).T, O @ O.T),
    )


Z = Letter("Z", m, m, frozenset({"symmetric"}))
NORMAL = REST @ B @ O.T + O @ B.T @ REST


@claim("kunin2019/thmE.1/immersion-submersion", where="Theorem E.1, proof")
def submersion() -> All:
    """dι doubles squared lengths; every tangent Z = PZ + ZP of planes is dπ of ZO; slopes of L_X and L_X ∘ π agree."""
    moved = O + τ * (REST @ B)
    lift = Z @ O
    return both(
        eq(SqNorm(Coeff((O + τ * A).T, τ, 1)) + SqNorm(Coeff(O + τ * A, τ, 1)), 2 * SqNorm(A)),
        Implication(
            (Rel(O @ O.T @ Z + Z @ O @ O.T, "=", Z),),
            (fact(lift.T @ O + O.T @ lift, "=", 0), Rel(lift @ O.T + O @ lift.T, "=", Z)),
            (Z,),
            (Step(lambda f: 2 * (O.T @ f @ O)), Step(lambda f, _: f)),
        ),
        eq(Coeff(height(moved @ moved.T), τ, 1), Coeff(height(O @ O.T + τ * NORMAL), τ, 1)),
    )


GRADIENT = REST @ M @ O


@claim("kunin2019/thmE.1/crit-proof", where="Theorem E.1, proof", convention=SCALE)
def frames() -> All:
    """A frame is critical for L ∘ ι just where its image is for L: where its plane is invariant under XXᵀ."""
    tangent = O @ K + REST @ B
    critical = fact(slope(O + τ * GRADIENT), "=", 0)
    return both(
        eq(slope(O + τ * tangent), -2 * Inner(GRADIENT, B)),
        Implication(
            (critical,),
            (fact(GRADIENT, "=", 0), Rel(O @ O.T @ M, "=", M @ O @ O.T)),
            (X,),
            (
                Step(lambda f: f / -2, squares=SqNorm),
                Step(lambda _, g: O @ g.T - g @ O.T),
            ),
        ),
    )


H, y, c = Letter("H", m, m, frozenset({"symmetric"})), Letter("y", k, 1), Letter("c", m, 1)


@claim(
    "kunin2019/thmE.1/crit-proof/immersion",
    where="Theorem E.1, proof",
    note="For f(x) = xᵀHx + 2cᵀx and the immersion y ↦ Oy: what 'since ι is an immersion' would say of any function.",
)
def immersion() -> Implication:
    """Since ι is an immersion, critical points of f ∘ ι are those of f."""
    gradient = H @ O @ y + c
    return Implication((fact(O.T @ gradient, "=", 0),), (fact(gradient, "=", 0),), (c,))


# Theorem E.1, the critical planes -----------------------------------------------------------------
G, C = Letter("G", k, k, frozenset({"symmetric"})), Letter("C", m, k)
CHOSEN, OTHER = First(m, k), I_m - Proj(k, m)


def any_order(rng: Random, at: Instance) -> Instance:
    """Singular values in any order, some 0, some equal."""
    return {"σ": [rational(rng, at["height"], positive=True) * rng.choice((0, 1, 1, 1)) for _ in range(at["m"])]}


def ball(rng: Random, at: Instance) -> Instance:
    """G = R diag(cos)Rᵀ and C = S (0, diag(sin), 0)ᵀ Rᵀ, for orthogonal R and S."""
    size, whole = at["k"], at["m"]
    if not size <= whole:
        raise Undefined("k ≤ m")
    turned = min(size, whole - size)
    legs = [rng.choice(((3, 5), (4, 5), (5, 13), (12, 13), (0, 1), (1, 1))) for _ in range(turned)]
    others = {(3, 5): (4, 5), (4, 5): (3, 5), (5, 13): (12, 13), (12, 13): (5, 13), (0, 1): (1, 1), (1, 1): (0, 1)}
    right = orthogonal(rng, size, at["height"])
    left = orthogonal(rng, whole - size, at["height"]) if whole > size else zeros(0, 0)
    sines = zeros(whole - size, size)
    for place, leg in enumerate(legs):
        sines[place, place] = fmpq(*leg)
    cosines = [fmpq(*others[leg]) for leg in legs] + [fmpq(1)] * (size - turned)
    outside = zeros(whole, size)
    outside[size:, :] = left @ sines @ right.T
    for place in range(size):
        outside[place, 0] = rational(rng, at["height"])  # what is left out of C
    return {"G": right @ diagonal(cosines) @ right.T, "C": outside}


COORDINATES = Hypothesis(
    "k ≤ m, G² = I − Σ_{b > k} c_bᵀc_b",
    r"k \le m,\ G^2 = I - C^\top(I - \Pi_k)C",
    (Rel(k, "≤", m), Rel(G @ G, "=", I_k - C.T @ OTHER @ C)),
    ball,
)
"""C, of which the rows beyond k count, are coordinates of the planes around U_k: G is the root of I − CᵀC."""
SPANNED = Named("O", Ū @ (CHOSEN @ G + OTHER @ C))
SQUARES = Sum(a, ONE, k, Sum(b, k + 1, m, (σ[a] ** 2 - σ[b] ** 2) * Entry(C, b, a) ** 2))
LEFT = Sum(b, k + 1, m, σ[b] ** 2)
ANY_SPECTRUM = Hypothesis("σ in any order", r"\sigma \text{ in any order}", (), any_order)


@claim("kunin2019/E/local-form", where="Appendix E", given=[ANY_SPECTRUM, COORDINATES], convention=SCALE)
def local_form() -> Chain:
    """In local coordinates L_X is a sum of squares with signs."""
    return eq(height(SPANNED @ SPANNED.T, DATA), SQUARES)


@claim(
    "kunin2019/E/local-form+",
    where="Appendix E",
    given=[ANY_SPECTRUM, COORDINATES],
    convention=SCALE,
    note="For L_X, and not near the plane alone; that any function has such coordinates is the lemma of Morse.",
)
def local_form_corrected() -> Chain:
    """With its height added L_X is a sum of squares in local coordinates, each with the factor σ_a² − σ_b²."""
    seen = SPANNED.T @ DATA @ DATA.T @ SPANNED - Diag(σ, k) ** 2
    return eq(height(SPANNED @ SPANNED.T, DATA), LEFT + SQUARES, Follows(Step(lambda root: Tr(seen @ root))))


def apart(rng: Random, at: Instance) -> Instance:
    """An included and an excluded direction, with distinct positive singular values; the others are any."""
    if at["m"] <= at["k"]:
        raise Undefined("no direction is excluded")
    first, second = rng.randint(1, at["k"]), rng.randint(at["k"] + 1, at["m"])
    return {"a": first, "b": second, "σ": with_distinct(rng, at, first, second)}


def with_distinct(rng: Random, at: Instance, first: int, second: int) -> list[fmpq]:
    values = [rational(rng, at["height"]) for _ in range(at["m"])]
    scale = fmpq(1, rng.choice((1, 4, 20)))
    values[first - 1], values[second - 1] = (x * scale for x in rng.sample(range(1, 9), 2))
    return values


DISTINCT = Hypothesis(
    "σ_a ≠ σ_b, σ_a > 0, σ_b > 0",
    r"\sigma_a \neq \sigma_b,\ \sigma_a > 0,\ \sigma_b > 0",
    (Rel(σ[a], "≠", σ[b]), Rel(σ[a], ">", ZERO), Rel(σ[b], ">", ZERO)),
    apart,
    any_order,
)


@claim(
    "kunin2019/thmE.1/nondegenerate-proof",
    where="Theorem E.1, proof",
    given=[WIDE, DISTINCT],
    note="The factors of the squares of E/local-form+, one for each included a and excluded b.",
)
def nondegenerate() -> All:
    """No factor is 0, and there are as many of them as Gr_k(ℝ^m) has dimensions."""
    return both(
        chain(σ[a] ** 2 - σ[b] ** 2, "=", (σ[a] - σ[b]) * (σ[a] + σ[b]), "≠", ZERO),
        eq(Sum(a, ONE, k, Sum(b, k + 1, m, ONE)), k * (m - k)),
    )


i, j = integer("i", "", 1, m), integer("j", "", 1, m)
Q = Letter("P", m, m, frozenset({"symmetric"}))
COVARIANCE = Ū @ Σ**2 @ Ū.T


def two_directions(rng: Random, at: Instance) -> Instance:
    if at["m"] < 2:
        raise Undefined("m = 1 has no two directions")
    first, second = rng.sample(range(1, at["m"] + 1), 2)
    return {"i": first, "j": second, "σ": with_distinct(rng, at, first, second)}


def two_alike(rng: Random, at: Instance) -> Instance:
    return {**two_directions(rng, at), "σ": [fmpq(1)] * at["m"]}


DIFFERENT = Hypothesis(
    "σ_i ≠ σ_j, σ_i > 0, σ_j > 0",
    r"\sigma_i \neq \sigma_j,\ \sigma_i > 0,\ \sigma_j > 0",
    (Rel(σ[i], "≠", σ[j]), Rel(σ[i], ">", ZERO), Rel(σ[j], ">", ZERO)),
    two_directions,
    two_alike,
)


@claim(
    "kunin2019/thmE.1/critical",
    where="Theorem E.1",
    given=[DIFFERENT],
    note="A diagonal projection has entries 0 and 1, by Lemma A.3; critical planes commute with XXᵀ by crit-proof.",
)
def principal_planes() -> Implication:
    """The projection on a critical plane is diagonal in the principal axes: the plane is spanned by some of them."""
    entry = Entry(Ū.T @ Q @ Ū, i, j)
    commuting = Step(lambda f: Entry(Ū.T @ f @ Ū, i, j), squares=lambda gap: (σ[j] - σ[i]) * (σ[j] + σ[i]) * gap)
    return Implication((Rel(Q @ COVARIANCE, "=", COVARIANCE @ Q),), (fact(entry, "=", 0),), (Q,), (commuting,))


# Rotations ----------------------------------------------------------------------------------------
θ = Sym("θ")
TURN = Hypothesis(
    "sin²θ > 0",
    r"\sin^2\theta > 0",
    (Rel(sin(θ) ** 2, ">", ZERO),),
    None,
    lambda rng, at: {"θ": Angle.rational(fmpq(0))},
)


def ordered(op: str) -> Hypothesis:
    """σ_a above or below σ_b."""
    return Hypothesis(
        f"σ_a {op} σ_b, both positive",
        rf"\sigma_a {op} \sigma_b,\ \text{{both positive}}",
        (Rel(σ[a], op, σ[b]), Rel(σ[a], ">", ZERO), Rel(σ[b], ">", ZERO)),
        apart,
        any_order,
    )


u_a, u_b, latent = Ū @ Basis(a, m), Ū @ Basis(b, m), Basis(a, k)
FRAME = Ū @ CHOSEN
TURNED = Named("O", FRAME + (cos(θ) - 1) * (u_a @ latent.T) + sin(θ) * (u_b @ latent.T))


def rotation() -> All:
    """u_a turned by an angle towards u_b: the flow of −∇L_X is along it, and L_X is below what it was."""
    speed = (σ[b] ** 2 - σ[a] ** 2) * sin(θ) * cos(θ)
    velocity = (I_m - TURNED @ TURNED.T) @ COVARIANCE @ TURNED
    fall = height(FRAME @ FRAME.T, DATA) - height(TURNED @ TURNED.T, DATA)
    return both(
        eq(velocity, speed * ((cos(θ) * u_b - sin(θ) * u_a) @ latent.T)),
        chain(fall, "=", (σ[b] ** 2 - σ[a] ** 2) * sin(θ) ** 2, ">", ZERO),
    )


VELOCITY = "(I − P)XXᵀO is the direction of −∇L_X, in which the plane of O moves."


@claim(
    "kunin2019/thmE.1/flow-direction",
    where="Theorem E.1, proof",
    given=[WIDE, TURN, ordered(">")],
    convention=SCALE,
    note=VELOCITY,
)
def flow() -> All:
    """Rotations from higher to lower eigenvalues are trajectories of −∇L_X, along which L_X falls."""
    return rotation()


@claim(
    "kunin2019/thmE.1/flow-direction+",
    where="Theorem E.1, proof",
    given=[WIDE, TURN, ordered("<")],
    convention=SCALE,
    note=VELOCITY,
)
def flow_corrected() -> All:
    """Rotations from lower to higher eigenvalues are, as Section 4.1 says."""
    return rotation()


# Heights and data ---------------------------------------------------------------------------------
ell = size("ℓ", r"\ell", 0)
W, V = Letter("G", k, ell), Letter("L", ell, k)
LEARNED_PLANE = Ū @ First(m, ell)


def some_rank(rng: Random, at: Instance) -> Instance:
    return {"ℓ": rng.randint(0, min(at["k"], at["m"]))}


def inverted(rng: Random, at: Instance) -> Instance:
    size = some_rank(rng, at)
    return {**size, **frame(rng, {**at, **size})}


def not_inverted(rng: Random, at: Instance) -> Instance:
    size = {"ℓ": rng.randint(1, min(at["k"], at["m"]))}
    found = frame(rng, {**at, **size})
    return {**size, **found, "L": 2 * found["L"]}


RANK = Hypothesis(
    "ℓ ≤ m, LG = I",
    r"\ell \le m,\ LG = I",
    (Rel(ell, "≤", m), Rel(V @ W, "=", Eye(ell))),
    inverted,
    not_inverted,
)


@claim(
    "kunin2019/E/heights-fn20",
    where="Footnote 20",
    given=[ANY_SPECTRUM, RANK],
    convention=SCALE,
    note="The loss of a linear autoencoder, by the definition of Section 1; its critical points are thm4.2/L+.",
)
def heights() -> Chain:
    """The heights of critical points of rank ℓ are sums of eigenvalues: of all but those that are learned."""
    every, learned = integer("j", "", 1, m), integer("i", "", 1, ell)
    left = Sum(every, ONE, m, σ[every] ** 2) - Sum(learned, ONE, ell, σ[learned] ** 2)
    loss = unregularized(W @ LEARNED_PLANE.T, LEARNED_PLANE @ V, DATA)
    return eq(loss, left)


DIAGONAL = Named("UΣ", Ū @ Σ, r"U\Sigma")


@claim("kunin2019/E/USigma", where="Appendix E", given=[ANY_SPECTRUM], convention=SCALE)
def without_rotation() -> All:
    """L_X is that of UΣ, and doubles with the 2m points ±σ_iu_i."""
    return both(
        eq(height(P, DATA), height(P, DIAGONAL)),
        eq(height(P, DIAGONAL) + height(P, -DIAGONAL), 2 * height(P, DATA)),
    )


def doubled(points: Expr) -> Chain:
    """With the columns of a matrix and their negatives for data, in the principal axes, L_X doubles."""
    return eq(height(P, points) + height(P, -points), 2 * height(P, Σ))


@claim("kunin2019/E/2m-points", where="Appendix E", given=[ANY_SPECTRUM], convention=SCALE)
def points() -> Chain:
    """The 2m points are (±σ_1², 0, …, 0), …, (0, …, 0, ±σ_m²)."""
    return doubled(Σ**2)


@claim("kunin2019/E/2m-points+", where="Appendix E", given=[ANY_SPECTRUM], convention=SCALE)
def points_corrected() -> Chain:
    """The 2m points are (±σ_1, 0, …, 0), …, (0, …, 0, ±σ_m)."""
    return doubled(Σ)


# Footnotes 16 and 19 ------------------------------------------------------------------------------
x, w = Sym("x"), Sym("w")


def scalar(first: Expr, second: Expr) -> Expr:
    """The sum loss for k = m = n = 1."""
    return (x - second * first * x) ** 2 + λ * (first**2 + second**2)


def below_data(rng: Random, at: Instance) -> Instance:
    value = rational(rng, at["height"], positive=True)
    return {"x": value * rng.choice((1, -1)), "λ": value**2 * fmpq(rng.choice((1, 50, 99)), 100)}


def between(rng: Random, at: Instance) -> Instance:
    top = 1 - at["λ"] / at["x"] ** 2
    return {"w": top * fmpq(rng.choice((1, 50, 100)), 100)}  # w² < w ≤ top


WEAK = Hypothesis(
    "0 < λ < x²",
    r"0 < \lambda < x^2",
    (Rel(λ, ">", ZERO), Rel(λ, "<", x**2)),
    below_data,
    lambda rng, at: {"x": fmpq(1), "λ": fmpq(rng.choice((1, 2)))},
)
INSIDE = Hypothesis(
    "w > 0, x²w² < x² − λ",
    r"w > 0,\ x^2w^2 < x^2 - \lambda",
    (Rel(w, ">", ZERO), Rel(x**2 * w**2, "<", x**2 - λ)),
    between,
    lambda rng, at: {"w": fmpq(rng.choice((0, 2, 3)))},
)


@claim(
    "kunin2019/fn16-19",
    where="Footnotes 16 and 19, Figure 1c",
    given=[WEAK, INSIDE],
    convention="k = m = n = 1; the minima are w_1 = w_2 = w with w² = 1 − λ/x²",
    note="w < 0 likewise, by (w_1, w_2) ↦ (−w_1, −w_2).",
)
def trajectories() -> All:
    """One line descends from the origin, w_1 = w_2, which the flow keeps; on it the loss falls until the minimum."""
    return both(
        chain(Coeff(scalar(τ, τ), τ, 2), "=", 2 * (λ - x**2), "<", ZERO),
        chain(Coeff(scalar(τ, -τ), τ, 2), "=", 2 * (λ + x**2), ">", ZERO),
        eq(Coeff(scalar(w + τ, w - τ), τ, 1), ZERO),
        chain(Coeff(scalar(w + τ, w + τ), τ, 1), "=", 4 * w * (x**2 * w**2 - x**2 + λ), "<", ZERO),
    )


@claim("kunin2019/fn16-19/fig1", where="Footnotes 16 and 19, Figure 1c")
def trajectories_followed() -> Observed:
    """What following the flow from both sides of the origin shows."""
    says = "In Figure 1(c), the red minima are each connected to the yellow saddle by one gradient trajectory."
    return Observed(says, "kunin2019/fig1", ("one-trajectory-each",))
