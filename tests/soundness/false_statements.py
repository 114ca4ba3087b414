"""False statements, each with an instance at which what is given holds and the statement does not.

They are the mistakes that a prover makes: meaning by name or habit, ranges that are empty or left, names that are
captured, divisions by what vanishes, steps that do not follow, identities that hold at a smaller size.

Main results
    FALSE    name → False_
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, integer, lift
from proofs.kernel.propositions import And, Every, Iff, Implies, Or, Rel, rel

F = Fraction


@dataclass(frozen=True)
class False_:
    """``given ⇒ goal`` fails at an instance."""

    name: str
    given: tuple[Expr, ...]
    goal: Expr
    at: dict[str, Any]


k, m, n, p = (integer(x) for x in "kmnp")
i, j, l, b = (integer(x) for x in "ijlb")
x, y, z, w, c = (E.Sym(s) for s in "xyzwc")
α, θ, φ = E.Sym("α"), E.Sym("θ"), E.Sym("φ")
f, g, σ, λ, ν, d = (E.Family(s) for s in ("f", "g", "σ", "λ", "ν", "d"))
weights = E.Family("p_B", length=k)
draws = E.Family("b", random=weights, length=k)
ONE, ZERO, TWO = lift(1), lift(0), lift(2)
HALF = E.Num(F(1, 2))
I2 = [[F(1), F(0)], [F(0), F(1)]]


def rows(*values: Any) -> list[list[Fraction]]:
    return [[F(v) for v in row] for row in values]


def L(name: str, r: Any, s: Any, *traits: str) -> E.Letter:
    return E.Letter(name, r, s, frozenset(traits))


A, B = L("A", k, k), L("B", k, k)
R, C = L("R", k, m), L("C", m, k)
S, K = L("S", k, k, "symmetric"), L("K", k, k, "skew")
O, U = L("O", k, k, "orthonormal"), L("U", m, k, "orthonormal")
D, P = L("D", k, k, "diagonal"), L("P", k, k, "psd")
v, u = L("v", k, 1), L("u", k, 1)
a22, b22 = rows((1, 2), (3, 4)), rows((0, 1), (2, 1))
turn = rows((0, -1), (1, 0))


def total(body: Any, var: E.Sym = l, lo: Any = ONE, hi: Any = k, without: Any = ()) -> E.Sum:
    return E.Sum(var, lift(lo), lift(hi), lift(body), without)


def eq(a: Any, b: Any) -> Rel:
    return rel(a, "=", b)


def each(body: Expr, lo: Any = ONE, hi: Any = k, var: E.Sym = l) -> Every:
    return Every(var, lift(lo), lift(hi), body)


def statements() -> Iterator[tuple[str, tuple[Expr, ...], Expr, dict[str, Any]]]:
    for part in (
        habits,
        ranges,
        binding,
        division,
        steps,
        identities,
        calculus,
        orders,
        extrema,
        chances,
        propositions,
        matrices,
        logarithms,
        magnitudes,
    ):
        yield from part()


def habits() -> Iterator[Any]:
    """Nothing has a meaning by its name."""
    for s in (x, y, z, w, c, α, *(E.Sym(s) for s in ("λ", "σ", "η", "s_min", "n", "k", "ε"))):
        yield f"√({s.name}²) = {s.name}", (), eq(E.sqrt(s**2), s), {s.name: F(-1)}
        yield f"{s.name} ≥ 0", (), rel(s, "≥", 0), {s.name: F(-1)}
        yield f"{s.name}² > 0", (), rel(s**2, ">", 0), {s.name: F(0)}
        yield f"{s.name} ≠ 0", (), rel(s, "≠", 0), {s.name: F(0)}
        yield f"1 + {s.name} > 1", (), rel(1 + s, ">", 1), {s.name: F(0)}
    for s in (k, m, n, p, i, j):
        yield f"{s.name} ≥ 1", (), rel(s, "≥", 1), {s.name: 0}
        yield f"integer {s.name} > 0", (), rel(s, ">", 0), {s.name: -1}
        yield f"{s.name} ≥ 2 from 1", (rel(s, "≥", 1),), rel(s, "≥", 2), {s.name: 1}
        yield f"{s.name}² > {s.name}", (), rel(s**2, ">", s), {s.name: 1}
    for a, b_ in ((m, k), (n, m), (n, k), (k, p), (k, i), (m, i)):
        yield f"{a.name} ≥ {b_.name}", (rel(a, "≥", 1), rel(b_, "≥", 1)), rel(a, "≥", b_), {a.name: 1, b_.name: 2}
    for a, b_ in ((i, j), (i, l), (k, m), (j, l)):
        yield f"{a.name} ≠ {b_.name}", (), rel(a, "≠", b_), {a.name: 1, b_.name: 1}
        yield f"f_{a.name} = f_{b_.name}", (), eq(f[a], f[b_]), {a.name: 1, b_.name: 2, "f": [F(1), F(2)]}
    e = E.Basis(i, k).T @ E.Basis(j, k)
    yield "e_iᵀe_j = 0", (rel(1, "≤", i), rel(i, "≤", k), rel(1, "≤", j), rel(j, "≤", k)), eq(E.Tr(e), 0), {
        "i": 1, "j": 1, "k": 1,
    }  # fmt: skip
    for fam in (f, g, σ, λ, ν, E.Family("p"), E.Family("q"), weights):
        at = {fam.name: [F(-1), F(2)], "k": 2}
        yield f"{fam.name}_1 ≥ 0", (), rel(fam[1], "≥", 0), at
        yield f"{fam.name}_1 ≥ {fam.name}_2", (rel(k, "≥", 2),), rel(fam[1], "≥", fam[2]), at
        yield f"Σ {fam.name} = 1", (), eq(total(fam[l]), 1), {fam.name: [F(3)], "k": 1}
        yield f"√{fam.name}_1² = {fam.name}_1", (), eq(E.sqrt(fam[1] ** 2), fam[1]), at
    for name in ("U", "Ū", "Q", "V", "O"):
        plain = L(name, k, k)
        yield f"{name} orthonormal by name", (), eq(plain.T @ plain, E.Eye(k)), {"k": 1, name: rows((2,))}
    for name in ("S", "H", "Σ"):
        plain = L(name, k, k)
        yield f"{name} symmetric by name", (), eq(plain.T, plain), {"k": 2, name: a22}
    yield "Λ diagonal by name", (), eq(L("Λ", k, k) @ A, A @ L("Λ", k, k)), {"k": 2, "Λ": a22, "A": b22}
    for angle in (θ, φ):
        yield f"sin {angle.name} ≥ 0", (), rel(E.sin(angle), "≥", 0), {angle.name: (F(0), F(-1))}
        yield f"cos {angle.name} = 1", (), eq(E.cos(angle), 1), {angle.name: (F(0), F(1))}


def ranges() -> Iterator[Any]:
    """Ranges may be empty, an index may lie outside, a hypothesis speaks of its range alone."""
    yield "Σ_{m+1..n} 1 = n − m", (), eq(total(1, l, m + 1, n), n - m), {"m": 2, "n": 1}
    yield (
        "Σ_{m+1..n} 1 = n − m, sizes",
        (rel(m, "≥", 1), rel(n, "≥", 1)),
        eq(total(1, l, m + 1, n), n - m),
        {"m": 3, "n": 1},
    )
    yield "Σ_{1..k} 1 = k", (), eq(total(1), k), {"k": -1}
    yield "Σ_{i..j} 1 = j − i + 1", (), eq(total(1, l, i, j), j - i + 1), {"i": 3, "j": 1}
    yield "Σ l = k(k+1)/2", (), eq(total(l), k * (k + 1) / 2), {"k": -3}
    yield "Σ_{2..k} = Σ_{1..k}", (), eq(total(f[l], l, TWO), total(f[l])), {"k": 1, "f": [F(1)]}
    yield "Σ_{1..k−1} f = Σ f − f_k", (), eq(total(f[l], l, ONE, k - 1), total(f[l]) - f[k]), {"k": 0, "f": [F(1)]}
    yield "Σ_{2..k} f = Σ f − f_1", (), eq(total(f[l], l, TWO), total(f[l]) - f[1]), {"k": 0, "f": [F(1)]}
    yield "telescoping", (), eq(total(f[l + 1] - f[l], l, ONE, k - 1), f[k] - f[1]), {"k": -1, "f": [F(1), F(2)]}
    yield "Σ_{l≠j} f = Σ f − f_j", (rel(k, "≥", 1), rel(j, "≥", 1)), eq(total(f[l], l, ONE, k, (j,)), total(f[l]) - f[j]), {
        "k": 1, "j": 2, "f": [F(1), F(5)],
    }  # fmt: skip
    yield (
        "Σ_{l≠i,j} = Σ − f_i − f_j",
        (rel(1, "≤", i), rel(i, "≤", k), rel(1, "≤", j), rel(j, "≤", k)),
        eq(total(f[l], l, ONE, k, (i, j)), total(f[l]) - f[i] - f[j]),
        {"k": 1, "i": 1, "j": 1, "f": [F(1)]},
    )
    falling = each(rel(f[l], ">", f[l + 1]), ONE, k - 1)
    at = {"k": 2, "i": 2, "j": 3, "f": [F(3), F(2), F(4), F(9)]}
    yield "∀ l ≤ k−1 used beyond", (falling, rel(i, "<", j), rel(1, "≤", i)), rel(f[i], ">", f[j]), at
    yield "∀ l ≤ k−1 used at k", (falling, rel(k, "≥", 1)), rel(f[k], ">", f[k + 1]), at
    yield "f_i ≥ f_j for i ≤ j", (falling, rel(1, "≤", i), rel(j, "≤", k), rel(i, "≤", j)), rel(f[i], ">", f[j]), {
        "k": 1, "i": 1, "j": 1, "f": [F(1)],
    }  # fmt: skip
    yield "f_j > f_i for i < j", (falling, rel(1, "≤", i), rel(i, "<", j), rel(j, "≤", k)), rel(f[j], ">", f[i]), {
        "k": 2, "i": 1, "j": 2, "f": [F(2), F(1)],
    }  # fmt: skip
    yield "d_k > 0 used as d_i > 0", (rel(d[k], ">", 0), rel(1, "≤", i), rel(i, "≤", k)), rel(d[i], ">", 0), {
        "k": 2, "i": 1, "d": [F(-1), F(1)],
    }  # fmt: skip
    yield "σ_m > 0 used for σ_i", (rel(σ[m], ">", 0),), rel(σ[1], ">", 0), {"m": 2, "σ": [F(-1), F(1)]}
    yield "∀ l ≤ k used for l ≤ m", (each(rel(f[l], ">", 0)), rel(k, "≤", m)), each(rel(f[l], ">", 0), ONE, m), {
        "k": 1, "m": 2, "f": [F(1), F(-1)],
    }  # fmt: skip
    yield "∀ over nothing used at 1", (each(rel(f[l], ">", 0)),), rel(f[1], ">", 0), {"k": 0, "f": [F(-1)]}
    yield "Tr Π_b = b", (rel(k, "≥", 1),), eq(E.Tr(E.Proj(b, k)), b), {"b": 2, "k": 1}
    yield "Tr Π_b = b, b < 0", (rel(b, "≤", k),), eq(E.Tr(E.Proj(b, k)), b), {"b": -1, "k": 1}
    yield "Π_b Π_c = Π_b", (), eq(E.Proj(b, k) @ E.Proj(i, k), E.Proj(b, k)), {"b": 2, "i": 1, "k": 2}
    yield "J Jᵀ = I", (), eq(E.First(m, k) @ E.First(m, k).T, E.Eye(m)), {"m": 2, "k": 1}
    yield "JᵀJ = I, k > m", (), eq(E.First(m, k).T @ E.First(m, k), E.Eye(k)), {"m": 1, "k": 2}
    yield "Tr I_k = k", (), eq(E.Tr(E.Eye(k)), m), {"k": 1, "m": 2}
    yield "Σ e_i e_iᵀ to m = I", (), eq(total(E.Basis(l, k) @ E.Basis(l, k).T, l, ONE, k - 1), E.Eye(k)), {"k": 1}
    yield "Σ > 0 over nothing", (each(rel(f[l], ">", 0)),), rel(total(f[l]), ">", 0), {"k": 0, "f": []}
    yield (
        "Σ f > Σ g over nothing",
        (each(rel(f[l], ">", g[l])),),
        rel(total(f[l]), ">", total(g[l])),
        {"k": 0, "f": [], "g": []},
    )
    yield "Σ_{..k−1} > 0 at k = 1", (rel(k, "≥", 1), each(rel(f[l], ">", 0))), rel(total(f[l], l, ONE, k - 1), ">", 0), {
        "k": 1, "f": [F(1)],
    }  # fmt: skip
    yield "Σ f ≥ f_1", (rel(k, "≥", 1),), rel(total(f[l]), "≥", f[1]), {"k": 2, "f": [F(1), F(-1)]}
    yield (
        "Σ f ≥ f_i, i outside",
        (each(rel(f[l], ">", 0)),),
        rel(total(f[l]), "≥", f[i]),
        {"k": 1, "i": 2, "f": [F(1), F(5)]},
    )
    yield (
        "triangle Σ_{l<i} = Σ_{l≤i}",
        (),
        eq(total(f[l], l, ONE, i - 1), total(f[l], l, ONE, i)),
        {"i": 1, "f": [F(1)]},
    )
    yield (
        "Σ_i Σ_{j<i} = half",
        (),
        eq(total(total(f[i] * g[j], j, ONE, i - 1), i), HALF * total(f[l]) * total(g[l])),
        {"k": 1, "f": [F(1)], "g": [F(1)]},
    )
    yield "shift without ends", (rel(k, "≥", 1),), eq(total(f[l + 1]), total(f[l])), {"k": 1, "f": [F(1), F(2)]}


def binding() -> Iterator[Any]:
    """Bound names are their own."""
    at = {"k": 2, "i": 1, "j": 2, "f": [F(1), F(2)], "g": [F(3), F(5)]}
    yield "Σ_j f_i g_j = Σ_j f_j g_j", (), eq(total(f[i] * g[j], j), total(f[j] * g[j], j)), at
    yield "Σ_i Σ_i f_i = Σ_i Σ_j f_i g_j", (), eq(total(total(f[i] * g[i], i), i), total(total(f[i] * g[j], j), i)), at
    yield "Σ_i Σ_i f_i g_i = (Σ f)(Σ g)", (), eq(total(total(f[i] * g[i], i), i), total(f[l]) * total(g[l])), at
    yield "Σ_i f_i = k f_i", (), eq(total(f[i], i), k * f[i]), at
    h1, h2 = (E.Family("h", define=lambda a, s=s: s * f[a]) for s in (1, 2))
    yield "families of one name", (), eq(h1[1], h2[1]), at
    yield "Σ of families of one name", (), eq(total(h1[l]), total(h2[l])), at
    yield "[α] of α", (), eq(E.Coeff(α * y, α, 1), E.Coeff(α**2, α, 1)), {"y": F(1), "α": F(1)}
    yield "∂/∂x y = ∂/∂x x", (), eq(E.Diff(y * x, x), E.Diff(x * x, x)), {"x": F(1), "y": F(1)}
    yield "∂x x² at x = y", (eq(x, y),), eq(E.Diff(x * y, x), 2 * x), {"x": F(1), "y": F(1)}
    yield "∇_A Tr(AᵀB) at A = B", (eq(A, B),), eq(E.Grad(E.Tr(A.T @ B), A), E.Grad(E.Tr(A.T @ A), A)), {
        "k": 1, "A": rows((1,)), "B": rows((1,)),
    }  # fmt: skip
    yield "∂λ at two members", (), eq(E.Diff(f[1] * f[2], f[1]), f[1]), {"f": [F(1), F(2)]}
    yield "∂f_i/∂f_j = 0", (), eq(E.Diff(f[i], f[j]), 0), {"i": 1, "j": 1, "f": [F(1)]}
    yield "∂f_i/∂f_j = 1", (), eq(E.Diff(f[i], f[j]), 1), {"i": 1, "j": 2, "f": [F(1), F(1)]}
    yield "∀ captures", (each(rel(f[l], "≤", g[i]), ONE, k),), each(rel(f[l], "≤", g[l])), {
        "k": 2, "i": 1, "f": [F(1), F(1)], "g": [F(1), F(0)],
    }  # fmt: skip


def division() -> Iterator[Any]:
    """What may vanish does not divide."""
    zero = {"x": F(0), "y": F(1), "z": F(2), "c": F(0)}
    yield "c x = 0 ⇒ x = 0", (eq(c * y, 0),), eq(y, 0), zero
    yield "c y = c z ⇒ y = z", (eq(c * y, c * z),), eq(y, z), zero
    yield "x² = x ⇒ x = 1", (eq(x**2, x),), eq(x, 1), zero
    yield "x/x = 1", (), eq(x / x, 1), zero | {"x": F(0)}
    yield "x · 1/x = 1", (), eq(x * (1 / x), 1), zero
    yield "x²/x = x", (), eq(x**2 / x, x), zero
    yield "(y x)/(z x) = y/z", (), eq(y * x / (z * x), y / z), zero
    yield "1/x = 1/y ⇒ x y = y x", (), eq(1 / x, 1 / y), {"x": F(1), "y": F(2)}
    yield "f_i/f_i = 1", (), eq(f[i] / f[i], 1), {"i": 1, "f": [F(0)]}
    yield "Σ f/f = k", (rel(k, "≥", 1),), eq(total(f[l] / f[l]), k), {"k": 1, "f": [F(0)]}
    yield "S⁻¹S = I", (), eq(E.Diag(f, k) ** -1 @ E.Diag(f, k), E.Eye(k)), {"k": 1, "f": [F(0)]}
    yield (
        "x ≥ y ⇒ 1/x ≤ 1/y",
        (rel(x, ">", y), rel(x, "≠", 0), rel(y, "≠", 0)),
        rel(1 / x, "<", 1 / y),
        {"x": F(1), "y": F(-1)},
    )
    yield "1/x > 0", (rel(x, "≠", 0),), rel(1 / x, ">", 0), {"x": F(-1)}
    yield "c A = 0 ⇒ A = 0", (eq(c * A, E.Zero(k, k)),), eq(A, E.Zero(k, k)), {"k": 1, "A": rows((1,)), "c": F(0)}
    yield "c ≥ 0, c A = 0 ⇒ A = 0", (rel(c, "≥", 0), eq(c * A, E.Zero(k, k))), eq(A, E.Zero(k, k)), {
        "k": 1, "A": rows((1,)), "c": F(0),
    }  # fmt: skip
    yield "(f_i − f_j) x = 0 ⇒ x = 0", (eq((f[i] - f[j]) * x, 0),), eq(x, 0), {"i": 1, "j": 1, "f": [F(1)], "x": F(1)}
    yield "A B = 0 ⇒ B = 0", (eq(A @ B, E.Zero(k, k)),), eq(B, E.Zero(k, k)), {
        "k": 2, "A": rows((0, 1), (0, 0)), "B": rows((1, 0), (0, 0)),
    }  # fmt: skip
    yield (
        "A C = B C ⇒ A = B",
        (eq(A @ S, B @ S),),
        eq(A, B),
        {"k": 1, "A": rows((1,)), "B": rows((2,)), "S": rows((0,))},
    )
    yield "AᵀA = BᵀB ⇒ A = B", (eq(A.T @ A, B.T @ B),), eq(A, B), {"k": 1, "A": rows((1,)), "B": rows((-1,))}
    yield "tr A = 0 ⇒ A = 0", (eq(E.Tr(A), 0),), eq(A, E.Zero(k, k)), {"k": 2, "A": rows((0, 1), (0, 0))}
    yield "A² = 0 ⇒ A = 0", (eq(A @ A, E.Zero(k, k)),), eq(A, E.Zero(k, k)), {"k": 2, "A": rows((0, 1), (0, 0))}
    yield (
        "vᵀu = 0 ⇒ v = 0",
        (eq(E.Tr(v.T @ u), 0),),
        eq(v, E.Zero(k, 1)),
        {"k": 2, "v": rows((1,), (0,)), "u": rows((0,), (1,))},
    )
    yield "x² = y² ⇒ x = y", (eq(x**2, y**2),), eq(x, y), {"x": F(1), "y": F(-1)}
    later = total(1 / f[l], l, TWO)
    some = (each(rel(f[l], "≠", 0), TWO), eq(f[1], 0), rel(k, "≥", 1))
    at = {"k": 2, "f": [F(0), F(1)], "x": F(1), "y": F(1), "z": F(2)}
    yield "f_1 Σ_{l≥2} 1/f = −1 where f_1 = 0", some, eq(f[1] * later, -1), at
    yield "Σ_{l≥2} 1/f > z where f_1 = 0", some, rel(later, ">", z), at
    nothing = x / (x + y) + y / (x + y) - 1
    yield "0 · Σ_{l≥2} 1/f = z where f_1 = 0", (*some, rel(x + y, "≠", 0)), eq(nothing * later, z), at


def steps() -> Iterator[Any]:
    """Steps that need more than is given."""
    at = {"x": F(-2), "y": F(1), "z": F(1), "w": F(3), "c": F(-1)}
    yield "x ≤ y ⇒ x² ≤ y²", (rel(x, "≤", y),), rel(x**2, "≤", y**2), at
    yield "x ≤ y ⇒ c x ≤ c y", (rel(x, "≤", y),), rel(c * x, "≤", c * y), at
    yield "x ≤ y, z ≤ w ⇒ x z ≤ y w", (rel(x, "≤", y), rel(z, "≤", w)), rel(x * z, "≤", y * w), at | {
        "x": F(-2), "y": F(-1), "z": F(0), "w": F(3),
    }  # fmt: skip
    yield "x ≤ y, z ≤ w ⇒ x − z ≤ y − w", (rel(x, "≤", y), rel(z, "≤", w)), rel(x - z, "≤", y - w), at | {"x": F(1)}
    yield "x ≤ y ⇒ x < y", (rel(x, "≤", y),), rel(x, "<", y), at | {"x": F(1)}
    yield "x ≤ y ≤ z ⇒ x < z", (rel(x, "≤", y), rel(y, "≤", z)), rel(x, "<", z), at | {"x": F(1)}
    yield "x ≠ y ⇒ x < y", (rel(x, "≠", y),), rel(x, "<", y), at | {"x": F(2)}
    yield "x ≠ 0 ⇒ x > 0", (rel(x, "≠", 0),), rel(x, ">", 0), at
    yield "x ≠ y, y ≠ z ⇒ x ≠ z", (rel(x, "≠", y), rel(y, "≠", z)), rel(x, "≠", z), at | {"x": F(1), "y": F(2)}
    yield "x y > 0 ⇒ x > 0", (rel(x * y, ">", 0),), rel(x, ">", 0), at | {"y": F(-1)}
    yield "x + y > 0 ⇒ x > 0", (rel(x + y, ">", 0),), rel(x, ">", 0), at | {"y": F(5)}
    yield "x² ≤ y² ⇒ x ≤ y", (rel(x**2, "≤", y**2),), rel(x, "≤", y), at | {"x": F(1), "y": F(-2)}
    yield "x² + y² ≥ 3xy", (), rel(x**2 + y**2, "≥", 3 * x * y), at | {"x": F(1)}
    yield "x² ≥ x", (rel(x, ">", 0),), rel(x**2, "≥", x), at | {"x": F(1, 2)}
    yield "x + 1/x ≥ 2", (rel(x, "≠", 0),), rel(x + 1 / x, "≥", 2), at
    yield "x + 1/x > 2", (rel(x, ">", 0),), rel(x + 1 / x, ">", 2), at | {"x": F(1)}
    yield "(x + y)² ≥ x² + y²", (), rel((x + y) ** 2, "≥", x**2 + y**2), at
    yield "x³ ≥ 0", (), rel(x**3, "≥", 0), at
    yield "x⁴ > 0", (), rel(x**4, ">", 0), at | {"x": F(0)}
    yield "tr(AᵀB) ≥ 0", (), rel(E.Tr(A.T @ B), "≥", 0), {"k": 1, "A": rows((1,)), "B": rows((-1,))}
    yield "tr(A A) ≥ 0", (), rel(E.Tr(A @ A), "≥", 0), {"k": 2, "A": turn}
    yield "‖A‖² > 0", (), rel(E.SqNorm(A), ">", 0), {"k": 1, "A": rows((0,))}
    yield "‖A‖² ≥ 1", (), rel(E.SqNorm(A), "≥", 1), {"k": 1, "A": rows((0,))}
    yield "‖A + B‖² ≥ ‖A‖²", (), rel(E.SqNorm(A + B), "≥", E.SqNorm(A)), {"k": 1, "A": rows((1,)), "B": rows((-1,))}
    yield "‖AB‖² ≤ ‖A‖²", (), rel(E.SqNorm(A @ B), "≤", E.SqNorm(A)), {"k": 1, "A": rows((1,)), "B": rows((2,))}
    yield "Σ f² ≥ Σ f", (), rel(total(f[l] ** 2), "≥", total(f[l])), {"k": 1, "f": [F(1, 2)]}
    yield "(Σ f)² ≥ Σ f²", (), rel(total(f[l]) ** 2, "≥", total(f[l] ** 2)), {"k": 2, "f": [F(1), F(-1)]}
    yield "(Σ f)² ≤ Σ f²", (rel(k, "≥", 1),), rel(total(f[l]) ** 2, "≤", total(f[l] ** 2)), {"k": 2, "f": [F(1), F(1)]}
    yield (
        "Σ fg ≤ Σf Σg",
        (),
        rel(total(f[l] * g[l]), "≤", total(f[l]) * total(g[l])),
        {"k": 2, "f": [F(1), F(-1)], "g": [F(1), F(-1)]},
    )
    yield "f_l ≤ g_l somewhere", (rel(f[1], "≤", g[1]),), rel(total(f[l]), "≤", total(g[l])), {
        "k": 2, "f": [F(0), F(9)], "g": [F(1), F(1)],
    }  # fmt: skip
    yield "Σ f ≤ Σ g ⇒ f_1 ≤ g_1", (rel(total(f[l]), "≤", total(g[l])),), rel(f[1], "≤", g[1]), {
        "k": 2, "f": [F(2), F(0)], "g": [F(1), F(1)],
    }  # fmt: skip


def identities() -> Iterator[Any]:
    """Identities that do not hold, though they may at size 1 or for special matrices."""
    two = {"k": 2, "A": a22, "B": b22}
    zero = E.Zero(k, k)
    for name, left, right in (
        ("AB = BA", A @ B, B @ A),
        ("(AB)ᵀ = AᵀBᵀ", (A @ B).T, A.T @ B.T),
        ("Aᵀ = A", A.T, A),
        ("A² = A", A @ A, A),
        ("AB = 0", A @ B, zero),
        ("(A+B)² = A² + 2AB + B²", (A + B) @ (A + B), A @ A + 2 * (A @ B) + B @ B),
        ("AᵀA = AAᵀ", A.T @ A, A @ A.T),
        ("lower(AB) = lower(A)lower(B)", E.LowerMask(A @ B), E.LowerMask(A) @ E.LowerMask(B)),
        ("lower(A)ᵀ = lower(Aᵀ)", E.LowerMask(A).T, E.LowerMask(A.T)),
        ("lower(A) + lower(A)ᵀ = A", E.LowerMask(A) + E.LowerMask(A).T, A),
        ("strict = weak triangle", E.LowerMask(A, True), E.LowerMask(A)),
        ("lower(A) + lower(Aᵀ)ᵀ = A", E.LowerMask(A) + E.LowerMask(A.T).T, A),
    ):
        yield name, (), eq(left, right), two
    for name, left, right in (
        ("tr(AB) = trA trB", E.Tr(A @ B), E.Tr(A) * E.Tr(B)),
        ("tr(AAB) = tr(ABAB)", E.Tr(A @ A @ B), E.Tr(A @ B @ A @ B)),
        ("tr(AᵀB) = tr(AB)", E.Tr(A.T @ B), E.Tr(A @ B)),
        ("tr(A²) = (tr A)²", E.Tr(A @ A), E.Tr(A) ** 2),
        ("tr(A²) = ‖A‖²", E.Tr(A @ A), E.SqNorm(A)),
        ("‖A+B‖² = ‖A‖² + ‖B‖²", E.SqNorm(A + B), E.SqNorm(A) + E.SqNorm(B)),
        ("‖A+B‖² = … + ⟨A,B⟩", E.SqNorm(A + B), E.SqNorm(A) + E.SqNorm(B) + E.Inner(A, B)),
        ("‖AB‖² = ‖A‖²‖B‖²", E.SqNorm(A @ B), E.SqNorm(A) * E.SqNorm(B)),
        ("⟨A,B⟩ = tr(AB)", E.Inner(A, B), E.Tr(A @ B)),
        ("A_12 = A_21", E.Entry(A, ONE, TWO), E.Entry(A, TWO, ONE)),
        ("(AB)_11 = A_11 B_11", E.Entry(A @ B, ONE, ONE), E.Entry(A, ONE, ONE) * E.Entry(B, ONE, ONE)),
        ("tr Π_1 A = tr A", E.Tr(E.Proj(ONE, k) @ A), E.Tr(A)),
    ):
        yield name, (rel(k, "≥", 2),), eq(left, right), two
    yield (
        "tr(ABC) = tr(ACB)",
        (),
        eq(E.Tr(A @ B @ L("M", k, k)), E.Tr(A @ L("M", k, k) @ B)),
        two | {"M": rows((0, 1), (0, 5))},
    )
    yield "UUᵀ = I", (), eq(U @ U.T, E.Eye(m)), {"k": 1, "m": 2, "U": rows((1,), (0,))}
    yield "O² = I", (), eq(O @ O, E.Eye(k)), {"k": 2, "O": turn}
    yield "Oᵀ = O", (), eq(O.T, O), {"k": 2, "O": turn}
    yield "tr O = k", (), eq(E.Tr(O), k), {"k": 2, "O": turn}
    yield "OA = AO", (), eq(O @ A, A @ O), two | {"O": turn}
    yield (
        "‖UᵀX‖ = ‖X‖",
        (),
        eq(E.SqNorm(U.T @ C), E.SqNorm(C)),
        {"k": 1, "m": 2, "U": rows((1,), (0,)), "C": rows((0,), (1,))},
    )
    yield "Kᵀ = K", (), eq(K.T, K), {"k": 2, "K": turn}
    yield "K = 0", (), eq(K, zero), {"k": 2, "K": turn}
    yield "KᵀK = K²", (), eq(K.T @ K, K @ K), {"k": 2, "K": turn}
    yield "tr(K²) = 0", (), eq(E.Tr(K @ K), 0), {"k": 2, "K": turn}
    yield "tr(SK) = tr S", (), eq(E.Tr(S @ K), E.Tr(S)), {"k": 2, "S": I2, "K": turn}
    yield "tr(AK) = 0", (), eq(E.Tr(A @ K), 0), two | {"K": turn}
    yield "SA symmetric", (), eq((S @ A).T, S @ A), two | {"S": rows((1, 2), (2, 0))}
    yield (
        "product of symmetric",
        (),
        eq((S @ P).T, S @ P),
        {"k": 2, "S": rows((1, 2), (2, 0)), "P": rows((1, 0), (0, 2))},
    )
    yield "D A = A D", (), eq(D @ A, A @ D), two | {"D": rows((1, 0), (0, 2))}
    yield "D² = D", (), eq(D @ D, D), {"k": 1, "D": rows((2,))}
    yield "tr(DA) = tr D tr A", (rel(k, "≥", 2),), eq(E.Tr(D @ A), E.Tr(D) * E.Tr(A)), two | {"D": I2}
    yield "diag(f) A = A diag(f)", (), eq(E.Diag(f, k) @ A, A @ E.Diag(f, k)), two | {"f": [F(1), F(2)]}
    yield "A ∘ P_L = diag(f) A", (), eq(E.MaxMask(A, f), E.Diag(f, k) @ A), two | {"f": [F(1), F(2)]}
    yield (
        "(A∘P)(B∘P) = (AB)∘P",
        (),
        eq(E.MaxMask(A, f) @ E.MaxMask(B, f), E.MaxMask(A @ B, f)),
        two | {"f": [F(1), F(2)]},
    )
    yield (
        "(Σ f)(Σ g) = Σ fg",
        (),
        eq(total(f[l]) * total(g[l]), total(f[l] * g[l])),
        {"k": 2, "f": [F(1), F(2)], "g": [F(1), F(1)]},
    )
    yield "(Σ f)² = Σ f²", (), eq(total(f[l]) ** 2, total(f[l] ** 2)), {"k": 2, "f": [F(1), F(2)]}
    yield "(Σ 1/(l+1))² = k Σ", (), eq(total(1 / (l + 1)) ** 2, k * total(1 / (l + 1))), {"k": 2}
    yield (
        "Σ C_ii/A_ii = Tr C",
        (),
        eq(total(E.Entry(B, l, l) / E.Entry(A, l, l)), E.Tr(B)),
        {"k": 1, "A": rows((2,)), "B": rows((1,))},
    )
    yield (
        "1/(x+y) = 1/x + 1/y",
        (rel(x, ">", 0), rel(y, ">", 0)),
        eq(1 / (x + y), 1 / x + 1 / y),
        {"x": F(1), "y": F(1)},
    )
    yield (
        "√(x+y) = √x + √y",
        (rel(x, "≥", 0), rel(y, "≥", 0)),
        eq(E.sqrt(x + y), E.sqrt(x) + E.sqrt(y)),
        {"x": F(9), "y": F(16)},
    )
    yield "√x² = x, x ≤ 0", (rel(x, "≤", 0),), eq(E.sqrt(x**2), x), {"x": F(-1)}
    yield "√x = x", (rel(x, "≥", 0),), eq(E.sqrt(x), x), {"x": F(4)}
    yield "x^(3/2) = x", (rel(x, "≥", 0),), eq(x ** E.Num(F(3, 2)), x), {"x": F(4)}
    yield "cos 2θ = 2cos θ", (), eq(E.cos(2 * θ), 2 * E.cos(θ)), {"θ": (F(0), F(1))}
    yield "sin 2θ = 2sin θ", (), eq(E.sin(2 * θ), 2 * E.sin(θ)), {"θ": (F(3, 5), F(4, 5))}
    yield "cos(θ+φ) = cosθ + cosφ", (), eq(E.cos(θ + φ), E.cos(θ) + E.cos(φ)), {"θ": (F(0), F(1)), "φ": (F(1), F(0))}
    yield "cos² − sin² = 1", (), eq(E.cos(θ) ** 2 - E.sin(θ) ** 2, 1), {"θ": (F(0), F(1))}
    yield "sin(−θ) = sin θ", (), eq(E.sin(-1 * θ), E.sin(θ)), {"θ": (F(0), F(1))}
    yield "a column's index", (), eq(E.Entry(v, TWO, ONE), E.Entry(v, ONE, ONE)), {"k": 2, "v": rows((1,), (2,))}
    yield "f_{i+1} = f_i", (), eq(f[i + 1], f[i]), {"i": 1, "f": [F(1), F(2)]}
    yield "x y = x + y", (), eq(x * y, x + y), {"x": F(1), "y": F(1)}
    yield "(x+y)² = x² + y²", (), eq((x + y) ** 2, x**2 + y**2), {"x": F(1), "y": F(1)}


def calculus() -> Iterator[Any]:
    """Derivatives, coefficients, gradients."""
    at = {"x": F(5), "y": F(3), "α": F(1)}
    for name, left, right in (
        ("∂x² = x", E.Diff(x**2, x), x),
        ("∂(1/x) = 1/x²", E.Diff(1 / x, x), 1 / x**2),
        ("∂(xy) = 1", E.Diff(x * y, x), ONE),
        ("∂²x³ = 3x²", E.Diff(x**3, x, 2), 3 * x**2),
        ("∂ of a product", E.Diff(x**2 * (x + y), x), 2 * x),
        ("∂ of a quotient", E.Diff(y / (x + y), x), y / (x + y) ** 2),
        ("[α²] (1+α)³ = 1", E.Coeff((1 + α) ** 3, α, 2), ONE),
        ("[α] = ∂²", E.Coeff((1 + α) ** 3, α, 2), E.Diff((1 + α) ** 3, α, 2, True)),
        ("∂ at 0 = ∂", E.Diff(α**2, α, 1, True), E.Diff(α**2, α)),
        ("∂∂ by two variables", E.Diff(y**2 * E.Diff(x, y), x), y),
        ("a derivative inside another", E.Diff(x**2 * E.Diff(x * y, y), x), 2 * x**2),
    ):
        yield name, (rel(x, ">", 0), rel(y, ">", 0)), eq(left, right), at
    yield "∂ cos = sin", (), eq(E.Diff(E.cos(θ), θ), E.sin(θ)), {"θ": (F(0), F(1))}
    one = {"k": 1, "A": rows((1,)), "B": rows((2,))}
    for name, left, right in (
        ("∇‖A‖² = A", E.Grad(E.SqNorm(A), A), A),
        ("∇ tr(AᵀB) = Bᵀ", E.Grad(E.Tr(A.T @ B), A), B.T),
        ("∇ tr(AB) = B", E.Grad(E.Tr(A @ B), A), B),
        ("∇‖AB‖² = 2AB", E.Grad(E.SqNorm(A @ B), A), 2 * (A @ B)),
        ("∇ tr(A)² = 2A", E.Grad(E.Tr(A) ** 2, A), 2 * A),
    ):
        two = {"k": 2, "A": a22, "B": rows((1, 2), (0, 3))}
        yield name, (), eq(left, right), two if "tr" in name else one
    yield "∇ of another letter", (), eq(E.Grad(E.SqNorm(B), A), 2 * B), one


def orders() -> Iterator[Any]:
    """Chains of indices and quantities."""
    yield "i ≤ j ≤ k ⇒ i < k", (rel(i, "≤", j), rel(j, "≤", k)), rel(i, "<", k), {"i": 1, "j": 1, "k": 1}
    yield "i < j ⇒ i + 2 ≤ j", (rel(i, "<", j),), rel(i + 2, "≤", j), {"i": 1, "j": 2}
    yield "i ≤ k, j ≤ k ⇒ i ≤ j", (rel(i, "≤", k), rel(j, "≤", k)), rel(i, "≤", j), {"i": 2, "j": 1, "k": 2}
    yield "i ≠ j ⇒ i < j", (rel(i, "≠", j),), rel(i, "<", j), {"i": 2, "j": 1}
    yield "k ≥ 2 ⇒ k ≥ 3", (rel(k, "≥", 2),), rel(k, "≥", 3), {"k": 2}
    yield "x < y integers' gap", (rel(x, "<", y),), rel(x + 1, "≤", y), {"x": F(0), "y": F(1, 2)}
    yield "x > 0 ⇒ x ≥ 1", (rel(x, ">", 0),), rel(x, "≥", 1), {"x": F(1, 2)}
    yield "0 < x < 1 nothing between", (rel(x, ">", 0), rel(x, "<", 1)), eq(x, 0), {"x": F(1, 2)}
    falling = each(rel(σ[l], ">", σ[l + 1]), ONE, k - 1)
    at = {"k": 2, "σ": [F(1), F(-2)], "λ": [F(1), F(2)]}
    yield "σ falling ⇒ σ² falling", (falling, rel(k, "≥", 2)), rel(σ[1] ** 2, ">", σ[k] ** 2), at
    yield "σ falling ⇒ σ_k > 0", (falling, rel(k, "≥", 1)), rel(σ[k], ">", 0), at
    yield "σ falling ⇒ σ_1 > 0", (falling, rel(k, "≥", 1)), rel(σ[1], ">", 0), {"k": 1, "σ": [F(-1)]}
    yield "σ ≥ weak falls strictly", (each(rel(σ[l], "≥", σ[l + 1]), ONE, k - 1), rel(k, "≥", 2)), rel(σ[1], ">", σ[k]), {
        "k": 2, "σ": [F(1), F(1)],
    }  # fmt: skip
    yield "λ ≠ neighbours ⇒ λ_1 ≠ λ_3", (each(rel(λ[l], "≠", λ[l + 1]), ONE, k - 1), eq(k, 3)), rel(λ[1], "≠", λ[3]), {
        "k": 3, "λ": [F(1), F(2), F(1)],
    }  # fmt: skip
    yield "λ < σ² at k used at 1", (rel(λ[k], "<", σ[k] ** 2), rel(k, "≥", 1)), rel(λ[1], "<", σ[1] ** 2), {
        "k": 2, "λ": [F(9), F(0)], "σ": [F(1), F(1)],
    }  # fmt: skip
    yield "(λ_i − λ_j)(σ_j − σ_i) > 0", (
        each(rel(λ[l + 1], ">", λ[l]), ONE, k - 1), each(rel(σ[l], ">", σ[l + 1]), ONE, k - 1),
        rel(1, "≤", i), rel(i, "≤", k), rel(1, "≤", j), rel(j, "≤", k),
    ), rel((λ[i] - λ[j]) * (σ[j] - σ[i]), ">", 0), {"k": 1, "i": 1, "j": 1, "λ": [F(1)], "σ": [F(1)]}  # fmt: skip


def extrema() -> Iterator[Any]:
    """Maxima and minima."""

    def biggest(body: Expr, lo: Any = ONE, hi: Any = k, kind: str = "max") -> E.Extremum:
        return E.Extremum(kind, l, lift(lo), lift(hi), body)

    top, least = biggest(f[l]), biggest(f[l], kind="min")
    at = {"k": 2, "i": 3, "f": [F(1), F(2), F(9)], "x": F(1)}
    some = rel(k, "≥", 1)
    yield "max ≥ member outside", (some,), rel(top, "≥", f[i]), at
    yield "max = a member", (some,), eq(top, f[1]), at
    yield "max ≤ first", (some,), rel(top, "≤", f[1]), at
    yield "min ≥ first", (some,), rel(least, "≥", f[k]), at
    yield "min = max", (some,), eq(least, top), at
    yield "max > member", (some,), rel(top, ">", f[1]), {"k": 1, "f": [F(1)]}
    yield "max f ≤ Σ f", (some,), rel(top, "≤", total(f[l])), {"k": 2, "f": [F(1), F(-1)]}
    yield "max f ≥ Σ f", (some,), rel(top, "≥", total(f[l])), {"k": 2, "f": [F(1), F(1)]}
    yield "max ≥ 0", (some,), rel(top, "≥", 0), {"k": 1, "f": [F(-1)]}
    yield "max(f + g) = max f + max g", (some,), eq(biggest(f[l] + g[l]), top + biggest(g[l])), {
        "k": 2, "f": [F(1), F(0)], "g": [F(0), F(1)],
    }  # fmt: skip
    yield "min ≤ max with other bound", (some,), rel(biggest(f[l], ONE, k), "≥", biggest(f[l], ONE, k + 1)), at
    yield "bound of one member", (some, rel(f[1], "≤", x)), rel(top, "≤", x), at
    pair = E.Pick("max", (x, y))
    yield "max{x,y} = x", (), eq(pair, x), {"x": F(0), "y": F(1)}
    yield "max{x,y} ≤ x", (), rel(pair, "≤", x), {"x": F(0), "y": F(1)}
    yield "max{x,y} < z from one", (rel(x, "<", z),), rel(pair, "<", z), {"x": F(0), "y": F(5), "z": F(1)}
    yield "min{x,y} ≥ x", (), rel(E.Pick("min", (x, y)), "≥", x), {"x": F(1), "y": F(0)}


def chances() -> Iterator[Any]:
    """Expectations."""
    sum1 = (rel(k, "≥", 1), eq(total(weights[l]), 1), each(rel(weights[l], "≥", 0)))
    at = {"k": 2, "p_B": [F(1, 2), F(1, 2)], "f": [F(1), F(3)]}

    def mean(body: Expr) -> E.Expect:
        return E.Expect(draws, body)

    yield "E f² = (E f)²", sum1, eq(mean(f[draws[1]] ** 2), mean(f[draws[1]]) ** 2), at
    yield "E f_b f_c = E f²", sum1, eq(mean(f[draws[1]] * f[draws[2]]), mean(f[draws[1]] ** 2)), at
    yield "E f = f_1", sum1, eq(mean(f[draws[1]]), f[1]), at
    yield "E f = Σ f / k", sum1, eq(mean(f[draws[1]]), total(f[l]) / k), at | {"p_B": [F(1), F(0)]}
    yield "E b = k", sum1, eq(mean(draws[1]), k), at
    drawn = (*sum1, rel(m, "≥", 1), rel(m, "≤", draws[1]))
    yield "E tr Π_b = m where a b_1 ≥ m", drawn, eq(mean(E.Tr(E.Proj(draws[1], m))), m), at | {"m": 2, "b": [2, 2]}
    ε = E.Letter("ε", k, m, noise=x**2)
    noisy = {"k": 1, "m": 2, "x": F(1)}
    yield "E‖ε‖² = v k", (), eq(E.Expect(ε, E.SqNorm(ε)), x**2 * k), noisy
    yield "E‖ε‖² = 0", (), eq(E.Expect(ε, E.SqNorm(ε)), 0), noisy
    yield "E‖ε‖² = x k m", (), eq(E.Expect(ε, E.SqNorm(ε)), x * k * m), noisy | {"x": F(2)}
    yield "E‖ε‖⁴ = 0", (), eq(E.Expect(ε, E.SqNorm(ε) ** 2), 0), noisy


def propositions() -> Iterator[Any]:
    """Definiteness, implications, conjunctions."""
    null = E.Zero(k, k)
    yield "A ⪰ 0 ⇒ A = 0", (Rel(P, "⪰", null),), eq(P, null), {"k": 1, "P": rows((1,))}
    yield "S ⪰ 0", (), Rel(S, "⪰", null), {"k": 1, "S": rows((-1,))}
    yield "A ⪰ 0", (), Rel(A, "⪰", null), {"k": 1, "A": rows((-1,))}
    yield "A + Aᵀ ⪰ 0", (), Rel(A + A.T, "⪰", null), {"k": 1, "A": rows((-1,))}
    yield "AᵀA ≻ 0", (), Rel(A.T @ A, "≻", null), {"k": 1, "A": rows((0,))}
    yield "P ≻ 0", (), Rel(P, "≻", null), {"k": 1, "P": rows((0,))}
    yield "A² ⪰ 0", (), Rel(A @ A, "⪰", null), {"k": 2, "A": turn}
    yield "diag(f) ⪰ 0", (), Rel(E.Diag(f, k), "⪰", null), {"k": 1, "f": [F(-1)]}
    yield "c P ⪰ 0", (), Rel(c * P, "⪰", null), {"k": 1, "P": rows((1,)), "c": F(-1)}
    yield "P − S ⪰ 0", (), Rel(P - S @ S, "⪰", null), {"k": 1, "P": rows((0,)), "S": rows((1,))}
    yield "x = 0 ∧ y = 0", (eq(x, 0),), And((eq(x, 0), eq(y, 0))), {"x": F(0), "y": F(1)}
    yield "converse", (Implies(eq(x, 0), eq(y, 0)), eq(y, 0)), eq(x, 0), {"x": F(1), "y": F(0)}
    yield "an implication is no fact", (Implies(eq(x, 0), eq(y, 0)),), eq(y, 0), {"x": F(1), "y": F(1)}
    yield "∀ ⇐ one", (rel(f[1], ">", 0),), each(rel(f[l], ">", 0)), {"k": 2, "f": [F(1), F(-1)]}
    yield "xy = 0 ⇒ x = 0 ∧ y = 0", (), Implies(eq(x * y, 0), And((eq(x, 0), eq(y, 0)))), {"x": F(0), "y": F(1)}
    yield "x = 0 ⇔ xy = 0", (), Iff(eq(x, 0), eq(x * y, 0)), {"x": F(1), "y": F(0)}
    yield "an equivalence is no fact", (Iff(eq(x, 0), eq(y, 0)),), eq(y, 0), {"x": F(1), "y": F(1)}
    yield "one way is not both", (Implies(eq(x, 0), eq(y, 0)),), Iff(eq(x, 0), eq(y, 0)), {"x": F(1), "y": F(0)}
    yield "x ≠ 0 ∨ y ≠ 0", (), Or((rel(x, "≠", 0), rel(y, "≠", 0))), {"x": F(0), "y": F(0)}
    yield "A ≠ 0", (), Rel(A, "≠", null), {"k": 1, "A": rows((0,))}
    yield "A ≠ B, AB ≠ BA", (Rel(A, "≠", B),), Rel(A @ B, "≠", B @ A), {"k": 1, "A": rows((1,)), "B": rows((2,))}
    yield "A ≠ 0 ⇒ A² ≠ 0", (Rel(A, "≠", null),), Rel(A @ A, "≠", null), {"k": 2, "A": rows((0, 1), (0, 0))}
    yield "‖A‖² = 0 ⇔ A = B", (), Iff(eq(E.SqNorm(A), 0), eq(A, B)), {"k": 1, "A": rows((1,)), "B": rows((1,))}


def matrices() -> Iterator[Any]:
    """Determinants, inverses, products of definite matrices."""
    null, one = E.Zero(k, k), E.Eye(k)
    det, apart = E.det, rel(E.det(A), "≠", 0)
    both = (apart, rel(det(B), "≠", 0))
    yield "det A ≠ 0", (), apart, {"k": 1, "A": rows((0,))}
    yield "det A > 0", (apart,), rel(det(A), ">", 0), {"k": 1, "A": rows((-1,))}
    yield "det(A + B)", (), eq(det(A + B), det(A) + det(B)), {"k": 2, "A": I2, "B": I2}
    yield "det(2A) = 2 det A", (), eq(det(2 * A), 2 * det(A)), {"k": 2, "A": I2}
    yield "det A = 1", (), eq(det(A), 1), {"k": 1, "A": rows((2,))}
    yield "det O = 1", (), eq(det(O), 1), {"k": 1, "O": rows((-1,))}
    yield "det P > 0", (), rel(det(P), ">", 0), {"k": 1, "P": rows((0,))}
    yield "det S ≥ 0", (), rel(det(S), "≥", 0), {"k": 1, "S": rows((-1,))}
    yield "det(RC) = det(CR)", (), eq(det(R @ C), det(C @ R)), {
        "k": 1, "m": 2, "R": rows((1, 0)), "C": rows((1,), (0,)),
    }  # fmt: skip
    yield "det of a rectangle's square", (), rel(det(R.T @ R), "≠", 0), {"k": 1, "m": 2, "R": rows((1, 0))}
    yield "A⁻¹A = I", (), eq(A**-1 @ A, one), {"k": 2, "A": rows((0, 1), (0, 0))}
    yield "A⁻¹B = BA⁻¹", (apart,), eq(A**-1 @ B, B @ A**-1), {"k": 2, "A": a22, "B": b22}
    yield "(AB)⁻¹ = A⁻¹B⁻¹", both, eq((A @ B) ** -1, A**-1 @ B**-1), {"k": 2, "A": a22, "B": b22}
    yield "(A + B)⁻¹ = A⁻¹ + B⁻¹", (*both, rel(det(A + B), "≠", 0)), eq((A + B) ** -1, A**-1 + B**-1), {
        "k": 1, "A": rows((1,)), "B": rows((1,)),
    }  # fmt: skip
    yield "A⁻¹ = Aᵀ", (apart,), eq(A**-1, A.T), {"k": 1, "A": rows((2,))}
    yield "A⁻¹ᵀ = A⁻¹", (apart,), eq((A**-1).T, A**-1), {"k": 2, "A": a22}
    yield "A⁻² A = A", (apart,), eq(A**-2 @ A, A), {"k": 1, "A": rows((2,))}
    yield "AB = I for RC = I", (eq(R @ C, one),), eq(C @ R, E.Eye(m)), {
        "k": 1, "m": 2, "R": rows((1, 0)), "C": rows((1,), (0,)),
    }  # fmt: skip
    yield "BA = 0 ⇒ A = 0", (eq(B @ A, null),), eq(A, null), {"k": 1, "A": rows((1,)), "B": rows((0,))}
    yield "BᵀAB ≻ 0", (Rel(A, "≻", null),), Rel(B.T @ A @ B, "≻", null), {"k": 1, "A": rows((1,)), "B": rows((0,))}
    yield "BAB ≻ 0", (Rel(A, "≻", null), both[1]), Rel(B @ A @ B, "≻", null), {"k": 2, "A": I2, "B": turn}
    yield "P⁻¹ ≻ 0", (), Rel(P**-1, "≻", null), {"k": 1, "P": rows((0,))}
    yield "A ⪰ B ⇒ B ⪰ A", (Rel(A, "⪰", B),), Rel(B, "⪰", A), {"k": 1, "A": rows((1,)), "B": rows((0,))}
    yield "A ⪰ B is not ≻", (Rel(A, "⪰", B),), Rel(A, "≻", B), {"k": 1, "A": rows((1,)), "B": rows((1,))}
    yield "tr(SP) ≥ 0", (), rel(E.Tr(S @ P), "≥", 0), {"k": 1, "S": rows((-1,)), "P": rows((1,))}
    three = rel(E.Tr(A.T @ A @ B.T @ B @ P), "≥", 0)
    yield "tr of three", (), three, {
        "k": 2, "A": rows((1, 1), (0, 0)), "B": rows((1, 0), (0, 0)), "P": rows((1, -2), (-2, 4)),
    }  # fmt: skip
    rank = E.Rank
    yield "rank A = k", (), eq(rank(A), k), {"k": 1, "A": rows((0,))}
    yield "rank A ≥ 1", (), rel(rank(A), "≥", 1), {"k": 1, "A": rows((0,))}
    yield "rank(AB) = rank A", (), eq(rank(A @ B), rank(A)), {"k": 1, "A": rows((1,)), "B": rows((0,))}
    yield "rank(AB) ≥ rank B", (), rel(rank(A @ B), "≥", rank(B)), {"k": 1, "A": rows((0,)), "B": rows((1,))}
    yield "rank(A + B) ≤ rank A", (), rel(rank(A + B), "≤", rank(A)), {"k": 1, "A": rows((0,)), "B": rows((1,))}
    yield "rank(A + B) = rank A + rank B", (), eq(rank(A + B), rank(A) + rank(B)), {
        "k": 1, "A": rows((1,)), "B": rows((1,)),
    }  # fmt: skip
    yield "rank A² = rank A", (), eq(rank(A @ A), rank(A)), {"k": 2, "A": rows((0, 1), (0, 0))}
    yield "rank R ≤ 1", (), rel(rank(R), "≤", 1), {"k": 2, "m": 2, "R": I2}
    yield "rank of I is 1", (), eq(rank(one), 1), {"k": 2}
    yield "rank A ≤ k without a size", (), rel(rank(A), "≤", k), {"k": -1, "A": []}
    yield "rank O = k, of a negative size", (), eq(rank(O), k), {"k": -1, "O": []}
    yield "rank A = rank B ⇒ A = B", (eq(rank(A), rank(B)),), eq(A, B), {"k": 1, "A": rows((1,)), "B": rows((2,))}
    yield "∇ det-free inverse", (apart,), eq(E.Grad(E.Tr(A**-1), A), null), {"k": 1, "A": rows((1,))}


def logarithms() -> Iterator[Any]:
    """log and exp, at the numbers where they are rational."""
    log, exp = E.log, E.exp
    yield "log x ≥ 0", (rel(x, "≥", 1),), rel(log(x), ">", 0), {"x": F(1)}
    yield "log 1 = 1", (), eq(log(E.lift(1)), 1), {}
    yield "log(x²) has a value", (), eq(log(x**2), log(x**2)), {"x": F(0)}
    yield "log has a value", (rel(x, "≥", 0),), rel(log(x), "≤", x), {"x": F(0)}
    yield (
        "log(xy) of negative numbers",
        (rel(x * y, ">", 0),),
        eq(log(x * y), log(x) + log(y)),
        {"x": F(-1), "y": F(-1)},
    )
    yield "log x² = 2 log x", (rel(x, "≠", 0),), eq(log(x**2), 2 * log(x)), {"x": F(-1)}
    yield "log √x² = log x", (rel(x, "≠", 0),), eq(log(E.sqrt(x**2)), log(x)), {"x": F(-1)}
    yield "exp x = 1 + x", (), rel(exp(x), ">", 1 + x), {"x": F(0)}
    yield "exp x ≤ 1", (), rel(exp(x), "<", 1), {"x": F(0)}
    yield "exp(log x) = x", (), eq(exp(log(x)), x), {"x": F(0)}
    yield "∂ log x = 1/x at 0", (), eq(E.Diff(log(x), x), 1 / x), {"x": F(0)}
    yield "∂ log x = x", (rel(x, ">", 0),), eq(E.Diff(log(x) + x, x), x), {"x": F(1)}
    yield "∂ exp", (), eq(E.Diff(exp(x * y), x), exp(x * y)), {"x": F(0), "y": F(2)}
    yield "log det of a negative matrix", (rel(E.det(A), "≠", 0),), eq(log(E.det(A)), log(E.det(A))), {
        "k": 1, "A": rows((-1,)),
    }  # fmt: skip
    yield "log det(A + B)", (), eq(log(E.det(A + B)), log(E.det(A)) + log(E.det(B))), {
        "k": 1, "A": rows((1,)), "B": rows((0,)),
    }  # fmt: skip


def magnitudes() -> Iterator[Any]:
    """|x| and ‖A‖."""
    size_, norm = E.Abs, E.norm
    yield "|x| = x", (), eq(size_(x), x), {"x": F(-1)}
    yield "|x| = −x", (rel(x, "≥", 0),), eq(size_(x), -x), {"x": F(1)}
    yield "|x| > 0", (), rel(size_(x), ">", 0), {"x": F(0)}
    yield "|x + y| = |x| + |y|", (), eq(size_(x + y), size_(x) + size_(y)), {"x": F(1), "y": F(-1)}
    yield "|x − y| ≤ |x| − |y|", (), rel(size_(x - y), "≤", size_(x) - size_(y)), {"x": F(0), "y": F(1)}
    yield "|x| ≤ y ⇒ |x| ≤ −y", (rel(size_(x), "≤", y),), rel(size_(x), "≤", -y), {"x": F(1), "y": F(1)}
    yield "x ≤ y ⇒ |x| ≤ |y|", (rel(x, "≤", y),), rel(size_(x), "≤", size_(y)), {"x": F(-1), "y": F(0)}
    yield "|x| = |y| ⇒ x = y", (eq(size_(x), size_(y)),), eq(x, y), {"x": F(1), "y": F(-1)}
    yield "|x|³ = x³", (), eq(size_(x) ** 3, x**3), {"x": F(-1)}
    yield "∂|x| = 1", (rel(x, "≠", 0),), eq(E.Diff(size_(x), x), 1), {"x": F(-1)}
    yield "∂|x| at 0", (), eq(E.Diff(size_(x), x, 1, True), 0), {"x": F(0)}
    yield "‖A‖ > 0", (), rel(norm(A), ">", 0), {"k": 1, "A": rows((0,))}
    yield "‖xA‖ = x‖A‖", (), eq(norm(x * A), x * norm(A)), {"k": 1, "A": rows((1,)), "x": F(-1)}
    yield "‖A + B‖ = ‖A‖ + ‖B‖", (), eq(norm(A + B), norm(A) + norm(B)), {
        "k": 1, "A": rows((1,)), "B": rows((-1,)),
    }  # fmt: skip
    yield "√(x + y) = √x + √y", (rel(x, "≥", 0), rel(y, "≥", 0)), eq(E.sqrt(x + y), E.sqrt(x) + E.sqrt(y)), {
        "x": F(9), "y": F(16),
    }  # fmt: skip


FALSE = {name: False_(name, given, goal, at) for name, given, goal, at in statements()}
assert len(FALSE) == sum(1 for _ in statements()), "two statements have one name"
