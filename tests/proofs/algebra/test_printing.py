"""What is printed is read back: a reader who knows no more than the precedence of signs finds the same value."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.algebra.letters import safe
from proofs.algebra.printing import latex, text
from proofs.claim import registry
from proofs.kernel import expressions as E
from proofs.render.mathml import inline

a, b, n, x, y = map(E.Sym, "abnxy")
VALUES = {"a": Fraction(3), "b": Fraction(5), "n": Fraction(7), "x": Fraction(11), "y": Fraction(13)}
MARKS = {"cos": 17, "max_{i=1..k}": 19, "Σ_{i=1..k}": 23, "∂/∂τ": 29, "[τ²]": 31}
i, k, τ = E.integer("i"), E.size("k"), E.Sym("τ")


def marked(name: str, value: Fraction) -> Fraction:
    """Stands for any function: another one for each name, and never linear, so that every bracket matters."""
    return value**2 + MARKS[name]


def value(e: E.Expr) -> Fraction:
    """The value of an expression, by its tree."""
    match e:
        case E.Num():
            return e.value
        case E.Sym():
            return VALUES[e.name]
        case E.Add():
            return sum(map(value, e.terms), Fraction(0))
        case E.Mul():
            out = Fraction(1)
            for factor in e.factors:
                out *= value(factor)
            return out
        case E.Pow():
            return value(e.base) ** int(value(e.exponent))
        case E.Fn():
            return marked(e.name, value(e.arg))
        case E.Extremum():
            return marked("max_{i=1..k}", value(e.body))
        case E.Sum():
            return marked("Σ_{i=1..k}", value(e.body))
        case E.Diff():
            return marked("∂/∂τ", value(e.body))
        case E.Coeff():
            return marked("[τ²]", value(e.body))
    raise TypeError(e)


TOKEN = re.compile(r"max_\{i=1\.\.k\}|Σ_\{i=1\.\.k\}|∂/∂τ|\[τ²\]|cos|\d+|[a-z]|⁻¹|⁻²|[²³⁴]|\^\(|[()+−·/]")
POWERS = {"²": 2, "³": 3, "⁴": 4, "⁻¹": -1, "⁻²": -2}


class Reader:
    """Reads the text: sums of products of powers; side by side is a product, and a binder takes what follows it."""

    def __init__(self, printed: str) -> None:
        self.tokens = TOKEN.findall(printed)
        assert "".join(self.tokens) == printed.replace(" ", "")

    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self) -> str:
        return self.tokens.pop(0)

    def sum(self) -> Fraction:
        out = self.term()
        while self.next() and self.next() in "+−":
            out += self.term() if self.take() == "+" else -self.term()
        return out

    def term(self) -> Fraction:
        if self.next() == "−":
            self.take()
            return -self.term()
        if self.next() in MARKS and self.next() != "cos":
            return marked(self.take(), self.term())
        out = self.power()
        while self.next() and self.next() not in "+−)":
            sign = self.take() if self.next() in "·/" else ""
            binds = self.next() in MARKS and self.next() != "cos"
            rest = marked(self.take(), self.term()) if binds else self.power()
            out = out / rest if sign == "/" else out * rest
        return out

    def power(self) -> Fraction:
        token = self.take()
        if token == "cos":
            exponent = POWERS[self.take()] if self.next() in POWERS else 1
            out = marked("cos", self.brackets()) ** exponent
        elif token == "(":
            out = self.sum()
            assert self.take() == ")"
        else:
            out = Fraction(token) if token.isdigit() else VALUES[token]
        if self.next() in POWERS:
            return out ** POWERS[self.take()]
        if self.next() == "^(":
            self.take()
            exponent = int(self.sum())
            assert self.take() == ")"
            return out**exponent
        return out

    def brackets(self) -> Fraction:
        assert self.take() == "("
        out = self.sum()
        assert self.take() == ")"
        return out


def read(printed: str) -> Fraction:
    reader = Reader(printed)
    out = reader.sum()
    assert not reader.tokens
    return out


@pytest.mark.parametrize(
    ("e", "printed"),
    [
        (E.Num(2) * E.Num(3) ** a, "2·3^(a)"),
        (x**2 * E.Num(3) ** a, "x²·3^(a)"),
        (E.mul(Fraction(-1, 2), 1 / n), "−1/(2n)"),
        (E.mul(Fraction(1, 2), x, 1 / n), "x/(2n)"),
        (E.mul(1, x, y, 1 / n), "x y/n"),
        (E.mul(1, x), "x"),
        (Fraction(1, 2) * (a + b), "1/2 (a + b)"),
        (E.cos(2 * x), "cos(2x)"),
        (E.cos(x) * y, "cos(x)y"),
        (E.cos(x * y), "cos(x y)"),
        (E.cos(x) ** 2, "cos²(x)"),
        (E.cos(x) ** -1, "cos(x)⁻¹"),
        (E.Extremum("max", i, E.Num(1), k, a) * b, "(max_{i=1..k} a)b"),
        (E.Extremum("max", i, E.Num(1), k, a * b), "max_{i=1..k} a b"),
        (E.Extremum("max", i, E.Num(1), k, a) + b, "(max_{i=1..k} a) + b"),
        (E.Extremum("max", i, E.Num(1), k, a + b), "max_{i=1..k} (a + b)"),
        (b + E.Extremum("max", i, E.Num(1), k, a), "b + max_{i=1..k} a"),
        (E.Sum(i, E.Num(1), k, a) * b, "(Σ_{i=1..k} a)b"),
        (E.Sum(i, E.Num(1), k, a) / b, "(Σ_{i=1..k} a)/b"),
        (b / E.Sum(i, E.Num(1), k, a), "b/(Σ_{i=1..k} a)"),
        (E.Sum(i, E.Num(1), k, a) ** 2, "(Σ_{i=1..k} a)²"),
        (E.Diff(a * b, τ) * x, "(∂/∂τ a b)x"),
        (E.Diff(a * b, τ) + x, "(∂/∂τ a b) + x"),
        (a - E.Diff(a * b, τ), "a − ∂/∂τ a b"),
        (x ** (a * b), "x^(a b)"),
        (x ** Fraction(-3), "x^(−3)"),
    ],
)
def test_brackets_mark_where_things_end(e, printed):
    assert text(e) == printed


def binder(e):
    return [E.Extremum("max", i, E.Num(1), k, e), E.Sum(i, E.Num(1), k, e), E.Diff(e, τ), E.Coeff(e, τ), E.cos(e)]


leaves = st.sampled_from([a, b, n, x, y]) | st.builds(
    lambda p, q: E.Num(Fraction(p, q)), st.integers(-12, 12).filter(bool), st.sampled_from([1, 1, 2, 3])
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: E.add(*terms)),
        st.lists(inner, min_size=2, max_size=3).map(lambda factors: E.mul(*factors)),
        st.tuples(inner, inner).map(lambda pair: E.mul(pair[0], E.Pow(pair[1], E.Num(Fraction(-1))))),
        st.tuples(inner, st.sampled_from([-1, 2, 3, 5])).map(lambda p: E.Pow(p[0], E.Num(Fraction(p[1])))),
        inner.flatmap(lambda e: st.sampled_from(binder(e))),
    ),
    max_leaves=6,
)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(expressions)
def test_a_reader_of_the_text_finds_the_same_value(e):
    try:
        wanted = value(e)
    except ZeroDivisionError:
        return
    assert read(text(e)) == wanted, text(e)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(expressions)
def test_digits_do_not_run_together_in_latex(e):
    printed = latex(e)
    assert not re.search(r"\d \d|\d \\tfrac|\d \{?\\d", printed), printed
    assert printed.count("{") == printed.count("}")
    assert printed.count(r"\left") == printed.count(r"\right")


def test_every_claim_is_ascii_in_latex_and_no_name_has_two_exponents():
    for name, claim in registry().items():
        printed = claim.printed.latex()
        assert printed.isascii(), name
        assert not re.search(r"(?<!\{)[A-Za-z]\^\{[^{}]*\}\^", printed), name


@pytest.mark.parametrize("name", ["S̄", "XXᵀ", "W₁", "ν°", "é", "ℓ", "Ω̂", "x\x1b", "名"])
def test_every_name_is_ascii_in_latex(name):
    printed = latex(E.Sym(name) ** 2 + E.Entry(E.Letter(name, k, k).T, i, k))
    assert safe(printed) == printed
    assert all(c == " " or c.isprintable() for c in printed)
    assert "^{2}^" not in printed


def test_the_transposed_lower_triangle_of_a_transpose_is_the_upper_one() -> None:
    a = E.Letter("A", k, k)
    assert text(E.LowerMask(a.T).T) == "up(A)"
    assert text(E.LowerMask(a.T, strict=True).T) == "up_0(A)"
    assert text(E.LowerMask(a).T) == "low(A)ᵀ"
    assert latex(E.LowerMask(a.T).T) == r"\operatorname{up}\left(A\right)"


def test_a_difference_whose_shapes_do_not_conform_is_printed():
    m, k = E.size("m"), E.size("k")
    with E.as_printed():
        wrong = E.Letter("V", m, k) - E.Letter("D", k, k) @ E.Letter("W", m, k)
    assert (text(wrong), latex(wrong)) == ("V − D W", "V - D W")


NAMES = [
    "ν°·2",
    "W1", "p_B", "x_1_2", "°1", "°", "d·0", "σ_J·1", "s°", "_", "σ_", "a__b", "•0", "P_p_B",
    "S̄2", "_a", "W'", "W′2", "W″", "Ū*", "Qᵀ", "A†", "1", "λ₁", "A⁺", "W̃_1′",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_mathematics_with_an_index_an_exponent_and_transposed(name):
    size = E.size("k")
    A, x, at = E.Letter(name, size, size), E.Sym(name), E.integer(name)
    matrices = [A.T, A.T @ A, E.Pow(A, E.Num(Fraction(-1))), E.Named(name, A + A).T, E.Entry(A, at, at)]
    numbers = [x**2, 1 / (1 + x), E.Sum(at, E.Num(Fraction(1)), size, E.Family("f")[at] ** 2)]
    members = [E.Family(name)[i], E.Family(name)[i] ** -2, E.Diag(E.Family(name), size).T]
    for e in (*matrices, *numbers, *members):
        assert str(inline(latex(e))).startswith("<math"), latex(e)


def test_a_named_sum_is_transposed_as_a_whole():
    A = E.Letter("A", E.size("k"), E.size("k"))
    assert latex(E.Named("A − Aᵀ", A - A.T).T) == r"\left(A - A^{\top }\right)^{\top}"
    assert text(E.Named("A − Aᵀ", A - A.T).T) == "(A − Aᵀ)ᵀ"
    assert latex(E.Named("L(A, B)", E.Tr(A)) * 2) == r"L(A, B) \cdot 2"
