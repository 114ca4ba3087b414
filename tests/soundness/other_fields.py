"""Small claims of other fields, as a new user writes them: hypotheses without samplers, undeclared signs and indices.

Most are false in a subtle way: strict against weak, missing hypotheses, empty ranges, other signs, single points, other
orders of quantifiers, traits that are not there.

Main results
    FALSE, TRUE    name → the statement and what is given
"""

# ruff: noqa: E741
from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofs.kernel.expressions import (
    Abs,
    Basis,
    Diff,
    Entry,
    Expect,
    Expr,
    Extremum,
    Eye,
    Family,
    First,
    Grad,
    Inner,
    Letter,
    LowerMask,
    Num,
    Pick,
    Proj,
    Rank,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    cos,
    det,
    exp,
    integer,
    lift,
    log,
    sin,
    size,
    sqrt,
)
from proofs.kernel.propositions import And, Every, Exists, Fades, ForAll, Iff, Implies, Or, Rel, rel
from proofs.methods.chain import chain
from proofs.methods.eigenvalues import cond, s_max, s_min

FALSE: dict[str, tuple[Any, tuple[Expr, ...]]] = {}
TRUE: dict[str, tuple[Any, tuple[Expr, ...]]] = {}


def false(name: str, statement: Any, *given: Expr) -> None:
    FALSE[name] = statement, given


def true(name: str, statement: Any, *given: Expr) -> None:
    TRUE[name] = statement, given


k, m, n = (size(s) for s in "kmn")
i, j, l, b = (integer(s) for s in "ijlb")
ik, jk = integer("i", "", 1, k), integer("j", "", 1, k)
x, y, z, w, c, a, s, t, λ, θ = (Sym(name) for name in ("x", "y", "z", "w", "c", "a", "s", "t", "λ", "θ"))
f, g, pw = (Family(name, length=k) for name in ("f", "g", "p"))
bw = Family("p_B", length=k)
bb = Family("b", random=bw, length=k)


def square(name: str, *traits: str) -> Letter:
    return Letter(name, k, k, frozenset(traits))


A, B, S, wt = square("A"), square("B"), square("S", "symmetric"), square("V", "symmetric")
P, P2, PD = square("P", "psd"), square("R", "psd"), square("H", "pd")
Q, D, K = square("Q", "orthonormal"), square("D", "diagonal"), square("K", "skew")
U = Letter("U", m, k, frozenset({"orthonormal"}))
X, Y, W, G, Hm = Letter("X", m, n), Letter("Y", m, n), Letter("W", k, m), Letter("G", m, k), Letter("C", n, k)
u, v, q = Letter("u", k, 1), Letter("v", k, 1), Letter("q", 1, 1)
N1 = Letter("N", 1, 1, noise=x)
I, O, one = Eye(k), Zero(k, k), lift(1)
Sx = X @ X.T


def total(body: Expr, var: Sym = l, lo: Any = 1, hi: Any = k, without: tuple[Sym, ...] = ()) -> Sum:
    return Sum(var, lift(lo), lift(hi), lift(body), without)


def mx(body: Expr, var: Sym = l, lo: Any = 1, hi: Any = k) -> Extremum:
    return Extremum("max", var, lift(lo), lift(hi), body)


def mn(body: Expr, var: Sym = l) -> Extremum:
    return Extremum("min", var, one, k, body)


def all_(body: Expr, var: Sym = l, lo: Any = 1, hi: Any = k) -> Every:
    return Every(var, lift(lo), lift(hi), body)


PROBABILITIES = all_(rel(pw[l], "≥", 0)), rel(total(pw[l]), "=", 1)
DISTRIBUTION = all_(rel(bw[l], "≥", 0)), rel(total(bw[l]), "=", 1)
MEAN = total(pw[l] * f[l])
SHRUNK = Pick("max", (Abs(x) - λ, lift(0)))
GAIN = x / (x + y)


def probability() -> None:
    false("E f^2 = (E f)^2 + something positive strict", rel(total(pw[l] * f[l] ** 2), ">", MEAN**2), *PROBABILITIES)
    true("Jensen square", rel(total(pw[l] * f[l] ** 2), "≥", MEAN**2), *PROBABILITIES)
    false("Jensen square no prob nonneg", rel(total(pw[l] * f[l] ** 2), "≥", MEAN**2), rel(total(pw[l]), "=", 1))
    false("Jensen without sum=1", rel(total(pw[l] * f[l] ** 2), "≥", MEAN**2), PROBABILITIES[0])
    true("Jensen sub-prob", rel(total(pw[l] * f[l] ** 2) * total(pw[l]), "≥", MEAN**2), PROBABILITIES[0])
    false("Markov strict", rel(MEAN, ">", 0), *PROBABILITIES, all_(rel(f[l], "≥", 0)))
    true("Markov weak", rel(MEAN, "≥", 0), *PROBABILITIES, all_(rel(f[l], "≥", 0)))
    false("p_l <1", rel(pw[1], "<", 1), *PROBABILITIES)
    true("p_l ≤1", all_(rel(pw[l], "≤", 1)), *PROBABILITIES)
    false("Gini ≤ 1-1/k strict", rel(1 - total(pw[l] ** 2), "<", 1 - 1 / k), *PROBABILITIES)
    true("Gini ≤ 1-1/k", rel(total(pw[l] ** 2), "≥", 1 / k), *PROBABILITIES)
    false("Gini ≥ 1/k no sum", rel(total(pw[l] ** 2), "≥", 1 / k), PROBABILITIES[0])
    false("mean below max strict", rel(MEAN, "<", mx(f[l])), *PROBABILITIES)
    true("mean below max", rel(MEAN, "≤", mx(f[l])), *PROBABILITIES)
    false("mean at least min of positives", rel(MEAN, "≥", mx(f[l]) / k), *PROBABILITIES)
    false("third moment zero", rel(Expect(N1, Tr(N1 @ N1 @ N1)), "=", 0), rel(x, "≥", 0))
    false("fourth moment x^2 of sum", rel(Expect(N1, Tr(N1 @ N1 @ N1 @ N1)), "≥", 2 * x**2), rel(x, "≥", 0))
    true("fourth moment ≥ x^2", rel(Expect(N1, Tr(N1 @ N1 @ N1 @ N1)), "≥", x**2), rel(x, "≥", 0))
    false("E 1/N^2", rel(Expect(N1, Tr(N1) ** 2 / (Tr(N1) ** 2)), "=", 1), rel(x, "≥", 0))


