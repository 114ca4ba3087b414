"""SymPy at explicit sizes, every scalar free: the derivatives of a paper taken by a computer algebra system.

Matrices become dense matrices of symbols, paths are differentiated by SymPy, masks are enumerated. Orthonormal
letters are the first columns of a matrix that shifts the axes, which is no loss where a statement is invariant under
rotation and one instance otherwise. Neither the words of :mod:`proofs.algebra.normal` nor the series of
:mod:`proofs.algebra.evaluate` are used.

Main results
    explicit          an expression as a SymPy expression or matrix at given sizes
    by_explicit       the witness of a chain of equalities
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any
from zlib import crc32

from proofs.algebra.evaluate import COMPARE
from proofs.claim import Context, Evidence, Outcome
from proofs.hypotheses import free_names, sizes_of
from proofs.kernel import expressions as E
from proofs.kernel.binding import free
from proofs.kernel.propositions import Rel

if TYPE_CHECKING:
    from proofs.methods.chain import Chain

SIZES = tuple({"k": k, "m": m, "n": n, "p": k, "N": k} for k, m, n in ((1, 2, 2), (2, 2, 2)))
PAIRS = (
    {"k": 2, "m": 2, "n": 2, "p": 2, "N": 2, "i": 1, "j": 2},
    {"k": 3, "m": 3, "n": 3, "p": 3, "N": 3, "i": 3, "j": 2},
)
DERIVED = frozenset({E.Diff, E.Coeff, E.Grad, E.Expect})


def needs_calculus(parts: tuple[E.Expr, ...]) -> bool:
    """Whether some part is a derivative or an expectation, which deserves a computer algebra system's own."""
    return any(p.kinds & DERIVED for p in parts)


def by_explicit(statement: Chain, context: Context) -> Evidence:
    """Every equality of a chain, differentiated and expanded by SymPy at explicit sizes."""
    method = "SymPy, explicit sizes"
    names = {s.name for s in free_names(statement.parts).symbols}
    done = []
    for sizes in places(names):
        at = {**others(statement.parts, sizes["m"]), **sizes}
        try:
            here = Explicit(at)
            solved = solutions(here, context)
            if solved is None:
                continue
            values = [remembered(here, p, context) for p in statement.parts]
        except NotImplementedError as missing:
            return Evidence(method, Outcome.UNDECIDED, detail=f"no rule for {missing}")
        except IndexError as missing:
            return Evidence(method, Outcome.UNDECIDED, detail=f"undefined: {missing}")
        for left, relation, right in zip(values, statement.relations, values[1:], strict=False):
            if relation == "=" and not is_zero((left - right).subs(solved)):
                return Evidence(method, Outcome.FAILS, f"(k, m, n) = {at['k'], at['m'], at['n']}", "the sides differ")
        done.append(f"({at['k']}, {at['m']}, {at['n']})")
    if not done:
        return Evidence(method, Outcome.UNDECIDED, detail="the hypotheses allow none of the sizes")
    scope = f"every scalar free at (k, m, n) = {', '.join(dict.fromkeys(done))}"
    if set(statement.relations) != {"="}:
        return Evidence(
            method, Outcome.UNDECIDED, detail=f"the equalities hold, {scope}; inequalities are not its work"
        )
    return Evidence(method, Outcome.PROVED, scope)


def places(names: set[str]) -> list[dict[str, int]]:
    """Sizes with the indices that a statement has free; two components are tried with and without a third."""
    if {"i", "j"} <= names:
        return list(PAIRS)
    free = names & {"i", "j"}
    every = ({**sizes, **{name: index for name in free}} for sizes in SIZES for index in range(1, sizes["k"] + 1))
    return list(every) if free else list(SIZES)


def remembered(here: Explicit, part: E.Expr, context: Context) -> Any:
    """The value of a member, computed once for all statements that share a context."""
    return context.once((part, *here.at.items()), lambda: here(part))


def others(parts: tuple[E.Expr, ...], width: int) -> dict[str, int]:
    """The sizes that a statement has besides k, m, n and p, all alike."""
    named = {s.name for p in parts for node in p.walk() for s in sizes_of(node) if isinstance(s, E.Sym)}
    return dict.fromkeys(named, width)


def solutions(here: Explicit, context: Context) -> dict[Any, Any] | None:
    """The hypotheses that are equations, each solved for its last symbol; None where one fails at these sizes."""
    import sympy

    found: dict[Any, Any] = {}
    for relation in (r for h in context.given for r in h.relations):
        if not isinstance(relation, Rel):
            continue
        if relation.op != "=":
            names = {str(x) for x in free(relation)}
            bounds_a_size = len(names) == 1 and names <= here.at.keys()
            if bounds_a_size and not COMPARE[relation.op](here(relation.left), here(relation.right)):
                return None
        else:
            equation = here(relation.left) - here(relation.right)
            if not equation.free_symbols:
                if equation != 0:
                    return None
                continue
            last = max(equation.free_symbols, key=str)
            found[last] = sympy.solve(equation, last)[0]
    return found