def draws() -> None:
    false(
        "E b1 b1 = E b1 E b1", rel(Expect(bb, bb[1] * bb[1]), "=", Expect(bb, bb[1]) * Expect(bb, bb[1])), *DISTRIBUTION
    )
    true(
        "E b1 b2 = E b1 E b2", rel(Expect(bb, bb[1] * bb[2]), "=", Expect(bb, bb[1]) * Expect(bb, bb[2])), *DISTRIBUTION
    )
    false(
        "E b_i b_j = E b_i E b_j all i,j",
        rel(Expect(bb, bb[i] * bb[j]), "=", Expect(bb, bb[i]) * Expect(bb, bb[j])),
        *DISTRIBUTION,
    )
    true("E b1 b2 b3 factor", rel(Expect(bb, bb[1] * bb[2] * bb[3]), "=", Expect(bb, bb[1]) ** 3), *DISTRIBUTION)
    false("E b1^2 b2 factor", rel(Expect(bb, bb[1] ** 2 * bb[2]), "=", Expect(bb, bb[1]) ** 3), *DISTRIBUTION)
    true(
        "E b1^2 b2 true",
        rel(Expect(bb, bb[1] ** 2 * bb[2]), "=", Expect(bb, bb[1] ** 2) * Expect(bb, bb[2])),
        *DISTRIBUTION,
    )
    false("E b1^2 = E b1", rel(Expect(bb, bb[1] ** 2), "=", Expect(bb, bb[1])), *DISTRIBUTION)
    true("E b1^2 ≥ (E b1)^2", rel(Expect(bb, bb[1] ** 2), "≥", Expect(bb, bb[1]) ** 2), *DISTRIBUTION)
    false(
        "E (Σ_{l≤3} b_l)^2 = 9 E b^2",
        rel(Expect(bb, (bb[1] + bb[2] + bb[3]) ** 2), "=", 9 * Expect(bb, bb[1] ** 2)),
        *DISTRIBUTION,
    )
    true(
        "E (b1+b2+b3)^2",
        rel(Expect(bb, (bb[1] + bb[2] + bb[3]) ** 2), "=", 3 * Expect(bb, bb[1] ** 2) + 6 * Expect(bb, bb[1]) ** 2),
        *DISTRIBUTION,
    )
    true(
        "E Σ b_l^2 over n",
        rel(
            Expect(bb, Sum(l, one, n, bb[l]) ** 2),
            "=",
            n * Expect(bb, bb[1] ** 2) + n * (n - 1) * Expect(bb, bb[1]) ** 2,
        ),
        *DISTRIBUTION,
    )
    false(
        "E Σ b_l^2 over n wrong",
        rel(Expect(bb, Sum(l, one, n, bb[l]) ** 2), "=", n * Expect(bb, bb[1] ** 2) + n * n * Expect(bb, bb[1]) ** 2),
        *DISTRIBUTION,
    )
    false(
        "E Σ b ^3 wrong", rel(Expect(bb, Sum(l, one, n, bb[l]) ** 3), "=", n**3 * Expect(bb, bb[1]) ** 3), *DISTRIBUTION
    )
    false("E b1 ≤ (k+1)/2", rel(Expect(bb, bb[1]), "≤", (k + 1) / 2), *DISTRIBUTION)
    false("E 1/b = 1/E b", rel(Expect(bb, 1 / bb[1]), "=", 1 / Expect(bb, bb[1])), *DISTRIBUTION)
    true("E 1/b ≥ 1/E b", rel(Expect(bb, 1 / bb[1]), "≥", 1 / Expect(bb, bb[1])), *DISTRIBUTION)
    false("P(max) ", rel(Expect(bb, Pick("max", (bb[1], bb[2]))), "=", Expect(bb, bb[1])), *DISTRIBUTION)
    false("E b_1 b_2 = E b_1^2", rel(Expect(bb, bb[1] * bb[2]), "=", Expect(bb, bb[1] ** 2)), *DISTRIBUTION)


def ridge_and_lasso() -> None:
    true("ridge normal eq", Rel((Sx + λ * Eye(m)) @ ((Sx + λ * Eye(m)) ** -1), "=", Eye(m)), rel(λ, ">", 0))
    false("ridge λ ≥ 0", Rel((Sx + λ * Eye(m)) @ ((Sx + λ * Eye(m)) ** -1), "=", Eye(m)), rel(λ, "≥", 0))
    false("ridge λ ≠ 0", Rel((Sx + λ * Eye(m)) @ ((Sx + λ * Eye(m)) ** -1), "=", Eye(m)), rel(λ, "≠", 0))
    true("push-through", Rel(((Sx + λ * Eye(m)) ** -1) @ X, "=", X @ ((X.T @ X + λ * Eye(n)) ** -1)), rel(λ, ">", 0))
    false(
        "push-through wrong",
        Rel(((Sx + λ * Eye(m)) ** -1) @ X, "=", X @ ((X.T @ X + λ * Eye(n)) ** -1)),
        rel(λ, "≠", 0),
    )
    false(
        "det lemma wrong sizes",
        rel(det(Sx + Eye(m)), "=", det(X.T @ X + Eye(n)) + 0 * λ + (m - n)),
    )
    true("Sylvester det", rel(det(Sx + Eye(m)), "=", det(X.T @ X + Eye(n))))
    false("Sylvester det λ", rel(det(Sx + λ * Eye(m)), "=", det(X.T @ X + λ * Eye(n))))
    true("hat trace ≤ n", rel(Tr(X.T @ ((Sx + λ * Eye(m)) ** -1) @ X), "≤", n), rel(λ, ">", 0))
    false("hat trace < rank-free m-1", rel(Tr(X.T @ ((Sx + λ * Eye(m)) ** -1) @ X), "≤", m - 1), rel(λ, ">", 0))
    false("shrinkage strict", rel(x**2 / (x**2 + λ), "<", 1), rel(λ, "≥", 0))
    false("shrinkage strict 2", rel(x**2 / (x**2 + λ), ">", 0), rel(λ, ">", 0))
    true("shrinkage strict 3", rel(x**2 / (x**2 + λ), "<", 1), rel(λ, ">", 0))
    true("soft ≤ |x|", rel(SHRUNK, "≤", Abs(x)), rel(λ, "≥", 0))
    false("soft ≤ |x| any λ", rel(SHRUNK, "≤", Abs(x)))
    false("soft < |x|", rel(SHRUNK, "<", Abs(x)), rel(λ, ">", 0))
    false("|x|-λ = soft", rel(SHRUNK, "=", Abs(x) - λ), rel(λ, ">", 0))
    true("l1 ≥ l2", rel(total(Abs(f[l])) ** 2, "≥", total(f[l] ** 2)))
    false("l1² > l2²", rel(total(Abs(f[l])) ** 2, ">", total(f[l] ** 2)))
    false("l1² ≤ (k-1) l2²", rel(total(Abs(f[l])) ** 2, "≤", (k - 1) * total(f[l] ** 2)), rel(k, "≥", 2))
    true("l1² ≤ k l2²", rel(total(Abs(f[l])) ** 2, "≤", k * total(f[l] ** 2)))


def filters() -> None:
    true(
        "Kalman update variance",
        rel((1 - GAIN) ** 2 * x + GAIN**2 * y, "=", x * y / (x + y)),
        rel(x, ">", 0),
        rel(y, ">", 0),
    )
    false("Kalman update no premises", rel((1 - GAIN) ** 2 * x + GAIN**2 * y, "=", x * y / (x + y)))
    false("Kalman posterior < prior", rel(x * y / (x + y), "<", x), rel(x, "≥", 0), rel(y, ">", 0))
    true("Kalman posterior ≤ prior", rel(x * y / (x + y), "≤", x), rel(x, "≥", 0), rel(y, ">", 0))
    false("Kalman post ≤ min/2", rel(x * y / (x + y), "≤", Pick("min", (x, y)) / 2), rel(x, ">", 0), rel(y, ">", 0))
    true("Kalman post ≤ min", rel(x * y / (x + y), "≤", Pick("min", (x, y))), rel(x, ">", 0), rel(y, ">", 0))
    true(
        "Joseph",
        Rel(
            (I - G.T @ G) @ P @ (I - G.T @ G).T + G.T @ G @ P @ G.T @ G,
            "=",
            P - G.T @ G @ P - P @ (G.T @ G).T + 2 * G.T @ G @ P @ G.T @ G,
        ),
    )
    true(
        "Woodbury",
        Rel(
            (PD + Hm.T @ Hm) ** -1, "=", PD**-1 - PD**-1 @ Hm.T @ ((Eye(n) + Hm @ (PD**-1) @ Hm.T) ** -1) @ Hm @ PD**-1
        ),
    )
    false(
        "Woodbury sign",
        Rel(
            (PD + Hm.T @ Hm) ** -1, "=", PD**-1 + PD**-1 @ Hm.T @ ((Eye(n) + Hm @ (PD**-1) @ Hm.T) ** -1) @ Hm @ PD**-1
        ),
    )
    false("inverse of sum", Rel((PD + I) ** -1, "=", PD**-1 + I))
    true("monotone inverse", Rel(PD**-1, "⪰", (PD + P) ** -1))
    false("monotone inverse strict", Rel(PD**-1, "≻", (PD + P) ** -1))
    false("monotone square", Rel((PD + P) @ (PD + P), "⪰", PD @ PD))
    false("psd product symmetric", Rel(P @ P2 + P2 @ P, "⪰", O))
    true("congruence", Rel(A @ P @ A.T, "⪰", O))
    false("congruence strict", Rel(A @ PD @ A.T, "≻", O))
    false("no transpose", Rel(A @ PD @ A, "⪰", O))


def matrix_calculus() -> None:
    false("grad tr(WWᵀ)=W", Rel(Grad(Tr(W @ W.T), W), "=", W))
    true("grad tr(WWᵀ)=2W", Rel(Grad(Tr(W @ W.T), W), "=", 2 * W))
    false("grad tr(AB) wrt A = B", Rel(Grad(Tr(A @ B), A), "=", B))
    true("grad tr(AB) wrt A = Bᵀ", Rel(Grad(Tr(A @ B), A), "=", B.T))
    false("grad tr A² = 2A", Rel(Grad(Tr(A @ A), A), "=", 2 * A))
    false("grad log det A = A^-1", Rel(Grad(log(det(A @ A.T)), A), "=", A**-1), rel(det(A), "≠", 0))
    false("grad det", Rel(Grad(det(A), A), "=", det(A) * A**-1), rel(det(A), "≠", 0))
    true("grad det T", Rel(Grad(det(A), A), "=", det(A) * (A**-1).T), rel(det(A), "≠", 0))
    false("grad |q|", Rel(Grad(Abs(Tr(q)), q), "=", (Tr(q) / Abs(Tr(q))) * Eye(1)))
    false("d/dx |x| = x/|x|", rel(Diff(Abs(x), x), "=", x / Abs(x)))
    false("d/dx |x| = x/|x| x≠0 ok?", rel(Diff(Abs(x), x), "=", 1), rel(x, "≠", 0))
    true("d/dx x|x| pos", rel(Diff(x**3, x), "=", 3 * x**2))
    false("d/dx sqrt(x²)=1", rel(Diff(sqrt(x**2), x), "=", 1), rel(x, "≠", 0))
    true("d/dx sqrt(x²)=1 pos", rel(Diff(sqrt(x**2), x), "=", 1), rel(x, ">", 0))
    false("d/dx log x", rel(Diff(log(x), x), "=", 1 / x))
    true("d/dx log x pos", rel(Diff(log(x), x), "=", 1 / x), rel(x, ">", 0))
    false("d/dx exp(x²)=exp(x²)", rel(Diff(exp(x**2), x), "=", exp(x**2)))
    true("d/dx exp(x²)", rel(Diff(exp(x**2), x), "=", 2 * x * exp(x**2)))
    false("d2 cos", rel(Diff(cos(x), x, 2), "=", cos(x)))
    true("d2 cos true", rel(Diff(cos(x), x, 2), "=", -cos(x)))
    false("d max(x,y)", rel(Diff(Pick("max", (x, y)), x), "=", 1), rel(x, "≥", y))