class Explicit:
    """Turns nodes into SymPy objects at fixed sizes; ``at`` holds sizes and bound indices."""

    def __init__(self, at: dict[str, int]):
        import sympy

        self.sp = sympy
        self.at = dict(at)

    def __call__(self, e: E.Expr) -> Any:
        rule = getattr(self, "_" + type(e).__name__.lower(), None)
        if rule is None:
            raise NotImplementedError(type(e).__name__)
        return rule(e)

    def size(self, s: Any) -> int:
        return self.index(s) if isinstance(s, E.Expr) else int(s)

    def index(self, e: E.Expr) -> int:
        found = self.sp.sympify(self(e))
        if not found.is_Integer:
            raise NotImplementedError(f"the index {e}")
        return int(found)

    def symbol(self, name: str) -> Any:
        return self.sp.Symbol(name, positive=True)

    # -- scalars ------------------------------------------------------------------------------------------------
    def _num(self, e: E.Num) -> Any:
        return self.sp.Rational(e.value.numerator, e.value.denominator)

    def _sym(self, e: E.Sym) -> Any:
        if e == E.PI:
            return self.sp.pi
        return self.sp.Integer(self.at[e.name]) if e.name in self.at else self.symbol(e.name)

    def _item(self, e: E.Item) -> Any:
        index = self.index(e.index)
        if e.family.define is not None:
            return self(e.family.define(E.lift(index)))
        if e.family.tail is not None and e.family.length is not None:
            last = int(self(e.family.length))
            return sum((self(e.family.tail(E.lift(b))) for b in range(index, last + 1)), self.sp.Integer(0))
        if e.family.random is not None:
            if f"{e.family.name}{index}" not in self.at:
                raise NotImplementedError(f"a given {e.family.name}")
            return self.sp.Integer(self.at[f"{e.family.name}{index}"])
        return self.symbol(f"{e.family.name}{index}")

    def _fn(self, e: E.Fn) -> Any:
        return getattr(self.sp, e.name)(self(e.arg))

    def _add(self, e: E.Add) -> Any:
        out = self(e.terms[0])
        for t in e.terms[1:]:
            out = out + self(t)
        return out

    def _mul(self, e: E.Mul) -> Any:
        out = self(e.factors[0])
        for f in e.factors[1:]:
            out = out * self(f)
        return out

    def _pow(self, e: E.Pow) -> Any:
        base, p = self(e.base), self(e.exponent)
        if e.is_scalar:
            return base**p
        if base.is_diagonal():
            return self.sp.diag(*[base[i, i] ** p for i in range(base.rows)])
        return base.inv() ** (-p) if p < 0 else base**p

    # -- matrices -----------------------------------------------------------------------------------------------
    def _letter(self, e: E.Letter) -> Any:
        rows, cols = (self.size(s) for s in e.shape)
        if "orthonormal" in e.traits:
            return self.shift(e.name, rows)[:, :cols]

        def entry(i: int, j: int) -> Any:
            if "symmetric" in e.traits and j < i:
                i, j = j, i
            return self.symbol(f"{e.name}_{i + 1}{j + 1}")

        return self.sp.Matrix(rows, cols, entry)

    def shift(self, name: str, size: int) -> Any:
        """Each axis to the next one, the last to the first with the other sign: orthogonal, and not symmetric."""
        sign = (-1) ** (crc32(name.encode()) % 2)
        axes = [sign * self.sp.eye(size)[:, i] for i in range(size)]
        return self.sp.Matrix.hstack(*axes[1:], -axes[0])

    def _named(self, e: E.Named) -> Any:
        return self(e.body)

    def _eye(self, e: E.Eye) -> Any:
        return self.sp.eye(self.size(e.size))

    def _zero(self, e: E.Zero) -> Any:
        return self.sp.zeros(self.size(e.rows), self.size(e.cols))

    def _diag(self, e: E.Diag) -> Any:
        return self.sp.diag(*[self(e.family[i + 1]) for i in range(self.size(e.size))])

    def _proj(self, e: E.Proj) -> Any:
        b = self.index(e.b)
        return self.sp.diag(*[int(i < b) for i in range(self.size(e.size))])

    def _basis(self, e: E.Basis) -> Any:
        return self.sp.eye(self.size(e.size))[:, self.index(e.i) - 1]

    def _first(self, e: E.First) -> Any:
        return self.sp.eye(self.size(e.rows))[:, : self.size(e.cols)]

    def _t(self, e: E.T) -> Any:
        return self(e.arg).T

    def _maxmask(self, e: E.MaxMask) -> Any:
        a = self(e.arg)
        return self.sp.Matrix(a.rows, a.cols, lambda i, j: a[i, j] * self(e.family[max(i, j) + 1]))

    def _lowermask(self, e: E.LowerMask) -> Any:
        a = self(e.arg)
        return self.sp.Matrix(a.rows, a.cols, lambda i, j: a[i, j] if j < i or (j == i and not e.strict) else 0)

    def _dropmask(self, e: E.DropMask) -> Any:
        a = self(e.arg)
        return self.sp.Matrix(a.rows, a.cols, lambda j, i: a[j, i] if j < self.index(e.b[i + 1]) else 0)

    def _tr(self, e: E.Tr) -> Any:
        return self(e.arg).trace()

    def _sqnorm(self, e: E.SqNorm) -> Any:
        a = self(e.arg)
        return a**2 if e.arg.is_scalar else sum((x**2 for x in a), self.sp.Integer(0))

    def _inner(self, e: E.Inner) -> Any:
        return sum((x * y for x, y in zip(self(e.left), self(e.right), strict=True)), self.sp.Integer(0))

    def _entry(self, e: E.Entry) -> Any:
        matrix, i, j = self(e.arg), self.index(e.i), self.index(e.j)
        if not (1 <= i <= matrix.rows and 1 <= j <= matrix.cols):
            raise NotImplementedError("an entry outside its matrix")
        return matrix[i - 1, j - 1]

    # -- binders, derivatives, expectations -----------------------------------------------------------------------
    def _sum(self, e: E.Sum) -> Any:
        skipped = {self.index(w) for w in e.without}
        out = None
        outer = self.at.get(e.var.name)
        for i in range(self.index(e.lo), self.index(e.hi) + 1):
            if i not in skipped:
                self.at[e.var.name] = i
                value = self(e.body)
                out = value if out is None else out + value
        self.restore(e.var.name, outer)
        if out is None:
            return self.sp.Integer(0) if e.is_scalar else self.sp.zeros(*(self.size(s) for s in e.shape))
        return out

    def restore(self, name: str, value: int | None) -> None:
        if value is None:
            self.at.pop(name, None)
        else:
            self.at[name] = value

    def _diff(self, e: E.Diff) -> Any:
        variable = self.symbol(e.var.name) if isinstance(e.var, E.Sym) else self(e.var)
        out = self(e.body).diff(variable, e.order)
        return out.subs(variable, 0) if e.at_zero else out

    def _coeff(self, e: E.Coeff) -> Any:
        variable = self.symbol(e.var.name)
        out = self(e.body).diff(variable, e.order).subs(variable, 0)
        return out / self.sp.factorial(e.order)

    def _grad(self, e: E.Grad) -> Any:
        letter, body = self(e.letter), self(e.body)
        return self.sp.Matrix(letter.rows, letter.cols, lambda i, j: body.diff(letter[i, j]))

    def _expect(self, e: E.Expect) -> Any:
        if isinstance(e.over, E.Letter):
            return self.noise(e.over, self(e.body))
        count, length = self.at["n"], int(self(e.over.length))
        weights = [self(e.over.random[b + 1]) for b in range(length)]
        out = None
        for drawn in product(range(length), repeat=count):
            for place, b in enumerate(drawn):
                self.at[f"{e.over.name}{place + 1}"] = b + 1
            weight = self.sp.prod([weights[b] for b in drawn])
            value = self(e.body) * weight
            out = value if out is None else out + value
        return out

    def noise(self, letter: E.Letter, body: Any) -> Any:
        """The expectation of a polynomial in independent entries of mean 0: the squares become the variance."""
        if isinstance(body, self.sp.MatrixBase):
            return body.applyfunc(lambda entry: self.noise(letter, entry))
        entries, variance = list(self(letter)), self(letter.noise)
        out = self.sp.Integer(0)
        for powers, coefficient in self.sp.Poly(body, *entries).terms():
            if max(powers) > 2:
                raise NotImplementedError("a higher moment of noise")
            if 1 not in powers:
                out += coefficient * variance ** (sum(powers) // 2)
        return out


def is_zero(difference: Any) -> bool:
    """Whether a rational expression of symbols, cosines, sines and square roots vanishes."""
    import sympy

    entries = list(difference) if isinstance(difference, sympy.MatrixBase) else [difference]
    return all(vanishes(e) for e in entries)


def vanishes(e: Any) -> bool:
    import sympy

    if e == 0:
        return True
    angles = {f.args[0] for f in e.atoms(sympy.sin, sympy.cos)}
    if angles:
        e = sympy.expand_trig(e)
        for symbol in sorted({s for a in angles for s in a.free_symbols}, key=str):
            t = sympy.Symbol(f"tan({symbol}/2)")
            e = e.subs({sympy.sin(symbol): 2 * t / (1 + t**2), sympy.cos(symbol): (1 - t**2) / (1 + t**2)})
    divides = any(p.exp.is_negative for p in e.atoms(sympy.Pow))
    numerator = sympy.fraction(sympy.together(e))[0] if divides else e
    return sympy.expand(sympy.expand(numerator).replace(half_power, whole_and_root)) == 0


def half_power(e: Any) -> bool:
    return bool(e.is_Pow and e.exp.is_Rational and e.exp.q == 2 and abs(e.exp) > 1)


def whole_and_root(e: Any) -> Any:
    import sympy

    whole = sympy.floor(e.exp)
    return e.base**whole * sympy.sqrt(e.base)