def sums() -> None:
    true("Σ l", rel(total(l), "=", k * (k + 1) / 2))
    false("Σ l m general", rel(total(l, hi=m - 3), "=", (m - 3) * (m - 2) / 2))
    true("Σ l m≥3", rel(total(l, hi=m - 3), "=", (m - 3) * (m - 2) / 2), rel(m, "≥", 3))
    true("Σ l m≥2", rel(total(l, hi=m - 3), "=", (m - 3) * (m - 2) / 2), rel(m, "≥", 2))
    false("Σ odd", rel(total(2 * l - 1), "=", k**2 + (k - 1) * (k - 2) * (k - 3)))
    true("Σ odd t", rel(total(2 * l - 1), "=", k**2))
    false(
        "Σ cubes",
        rel(
            total(l**3),
            "=",
            (k * (k + 1) / 2) ** 2 + (k * (k + 1) / 2) ** 2 + (k - 1) * (k - 2) * (k - 3) * (k - 4) * (k - 5) * (k - 6),
        ),
    )
    true("Σ cubes t", rel(total(l**3), "=", (k * (k + 1) / 2) ** 2))
    false("telescoping wrong end", rel(total(1 / (l * (l + 1))), "=", 1 - 1 / k), rel(k, "≥", 2))
    true("telescoping", rel(total(1 / (l * (l + 1))), "=", 1 - 1 / (k + 1)))
    false("telescoping from 0", rel(total(1 / (l * (l + 1)), lo=0), "=", 1 - 1 / (k + 1)))
    false("Σ_{l=j}^{k}1=k-j+1", rel(total(one, lo=j), "=", k - j + 1))
    true("Σ_{l=j}^{k}1=k-j+1 j≤k+1", rel(total(one, lo=j), "=", k - j + 1), rel(j, "≤", k + 1))
    false("double sum swap wrong", rel(total(total(f[l] * g[b], b, 1, l)), "=", total(total(f[l] * g[b], b, l, k))))
    true("double sum swap", rel(total(total(f[l] * g[b], b, 1, l)), "=", total(g[b] * total(f[l], l, b, k), b)))
    false("Σ_{l≠i} with i outside", rel(total(f[l], without=(i,)), "=", total(f[l]) - f[1]))
    true(
        "Abel summation t",
        rel(
            total(f[l] * (g[l + 1] - g[l]), hi=k - 1),
            "=",
            f[k] * g[k] - f[1] * g[1] - total(g[l] * (f[l] - f[l - 1]), lo=2),
        ),
    )
    false("k ≥ 2 sum of squares ≥", rel(total(f[l] ** 2), "≥", 2 * f[1] * f[2]))
    false("k² ≤ 2^? k^2<100k", rel(k**2, "<", 100 * k))
    false("k²+k+41 bound", rel(k**2 + k + 41, "≤", 2000))
    false("(k-7)² >0", rel((k - 7) ** 2, ">", 0))
    false("k(k+1)≥2m", rel(k * (k + 1), "≥", m))
    false("fermat-like", rel((x + y) ** 3, "=", x**3 + y**3))
    false("x^n+y^n", rel((i + j) ** 2, "≥", i**2 + j**2))


def inequalities() -> None:
    false("exp(x)≥1+x strict", rel(exp(x), ">", 1 + x))
    true("exp(x)≥1+x", rel(exp(x), "≥", 1 + x))
    false("exp(x) ≥ 1+x+x²/2", rel(exp(x), "≥", 1 + x + x**2 / 2))
    true("exp(x) ≥ 1+x+x²/2 pos", rel(exp(x), "≥", 1 + x + x**2 / 2), rel(x, "≥", 0))
    false("log(1+x)≤x strict", rel(log(1 + x), "<", x), rel(x, ">", -1))
    true("log(1+x)≤x", rel(log(1 + x), "≤", x), rel(x, ">", -1))
    false("log(1+x) ≥ x - x²/2", rel(log(1 + x), "≥", x - x**2 / 2), rel(x, ">", -1))
    true("log ≥ x-x²/2 x≥0", rel(log(1 + x), "≥", x - x**2 / 2), rel(x, "≥", 0))
    false("exp(x+y)=exp x+exp y", rel(exp(x + y), "=", exp(x) + exp(y)))
    true("exp(x+y)", rel(exp(x + y), "=", exp(x) * exp(y)))
    false("log x²=2log x", rel(log(x**2), "=", 2 * log(x)), rel(x, "≠", 0))
    true("log x²=2log x pos", rel(log(x**2), "=", 2 * log(x)), rel(x, ">", 0))
    false("cos ≥ 1-θ²/2 strict", rel(cos(θ), ">", 1 - θ**2 / 2))
    false("cos θ ≥ 1-θ²/4", rel(cos(θ), "≥", 1 - θ**2 / 4))
    false("sin θ ≤ θ", rel(sin(θ), "≤", θ))
    false("cos 2θ", rel(cos(2 * θ), "=", cos(θ) ** 2 - 1))
    true("cos 2θ t", rel(cos(2 * θ), "=", 2 * cos(θ) ** 2 - 1))
    false("cos sin ≥ -1/4", rel(cos(θ) * sin(θ), "≥", -Num(Fraction(2, 5))))
    false("cos +sin ≤ 1.41", rel(cos(θ) + sin(θ), "≤", Num(Fraction(141, 100))))
    true("cos +sin ≤ 1.42", rel(cos(θ) + sin(θ), "≤", Num(Fraction(142, 100))))
    false("cos=0 ∨ sin=0 or close", rel(cos(θ) ** 2 + sin(θ), "≤", Num(Fraction(124, 100))))
    false("lse<max+log2", rel(log(total(exp(f[l]))), "<", mx(f[l]) + log(2)))
    true("lse≥max", rel(log(total(exp(f[l]))), "≥", mx(f[l])))
    false("lse>max", rel(log(total(exp(f[l]))), ">", mx(f[l])))
    true("lse≤max+log k", rel(log(total(exp(f[l]))), "≤", mx(f[l]) + log(k)))
    false("lse≤max+log(k)/2", rel(log(total(exp(f[l]))), "≤", mx(f[l]) + log(k) / 2))
    false("lse ≤ max+1", rel(log(total(exp(f[l]))), "≤", mx(f[l]) + 1))
    false("softmax ≤ 1 strict >0 ok?", rel(exp(f[1]) / total(exp(f[l])), "<", 1))
    true("softmax ≤1", rel(exp(f[1]) / total(exp(f[l])), "≤", 1))
    false("entropy ≤ log k -", rel(-total(pw[l] * log(pw[l])), "<", log(k)), all_(rel(pw[l], ">", 0)), PROBABILITIES[1])
    false("x^x≥", rel(x * log(x), "≥", -Num(Fraction(36, 100))), rel(x, ">", 0))
    true("x log x ≥ x-1", rel(x * log(x), "≥", x - 1), rel(x, ">", 0))
    false(
        "KL >0",
        rel(total(pw[l] * log(pw[l] / f[l])), ">", 0),
        all_(rel(pw[l], ">", 0)),
        all_(rel(f[l], ">", 0)),
        PROBABILITIES[1],
        rel(total(f[l]), "=", 1),
    )
    false(
        "KL ≥0 without sums",
        rel(total(pw[l] * log(pw[l] / f[l])), "≥", 0),
        all_(rel(pw[l], ">", 0)),
        all_(rel(f[l], ">", 0)),
        PROBABILITIES[1],
    )
    false("sqrt(x²)=x", rel(sqrt(x**2), "=", x))
    false("sqrt(x+y) ≥ ", rel(sqrt(x + y), "=", sqrt(x) + sqrt(y)), rel(x, "≥", 0), rel(y, "≥", 0))
    true("sqrt subadd", rel(sqrt(x + y), "≤", sqrt(x) + sqrt(y)), rel(x, "≥", 0), rel(y, "≥", 0))
    false("sqrt subadd strict", rel(sqrt(x + y), "<", sqrt(x) + sqrt(y)), rel(x, ">", 0), rel(y, "≥", 0))
    true("sqrt subadd strict pos", rel(sqrt(x + y), "<", sqrt(x) + sqrt(y)), rel(x, ">", 0), rel(y, ">", 0))
    false("AMGM strict", rel(sqrt(x * y), "<", (x + y) / 2), rel(x, ">", 0), rel(y, ">", 0))
    true("AMGM", rel(sqrt(x * y), "≤", (x + y) / 2), rel(x, ">", 0), rel(y, ">", 0))
    false("AMGM signs", rel(x * y, "≤", ((x + y) / 2) ** 2 - Num(Fraction(1, 10**6))))
    false("HM", rel(2 / (1 / x + 1 / y), "≤", sqrt(x * y)), rel(x, "≠", 0), rel(y, "≠", 0))
    false("xy≤.. Young", rel(x * y, "<", x**2 / 2 + y**2 / 2 + Num(Fraction(1, 10**9)) * 0))
    false("Motzkin >0", rel(x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1, ">", 0))
    true("Motzkin ≥0", rel(x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1, "≥", 0))
    false("Motzkin shifted", rel(x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + Num(Fraction(99, 100)), "≥", 0))
    false(
        "Nesbitt",
        rel(x / (y + z) + y / (x + z) + z / (x + y), "≥", Fraction(3, 2)),
        rel(x, "≥", 0),
        rel(y, "≥", 0),
        rel(z, "≥", 0),
    )
    true(
        "Nesbitt pos",
        rel(x / (y + z) + y / (x + z) + z / (x + y), "≥", Fraction(3, 2)),
        rel(x, ">", 0),
        rel(y, ">", 0),
        rel(z, ">", 0),
    )
    false(
        "Nesbitt strict",
        rel(x / (y + z) + y / (x + z) + z / (x + y), ">", Fraction(3, 2)),
        rel(x, ">", 0),
        rel(y, ">", 0),
        rel(z, ">", 0),
    )
    false("two-variable two-line: (x-y-7/3)²>0", rel((x - y - Fraction(7, 3)) ** 2, ">", 0))
    false("(x-7/3)²+(y-5/11)²>0", rel((x - Fraction(7, 3)) ** 2 + (y - Fraction(5, 11)) ** 2, ">", 0))
    false("(x²-2)²+(y²-3)²>0", rel((x**2 - 2) ** 2 + (y**2 - 3) ** 2, ">", 0))
    false("(f1-7/3)²+(f2-5/11)²>0", rel(total((f[l] - Fraction(7, 3)) ** 2), ">", 0))
    false(
        "1/((x-7/3)²+(y-5/11)²)",
        rel(
            ((x - Fraction(7, 3)) ** 2 + (y - Fraction(5, 11)) ** 2)
            / ((x - Fraction(7, 3)) ** 2 + (y - Fraction(5, 11)) ** 2),
            "=",
            1,
        ),
    )
    false("1/(x²+y²-xy...)", rel((x**2 + y**2) / (x**2 + y**2), "=", 1))
    false("implies exception", Implies(rel(x, ">", y), rel((7 * x - 3) ** 2, ">", 0)))
    false("implies exception2", Implies(rel(x, ">", y), rel(x, "≠", Fraction(17, 23))))
    false("forall inner", ForAll(x, ForAll(y, rel((11 * x - 7 * y - 2) ** 2, ">", 0))))
    false("every inner exception", all_(rel((13 * f[l] - 5) ** 2, ">", 0)))
    false("forall-implies", ForAll(x, Implies(rel(x, "≥", 0), rel((x - Fraction(17, 23)) ** 2, ">", 0))))
    false("or exception", Or((rel(x, ">", 0), rel(x, "<", -Fraction(1, 1000)))))
    true("trichotomy", Or((rel(x, ">", y), rel(x, "=", y), rel(x, "<", y))))
    false("iff exception", Iff(rel(x**2, ">", 0), rel(x, ">", 0)))
    true("iff", Iff(rel(x**2, ">", 0), rel(x, "≠", 0)))


def graph_laplacians() -> None:
    false("xᵀAx Laplacian", rel(Tr(u.T @ S @ u), "≥", 0))
    false(
        "weighted Laplacian psd any sign",
        rel(total(total(Entry(S, i, j) * (Entry(u, i, one) - Entry(u, j, one)) ** 2, j), i), "≥", 0),
    )
    true(
        "weighted Laplacian nonneg",
        rel(total(total(Entry(S, i, j) ** 2 * (Entry(u, i, one) - Entry(u, j, one)) ** 2, j), i), "≥", 0),
    )
    true(
        "Σ(u_i-u_j)^2=2k‖u‖²-2(Σu)²",
        rel(total(total((f[i] - f[j]) ** 2, j), i), "=", 2 * k * total(f[l] ** 2) - 2 * total(f[l]) ** 2),
    )
    false(
        "Σ(u_i-u_j)^2 wrong", rel(total(total((f[i] - f[j]) ** 2, j), i), "=", k * total(f[l] ** 2) - total(f[l]) ** 2)
    )
    false("path laplacian", rel(total((f[l + 1] - f[l]) ** 2, hi=k - 1), ">", 0), rel(k, "≥", 2))
    false(
        "path laplacian poincare", rel(total((f[l + 1] - f[l]) ** 2, hi=k - 1), "≥", (f[k] - f[1]) ** 2), rel(k, "≥", 2)
    )
    true(
        "path laplacian poincare t",
        rel((k - 1) * total((f[l + 1] - f[l]) ** 2, hi=k - 1), "≥", (f[k] - f[1]) ** 2),
        rel(k, "≥", 2),
    )
    false("cyclic no wrap", rel(total(f[l] * f[l + 1], hi=k - 1), "≤", total(f[l] ** 2) - f[1] ** 2))
    true("cyclic", rel(total(f[l] * f[l + 1], hi=k - 1), "≤", total(f[l] ** 2)))


def convexity() -> None:
    true("convex sq", rel((λ * x + (1 - λ) * y) ** 2, "≤", λ * x**2 + (1 - λ) * y**2), rel(λ, "≥", 0), rel(λ, "≤", 1))
    false(
        "convex sq strict",
        rel((λ * x + (1 - λ) * y) ** 2, "<", λ * x**2 + (1 - λ) * y**2),
        rel(λ, ">", 0),
        rel(λ, "<", 1),
    )
    false("convex sq no λ", rel((λ * x + (1 - λ) * y) ** 2, "≤", λ * x**2 + (1 - λ) * y**2))
    false(
        "convex cube", rel((λ * x + (1 - λ) * y) ** 3, "≤", λ * x**3 + (1 - λ) * y**3), rel(λ, "≥", 0), rel(λ, "≤", 1)
    )
    true("convex cube pos", rel(((x + y) / 2) ** 3, "≤", (x**3 + y**3) / 2), rel(x, "≥", 0), rel(y, "≥", 0))
    false("xy jointly convex", rel(((x + z) / 2) * ((y + w) / 2), "≤", (x * y + z * w) / 2))
    false(
        "quad over lin y≠0",
        rel(((x + z) / 2) ** 2 / ((y + w) / 2), "≤", (x**2 / y + z**2 / w) / 2),
        rel(y, "≠", 0),
        rel(w, "≠", 0),
        rel(y + w, "≠", 0),
    )
    true(
        "quad over lin",
        rel(((x + z) / 2) ** 2 / ((y + w) / 2), "≤", (x**2 / y + z**2 / w) / 2),
        rel(y, ">", 0),
        rel(w, ">", 0),
    )
    false("gradient ineq", rel(x**4, "≥", y**4 + 4 * y**3 * (x - y) + (x - y) ** 2 * y**2 * 3))
    true("gradient ineq t", rel(x**4, "≥", y**4 + 4 * y**3 * (x - y)))
    true("strong conv", rel(x**2, "≥", y**2 + 2 * y * (x - y)))
    false("Lipschitz square", rel(Abs(x**2 - y**2), "≤", 2 * Abs(x - y)), rel(Abs(x), "≤", 1))
    true("Lipschitz square t", rel(Abs(x**2 - y**2), "≤", 2 * Abs(x - y)), rel(Abs(x), "≤", 1), rel(Abs(y), "≤", 1))
    false(
        "tri ineq reverse",
        rel(Abs(x + y), "≥", Abs(x) + Abs(y) - Num(Fraction(1, 10**6))),
        rel(x * y, "≥", -Num(Fraction(1, 10**3))),
    )
    true("tri", rel(Abs(x + y), "≤", Abs(x) + Abs(y)))
    false("max conv", rel(Pick("max", (x, y)), "=", (x + y + x - y) / 2))
    true("max formula", rel(Pick("max", (x, y)), "=", (x + y + Abs(x - y)) / 2))
    false("min max", rel(Pick("min", (x, y)), "<", Pick("max", (x, y))))


def matrices() -> None:
    false("∃x∀y", Exists(x, ForAll(y, rel(x, "≥", y))))
    true("∀y∃x", ForAll(y, Exists(x, rel(x, "≥", y))))
    false("∃x∀l f", Exists(x, all_(rel(x, "=", f[l]))))
    true("∀l∃x", all_(Exists(x, rel(x, "=", f[l]))))
    false("∃ C: A C = I", Exists(Letter("C", k, k), Rel(A @ Letter("C", k, k), "=", I)))
    false("∃ v: Av=0, v≠0", Exists(v, And((Rel(A @ v, "=", Zero(k, 1)), Rel(v, "≠", Zero(k, 1))))))
    false("∃ sqrt", Exists(y, rel(y**2, "=", x)))
    true("∃ sqrt pos", Exists(y, rel(y**2, "=", x)), rel(x, "≥", 0))
    false("∃ inverse scalar", Exists(y, rel(x * y, "=", 1)))
    false("unique root", ForAll(x, ForAll(y, Implies(And((rel(x**2, "=", a), rel(y**2, "=", a))), rel(x, "=", y)))))
    true(
        "unique nonneg root",
        ForAll(
            x,
            ForAll(
                y, Implies(And((rel(x**2, "=", a), rel(y**2, "=", a), rel(x, "≥", 0), rel(y, "≥", 0))), rel(x, "=", y))
            ),
        ),
    )
    false("argmin unique |x-1|+|x+1|", ForAll(x, Implies(rel(Abs(x - 1) + Abs(x + 1), "=", 2), rel(x, "=", 0))))
    false("argmin unique quartic", ForAll(x, Implies(rel((x**2 - 4) ** 2, "=", 0), rel(x, "=", 2))))
    false("min of quadratic form unique", ForAll(v, Implies(rel(Tr(v.T @ P @ v), "=", 0), Rel(v, "=", Zero(k, 1)))))
    true("min of pd", ForAll(v, Implies(rel(Tr(v.T @ PD @ v), "=", 0), Rel(v, "=", Zero(k, 1)))))
    false("xᵀAx=0 all → A=0", Implies(rel(Tr(u.T @ K @ u), "=", 0), Rel(K, "=", O)))
    false("forall v vᵀAv=0 ⇒ A=0", Implies(ForAll(v, rel(Tr(v.T @ A @ v), "=", 0)), Rel(A, "=", O)))
    false("AB=0 ⇒ A=0 or B=0", Implies(Rel(A @ B, "=", O), Or((Rel(A, "=", O), Rel(B, "=", O)))))
    true("AᵀA=0 ⇒ A=0", Implies(Rel(A.T @ A, "=", O), Rel(A, "=", O)))
    false("A²=0 ⇒ A=0", Implies(Rel(A @ A, "=", O), Rel(A, "=", O)))
    true("S²=0 ⇒ S=0", Implies(Rel(S @ S, "=", O), Rel(S, "=", O)))
    false("A²=I ⇒ A=±I", Implies(Rel(A @ A, "=", I), Or((Rel(A, "=", I), Rel(A, "=", -I)))))
    false("S²=I ⇒ S=I", Implies(Rel(S @ S, "=", I), Rel(S, "=", I)))
    false("P²=I ⇒ ? P=2I", Implies(Rel(P @ P, "=", I), Rel(P, "=", 2 * I)))
    false("idempotent ⇒ symmetric", Implies(Rel(A @ A, "=", A), Rel(A, "=", A.T)))
    false("commuting ⇒ ", Implies(Rel(A @ B, "=", B @ A), Rel(A @ B.T, "=", B.T @ A)))
    false("UUᵀ=I", Rel(U @ U.T, "=", Eye(m)))
    true("UᵀU=I", Rel(U.T @ U, "=", I))
    false("tr AB = tr A tr B", rel(Tr(A @ B), "=", Tr(A) * Tr(B)))
    false("det sum", rel(det(A + B), "=", det(A) + det(B)))
    false("det kA", rel(det(2 * A), "=", 2 * det(A)))
    false("det S ≥0", rel(det(S), "≥", 0))
    true("det P≥0", rel(det(P), "≥", 0))
    false("det P>0", rel(det(P), ">", 0))
    false("det K=0", rel(det(K), "=", 0))
    false("det K ≥ 0 strict", rel(det(K), ">", 0))
    false("rank sum", rel(Rank(A + B), "=", Rank(A) + Rank(B)))
    true("rank sum ≤", rel(Rank(A + B), "≤", Rank(A) + Rank(B)))
    false("rank prod min", rel(Rank(A @ B), "=", Pick("min", (Rank(A), Rank(B)))))
    false("rank A²=rank A", rel(Rank(A @ A), "=", Rank(A)))
    true("rank S²", rel(Rank(S @ S), "=", Rank(S)))
    false("rank X = m", rel(Rank(X), "=", m))
    false("rank X = min(m,n)", rel(Rank(X), "=", Pick("min", (m, n))))
    true("rank X ≤", rel(Rank(X), "≤", Pick("min", (m, n))))
    false("rank K even 0", rel(Rank(K), "≤", 2))
    false("tr P ≥ s_max·2", rel(Tr(P), "≥", 2 * Entry(P, one, one)))
    true("tr P ≥ P11", rel(Tr(P), "≥", Entry(P, one, one)))
    false("tr S≥S11", rel(Tr(S), "≥", Entry(S, one, one)))
    true("tr P² ≤ (tr P)²", rel(Tr(P @ P), "≤", Tr(P) ** 2))
    false("tr P² ≥ (tr P)²/ (k-1)", rel((k - 1) * Tr(P @ P), "≥", Tr(P) ** 2))
    true("tr S²k ≥", rel(k * Tr(S @ S), "≥", Tr(S) ** 2))
    false("tr A²k ≥", rel(k * Tr(A @ A), "≥", Tr(A) ** 2))
    false("tr A² ≥0", rel(Tr(A @ A), "≥", 0))
    true("tr ABAB ≤ tr A²B²", rel(Tr(S @ wt @ S @ wt), "≤", Tr(S @ S @ wt @ wt)))
    false("tr PQ>0", rel(Tr(P @ P2), ">", 0))
    true("tr PQ≥0", rel(Tr(P @ P2), "≥", 0))
    false("tr PQR≥0", rel(Tr(P @ P2 @ S), "≥", 0))
    false("tr PRH≥0 three psd", rel(Tr(P @ P2 @ PD), "≥", 0))
    false("‖AB‖²≤‖A‖‖B‖ missing square", rel(SqNorm(A @ B), "≤", SqNorm(A) * sqrt(SqNorm(B))))
    true("‖AB‖²≤", rel(SqNorm(A @ B), "≤", SqNorm(A) * SqNorm(B)))
    false("CS matrices", rel(Inner(X, Y) ** 2, "<", SqNorm(X) * SqNorm(Y)))
    true("CS", rel(Inner(X, Y) ** 2, "≤", SqNorm(X) * SqNorm(Y)))
    false("parallelogram", rel(SqNorm(X + Y) + SqNorm(X - Y), "=", 2 * SqNorm(X) + SqNorm(Y)))
    false("‖QX‖", rel(SqNorm(Q @ A @ B), "=", SqNorm(A)))
    true("‖QA‖", rel(SqNorm(Q @ A), "=", SqNorm(A)))
    false("‖UᵀX‖=‖X‖", rel(SqNorm(U.T @ X), "=", SqNorm(X)))
    true("‖UᵀX‖≤‖X‖", rel(SqNorm(U.T @ X), "≤", SqNorm(X)))
    false("‖UᵀX‖<‖X‖ m>k", rel(SqNorm(U.T @ X), "<", SqNorm(X)), rel(m, ">", k))
    false("s_max(S)≥0", chain(s_max(S), "≥", 0))
    true("s_max(P)≥0", chain(s_max(P), "≥", 0))
    false("s_max(S)≤tr", chain(s_max(S), "≤", Tr(S)))
    true("s_max(P)≤tr", chain(s_max(P), "≤", Tr(P)))
    false("s_min ≤ S11 strict", chain(s_min(S), "<", Entry(S, one, one)))
    true("s_min≤S11", chain(s_min(S), "≤", Entry(S, one, one)))
    false("cond(P)≥1", chain(cond(P), "≥", 1))
    true("cond(PD)≥1", chain(cond(PD), "≥", 1))
    false("cond>1", chain(cond(PD), ">", 1))
    false("lower mask product", Rel(LowerMask(A) @ LowerMask(B), "=", LowerMask(A @ B)))
    true("lower mask product tri", Rel(LowerMask(LowerMask(A) @ LowerMask(B)), "=", LowerMask(A) @ LowerMask(B)))
    false("D commute", Rel(D @ A, "=", A @ D))
    false("Proj commute", Rel(Proj(i, k) @ A, "=", A @ Proj(i, k)))
    false("Proj_i Proj_j", Rel(Proj(i, k) @ Proj(j, k), "=", Proj(i, k)))
    true("Proj_i Proj_j i≤j", Rel(Proj(i, k) @ Proj(j, k), "=", Proj(i, k)), rel(i, "≤", j))
    false("e_iᵀe_j", rel(Tr(Basis(ik, k).T @ Basis(jk, k)), "=", 0))
    false("trace Proj=b", rel(Tr(Proj(i, k)), "=", i))
    true("trace Proj=b in", rel(Tr(Proj(i, k)), "=", i), rel(i, "≥", 0), rel(i, "≤", k))
    false("First", Rel(First(m, k) @ First(m, k).T, "=", Eye(m)), rel(k, "≤", m))


def limits() -> None:
    false("fades const", Fades(t, lift(0), x * exp(-t) + Num(Fraction(1, 10**8))))
    false("fades 1/t from", Fades(t, lift(0), 1 / t))
    true("fades exp", Fades(t, lift(0), exp(-t) * Eye(1)))
    false("fades exp x t", Fades(t, lift(0), exp(-x * t) * Eye(1)), rel(x, "≥", 0))
    true("fades exp x t>0", Fades(t, lift(0), exp(-x * t) * Eye(1)), rel(x, ">", 0))


def extrema() -> None:
    false("max_{l=2..k}", rel(mx(f[l], lo=2), "≤", mx(f[l])))
    true("max_{l=2..k} k≥2", rel(mx(f[l], lo=2), "≤", mx(f[l])), rel(k, "≥", 2))
    false("max+max", rel(mx(f[l] + g[l]), "=", mx(f[l]) + mx(g[l])))
    true("max+max ≤", rel(mx(f[l] + g[l]), "≤", mx(f[l]) + mx(g[l])))
    false("max prod", rel(mx(f[l] * g[l]), "≤", mx(f[l]) * mx(g[l])))
    true(
        "max prod pos", rel(mx(f[l] * g[l]), "≤", mx(f[l]) * mx(g[l])), all_(rel(f[l], "≥", 0)), all_(rel(g[l], "≥", 0))
    )
    false("minimax", rel(mx(mn(Entry(A, i, j), j), i), "=", mn(mx(Entry(A, i, j), i), j)))
    true("minimax ≤", rel(mx(mn(Entry(A, i, j), j), i), "≤", mn(mx(Entry(A, i, j), i), j)))
    false("Chebyshev sum", rel(k * total(f[l] * g[l]), "≥", total(f[l]) * total(g[l])))
    false("sorted first is max", rel(f[1], "=", mx(f[l])), all_(rel(f[l], "≥", f[l + 1]), hi=k - 2))
    true("sorted first is max t", rel(f[1], "≥", f[k]), all_(rel(f[l], "≥", f[l + 1]), hi=k - 1))
    false("sorted strict", rel(f[1], ">", f[k]), all_(rel(f[l], ">", f[l + 1]), hi=k - 1))
    true("sorted strict t", rel(f[1], ">", f[k]), all_(rel(f[l], ">", f[l + 1]), hi=k - 1), rel(k, "≥", 2))
    false("prod of positives", rel(f[1] * f[k], ">", 0), all_(rel(f[l], ">", 0), hi=k - 1))


def several_numbers() -> None:
    false("k dep", rel((k - 6) * (k - 11), "≥", 0))
    false("1/(k-11)", rel((k - 11) / (k - 11), "=", 1))
    false("1/(i-j-3)", rel((i - j - 3) / (i - j - 3), "=", 1))
    true("k²≥k", rel(k**2, "≥", k))
    true("i² ≥ i", rel(i**2, "≥", i))
    false("v-u", rel(SqNorm(v - Fraction(1, 3) * u), ">", 0))
    false("norm A - I/3", rel(SqNorm(Letter("A", 2, 2) - Num(Fraction(1, 3)) * Eye(2)), ">", 0))
    false("coupled", rel((x + y - Fraction(7, 3)) ** 2 + (x - 2 * y + Fraction(1, 5)) ** 2, ">", 0))
    false("coupled den", rel(x / ((x + y - Fraction(7, 3)) ** 2 + (x - 2 * y + Fraction(1, 5)) ** 2), "<", 10**9))
    true("coupled ok", rel((x + y - Fraction(7, 3)) ** 2 + (x - 2 * y + Fraction(1, 5)) ** 2, "≥", 0))


for field in (
    probability,
    draws,
    ridge_and_lasso,
    filters,
    matrix_calculus,
    sums,
    inequalities,
    graph_laplacians,
    convexity,
    matrices,
    limits,
    extrema,
    several_numbers,
):
    field()
