"""From claims to Coq: each equation a theorem about MathComp matrices of every size, its proof one computation.

The theorem says in plain MathComp what the claim says, from hypotheses that are among the claim's; the deep term behind
it only guides the checker that ``proofs/coq/Matrix.v`` proves sound, and is not trusted. What has no counterpart raises
:class:`Lacking`, and the claim is not exported.

Main results
    theorems(claim)    the theorems of a claim, as text
    Lacking            what an export lacks
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from proofs.claim import Claim
from proofs.export.angles import of_sum
from proofs.export.derivatives import DERIVATIVES, certificate, derived
from proofs.export.extreme_values import NAMES, canonical
from proofs.export.lacking import Lacking as Lacking
from proofs.export.max_masks import agreement, max_mask, tail
from proofs.export.written_out import bilinear, by_entries, determinant, entries
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, member, plain, substitute
from proofs.kernel.expressions import Expr, Sort, Sym, integer, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import And, Every, Rel, diagonal_entry
from proofs.kernel.spectrum import Block, Extreme
from proofs.kernel.tensor import Undecided

HALF = E.Num(Fraction(1, 2))
Pair = tuple[str, str]
"""The deep term and what it means, as Coq text."""

LATIN = "al be ga de ep et th ka la mu nu xi pi rh si ta ph ch ps om GA DE TH LA XI PI SI PH PS OM"
GREEK = dict(zip("αβγδεηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ", LATIN.split(), strict=True))
TAKEN = frozenset(
    [
        "R",
        "sl",
        "L",
        "P",
        "K",
        "a",
        "b",
        "I",
        "S",
        "O",
        "fun",
        "forall",
        "exists",
        "let",
        "in",
        "if",
        "then",
        "else",
        "match",
        "with",
        "end",
        "as",
        "return",
        "E",
        "Z",
        "h",
        "gv",
        "h1",
        "h2",
        "h3",
        "h4",
    ]
)
HEAD = """From mathcomp Require Import all_ssreflect all_algebra zify ring.
From LAE Require Import Tensor Normal Matrix Order.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory. Local Open Scope ring_scope.
"""


def theorems(claim: Claim) -> list[str]:
    """The theorems that together say what a claim says: one for each of its equations."""
    goal = getattr(claim.statement, "proposition", None)
    if goal is None:
        raise Lacking(f"a statement of kind {type(claim.statement).__name__}")
    return equations(identifier(claim.id), claim.supposed(claim.statement), goal)


def equations(name: str, supposed: tuple[Expr, ...], goal: Expr) -> list[str]:
    """A theorem for each equation of a conjunction, after those that make its parts what they are taken for."""
    lemmas = [(CoqLemma(f"{name}_{n}", supposed), link) for n, link in enumerate(relations(goal), 1)]
    texts = [lemma.equation(link) for lemma, link in lemmas]
    return [*expansions(name, supposed, [e for lemma, _ in lemmas for e in lemma.beside]), *texts]


def expansions(name: str, supposed: tuple[Expr, ...], waiting: list[Expr]) -> list[str]:
    """For each derivative and mask, and those in it, the theorem that makes it what it is taken for."""
    found: dict[Expr, str] = {}
    while waiting:
        e = waiting.pop(0)
        if e not in found:
            lemma = CoqLemma(f"{name}_derivative_{len(found) + 1}", supposed)
            found[e] = lemma.equation(agreement(e) if isinstance(e, E.MaxMask) else certificate(e))
            waiting += [*lemma.beside, *(x for x in e.walk() if isinstance(x, DERIVATIVES))]
    return list(found.values())


def identifier(id: str) -> str:
    """The name of a claim in Coq."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in id.replace("+", "_corrected"))


def relations(p: Expr) -> Iterator[Rel]:
    """The relations of a conjunction."""
    if isinstance(p, And):
        for term in p.terms:
            yield from relations(term)
    elif isinstance(p, Rel) and p.op == "=":
        yield p
    else:
        raise Lacking(f"a relation {p.op}" if isinstance(p, Rel) else f"a proposition of kind {type(p).__name__}")


@dataclass
class CoqLemma:
    """One equation on its way to Coq."""

    name: str
    supposed: tuple[Expr, ...]
    names: dict[Any, str] = field(default_factory=dict)
    sizes: dict[Any, int] = field(default_factory=dict)  # sizes and free indices, by name or number
    letters: dict[Expr, int] = field(default_factory=dict)  # and inverses
    inverses: dict[Expr, str] = field(default_factory=dict)  # as text
    scalars: dict[Any, tuple[int, str, int, bool]] = field(default_factory=dict)  # number, term, indices, quantified
    bound: dict[Expr, tuple[int, str]] = field(default_factory=dict)
    ranges: dict[Expr, tuple[Expr, Expr]] = field(default_factory=dict)
    hypotheses: list[str] = field(default_factory=list)
    equations: list[Pair] = field(default_factory=list)  # what the checker may use, and its proof
    orders: list[Pair] = field(default_factory=list)
    apart: list[Pair] = field(default_factory=list)
    symmetric: list[Pair] = field(default_factory=list)
    halves: dict[E.Letter, E.Letter] = field(default_factory=dict)  # of skew letters
    opening: str = ""  # of the proof
    beside: list[Expr] = field(default_factory=list)  # what has a theorem of its own: derivatives, masks
    count: int = 0

    # -- names
    def named(self, key: Any, name: str) -> str:
        if key not in self.names:
            word = "".join(GREEK.get(c, c if c.isascii() and c.isalnum() else "_") for c in name) or "x"
            word = word if word[0].isalpha() else f"x{word}"
            free_, n = word, 0
            while free_ in self.names.values() or free_ in TAKEN or re.fullmatch("[A-Z][0-9]+", free_):
                n, free_ = n + 1, f"{word}_{n + 1}"
            self.names[key] = free_
        return self.names[key]

    def suppose(self, text: str) -> str:
        if text not in self.hypotheses:
            self.hypotheses.append(text)
        return f"H{self.hypotheses.index(text)}"

    # -- indices and sizes
    def place(self, key: Any) -> int:
        """The number of a size or a free index."""
        if key not in self.sizes:
            self.sizes[key] = len(self.sizes)
            n = self.sizes[key]
            if isinstance(key, int):
                self.orders += [
                    (f"(IB (BS {n}), IB (BC {key}))", f"exact_no_check (leqnn {key})"),
                    (f"(IB (BC {key}), IB (BS {n}))", f"exact_no_check (leqnn {key})"),
                ]
        return self.sizes[key]

    def size(self, side: Any) -> Pair:
        e = lift(side)
        if isinstance(e, E.Num) and e.value.denominator == 1 and e.value >= 0:
            return str(self.place(int(e.value))), str(int(e.value))
        if isinstance(e, Sym) and e.sort == Sort.INTEGER and e not in self.bound:
            return str(self.place(e.name)), self.named(("n", e.name), e.name)
        raise Lacking(f"a side {e}")

    def index(self, e: Expr, more: int = 0) -> Pair:
        try:
            base, offset = index_of(e)
        except Undecided as why:
            raise Lacking(str(why)) from why
        offset += more
        if base[0] == 0:
            if offset < 0:
                raise Lacking("a negative index")
            return f"(IB (BC {offset}))", str(offset)
        if base[0] != 1:
            raise Lacking(f"the index {e}")
        deep, text = self.base(integer(base[1]))
        if offset == 0:
            return f"(IB {deep})", text
        return (
            (f"(IP {deep} {offset})", f"({text} + {offset})")
            if offset > 0
            else (f"(IM {deep} {-offset})", f"({text} - {-offset})")
        )

    def base(self, s: Expr) -> Pair:
        """A bound index, or a size or free index, which is a natural number."""
        if s in self.bound:
            n, name = self.bound[s]
            return f"(BV {n})", name
        assert isinstance(s, Sym)
        return f"(BS {self.place(s.name)})", self.named(("n", s.name), s.name)

    # -- scalars
    def scalar(self, e: Expr) -> Pair:
        rule = SCALARS.get(type(e))
        if rule is None:
            raise Lacking(f"a node of kind {type(e).__name__}")
        return rule(self, e)

    def number(self, e: Any) -> Pair:
        v = e.value
        if v < 0:
            deep, text = self.number(E.Num(-v))
            return f"(SO {deep})", f"(- {text})"
        if v.denominator == 1:
            return f"(SN {v.numerator})", str(v.numerator) if v.numerator < 2 else f"{v.numerator}%:R"
        return f"(SF {v.numerator} {v.denominator})", f"({v.numerator}%:R / {v.denominator}%:R)"

    def atom(self, key: Any, name: str, indices: list[Pair], made: str | None = None) -> Pair:
        """A scalar, or a member of a family; ``made`` for one that others define."""
        if key not in self.scalars:
            term = made if made is not None else self.named(key, name)
            self.scalars[key] = (len(self.scalars), term, len(indices), made is None)
        n, term, _, _ = self.scalars[key]
        places = "; ".join(d for d, _ in indices)
        return f"(SV {n} [:: {places}])", f"({term} {' '.join(t + '%N' for _, t in indices)})" if indices else term

    def symbol(self, e: Any) -> Pair:
        if e.sort == Sort.INTEGER:
            deep, text = self.base(e)
            return f"(SI {deep})", f"{text}%:R"
        if e == E.PI:
            raise Lacking("π")
        return self.atom(("x", e.name), e.name, [])

    def item(self, e: Any) -> Pair:
        f = e.family
        if f.define is not None:
            return self.scalar(member(e))
        if f.random is not None:
            raise Lacking("a family of draws")
        if f.tail is not None:
            return tail(self, e)
        return self.atom(("f", f.name, str(f.length)), f.name, [self.index(e.index)])

    def folded(self, node: str, op: str, parts: list[Pair]) -> Pair:
        deep, text = parts[0]
        for d, t in parts[1:]:
            deep, text = f"({node} {deep} {d})", f"({text} {op} {t})"
        return deep, text

    def power(self, e: Any) -> Pair:
        exponent = e.exponent.value if isinstance(e.exponent, E.Num) else None
        if exponent is None or exponent.denominator > 2:
            raise Lacking("a symbolic power")
        if exponent.denominator == 2:
            return (
                self.power(E.Pow(E.Pow(e.base, HALF), lift(int(2 * exponent))))
                if exponent != HALF.value
                else self.root(e.base)
            )
        n = int(exponent)
        if n >= 0:
            deep, text = self.scalar(e.base)
            return f"(SX {deep} {n})", f"({text} ^+ {n})"
        deep, text = self.inverse(e.base)
        return (deep, text) if n == -1 else (f"(SX {deep} {-n})", f"({text} ^+ {-n})")

    def inverse(self, base: Expr) -> Pair:
        while isinstance(base, E.Named) or (isinstance(base, E.Item) and base.family.define is not None):
            base = base.body if isinstance(base, E.Named) else member(base)
        if isinstance(base, E.Mul):
            return self.folded("SM", "*", [self.inverse(f) for f in base.factors])
        if (
            isinstance(base, E.Pow)
            and isinstance(base.exponent, E.Num)
            and base.exponent.value > 0
            and base.exponent.value.denominator == 1
        ):
            deep, text = self.inverse(base.base)
            return f"(SX {deep} {int(base.exponent.value)})", f"({text} ^+ {int(base.exponent.value)})"
        if isinstance(base, E.Num) and base.value:
            return self.number(E.Num(1 / base.value))
        if isinstance(base, E.Pow) and base.exponent == lift(-1):
            return self.defined(
                "1/1/",
                base.base,
                "{}^-1^-1",
                "{z} {deep}",
                "{0}^-1^-1 = {0} :> R",
                "exact: invrK",
                "{}",
            )
        if isinstance(base, Sym) and base.sort == Sort.REAL and self.not_zero(base):
            deep, text = self.scalar(base)
            made = f"{text}^-1"
            fresh = ("1/", base) not in self.scalars
            found = self.atom(("1/", base), "", [], made)
            if fresh:
                h = self.suppose(f"{text} != 0 :> R")
                self.equations.append(
                    (f"QS [::] (SM {deep} {found[0]}) (SN 1)", f"valid; move=> gv _; exact_no_check (mulfV {h})")
                )
            return found
        if isinstance(base, E.Item) and base.family.tail is None and base.family.random is None:
            self.scalar(base)
            key = ("f", base.family.name, str(base.family.length))
            n, term, _, _ = self.scalars[key]
            fresh = ("1/", *key) not in self.scalars
            found = self.atom(("1/", *key), "", [self.index(base.index)], f"(fun i => ({term} i)^-1)")
            if fresh:
                self.member_not_zero(base.family, n, term)
            m = self.scalars[("1/", *key)][0]
            return f"(SV {m} [:: {self.index(base.index)[0]}])", f"({term} {self.index(base.index)[1]}%N)^-1"
        return self.reciprocal(base)

    def reciprocal(self, base: Expr) -> Pair:
        """1/D of a sum, or of what is no number: z with D z = 1."""
        return self.defined("1/", base, "{}^-1", "(SM {deep} {z}) (SN 1)", "{} != 0 :> R", "apart", "mulfV {}")

    def root(self, base: Expr) -> Pair:
        """√D: s with s s = D."""
        return self.defined("√", base, "Num.sqrt {}", "(SM {z} {z}) {deep}", "0 <= {} :> R", "nonneg", "square_root {}")

    def defined(self, kind: str, base: Expr, term: str, equation: str, needs: str, tactic: str, lemma: str) -> Pair:
        """A number that is defined by D, with its equation, wherever the bound indices in D run."""
        used = [v for v in self.bound if v in free(base)]
        if len(used) > 2 or not all(v in self.ranges for v in used):
            raise Lacking("a denominator or root with several indices")
        depth = sum(isinstance(v, Sym) and v.name.startswith("•/") for v in self.bound)
        places = [integer(f"•/{depth}/{n}") for n, _ in enumerate(used)]
        general = plain(substitute(base, dict(zip(used, places, strict=True))))
        key = (kind, general, *(self.ranges[v] for v in used))
        if key not in self.scalars:
            slots: list[tuple[int, str, Pair, Pair]] = []
            for place, v in zip(places, used, strict=True):
                self.count += 1
                name, (lo, hi) = self.named(("b", self.count), f"i_{self.count}"), self.ranges[v]
                self.bound[place], self.ranges[place] = (self.count, name), (lo, hi)
                slots.append((self.count, name, self.index(lo), self.index(hi)))
            deep, text = self.scalar(general)
            made = "".join(f"fun {name} => " for _, name, _, _ in slots) + term.format(text)
            z, _ = self.atom(key, "", [(f"(IB (BV {n}))", name) for n, name, _, _ in slots], f"({made})")
            guards = [f"({lo[0]}, IB (BV {n})); (IB (BV {n}), {hi[0]})" for n, _, lo, hi in slots]
            every = "".join(
                f"forall {name}, ({lo[1]} <= {name})%N -> ({name} <= {hi[1]})%N -> " for _, name, lo, hi in slots
            )
            self.signs(base)
            found = ["_", "/= /and3P[h1 h2 _]", "/= /and5P[h1 h2 h3 h4 _]"][len(slots)]
            at = [f"(gv {n}%N) h{2 * place + 1} h{2 * place + 2}" for place, (n, _, _, _) in enumerate(slots)]
            of = lemma.format(f"({' '.join(['h', *at])})")
            proof = f"valid; move=> gv {found}; have h : {every}{needs.format(text)}; [by intros; {tactic}|exact_no_check ({of})]"
            self.equations.append((f"QS [:: {'; '.join(guards)}] {equation.format(deep=deep, z=z)}", proof))
            for place in places:
                del self.bound[place]
        number = self.scalars[key][0]
        places_ = "; ".join(self.index(v)[0] for v in used)
        return f"(SV {number} [:: {places_}])", f"({term.format(self.scalar(base)[1])})"

    def signs(self, base: Expr) -> None:
        """What is given of the signs of what a denominator is made of; whether it suffices Coq finds out."""
        spoken = free(base)
        for f in sorted((x for x in spoken if isinstance(x, E.Family)), key=str):
            self.in_order(f)
        for p in self.supposed:
            body: Any = p.body if isinstance(p, Every) else p
            if not isinstance(body, Rel) or body.op not in SIGNS | {"<": ""} or not body.left.is_scalar:
                continue
            if isinstance(p, Every) and uncut(p) and free(body) - {p.var} <= spoken:
                self.count += 1
                outside, name = dict(self.bound), "l'"
                self.bound[p.var] = (self.count, name)
                says = self.compared(body)
                self.bound = outside
                (_, lo), (_, hi) = self.index(p.lo), self.index(p.hi)
                self.suppose(f"forall {name}, ({lo} <= {name})%N -> ({name} <= {hi})%N -> {says}")
            elif isinstance(p, Rel) and free(p) <= spoken:
                self.suppose(self.compared(body))
        if self.not_zero(base):
            self.suppose(f"{self.scalar(base)[1]} != 0 :> R")

    def in_order(self, f: E.Family) -> None:
        """What is given of one member holds of all that the order of neighbours puts above it.

        That it is positive, or not negative; that its square is above a number, or above the largest of others.
        """
        signs: list[Any] = [p for p in self.supposed if isinstance(p, Rel) and p.op in ">≥" and p.right == lift(0)]
        members = [p for p in signs if isinstance(p.left, E.Item) and p.left.family == f]
        for (every, rising, climb, term), p in product(self.neighbours(f), members):
            one = p.left
            at, ends = self.index(one.index)[1], (self.index(every.lo)[1], self.index(every.hi, 1)[1])
            (lo, hi) = (at, ends[1]) if rising else (ends[0], at)
            h = self.suppose(SIGNS[p.op].format(self.scalar(one)[1]))
            then = "lt_le_trans" if p.op == ">" else "le_trans"
            self.follows(lo, hi, SIGNS[p.op].format(f"({term} i')"), f"apply: ({then} {h}); {climb}")
        for (every, rising, climb, term), p in product(self.neighbours(f), self.supposed):
            small, large = sides(p)
            one = large.base if isinstance(large, E.Pow) and large.exponent == lift(2) else None
            if rising or small is None or not isinstance(one, E.Item) or one.family != f:
                continue
            lo, hi = self.index(every.lo)[1], self.index(one.index)[1]
            above = f"apply: (below_square {self.suppose(self.less(small, large))}); [pos|{climb}]"
            if isinstance(small, Sym):
                self.follows(lo, hi, f"{self.scalar(small)[1]} < ({term} i') ^+ 2", above)
            for _, up, by, other in self.neighbours(small.family) if isinstance(small, E.Item) else ():
                if up and small.family != f:
                    both = f"apply: (@le_lt_trans _ _ {self.scalar(small)[1]}); [{by}|{above}]"
                    self.follows(lo, hi, f"({other} i') < ({term} i') ^+ 2", both)

    def compared(self, r: Any) -> str:
        """A comparison of two numbers, or of one with 0."""
        if r.right == lift(0) and r.op in SIGNS:
            return SIGNS[r.op].format(self.scalar(r.left)[1])
        if r.op in "<>":
            return self.less(*((r.left, r.right) if r.op == "<" else (r.right, r.left)))
        (_, x), (_, y) = self.scalar(r.left), self.scalar(r.right)
        return f"{y} <= {x} :> R" if r.op == "≥" else f"{x} != {y} :> R"

    def less(self, x: Expr, y: Expr) -> str:
        return f"{self.scalar(x)[1]} < {self.scalar(y)[1]} :> R"

    def follows(self, lo: str, hi: str, says: str, script: str) -> None:
        """What holds of each member from ``lo`` to ``hi``, if it does: before the computation."""
        line = f": forall i', ({lo} <= i')%N -> (i' <= {hi})%N -> {says} by move=> i' h1 h2; {script}).\n"
        if line not in self.opening:
            self.opening += f"try (have S{len(self.opening)} {line}"

    def neighbours(self, f: E.Family) -> Iterator[tuple[Any, bool, str, str]]:
        """What is given of the order of neighbours: whether they rise, how any two are compared, and the family."""
        for p in self.supposed:
            if not isinstance(p, Every) or not isinstance(p.body, Rel) or p.body.op not in "<≤>≥":
                continue
            if not p.body.left.is_scalar or not uncut(p):
                continue
            left, right = (p.body.left, p.body.right) if p.body.op in "<≤" else (p.body.right, p.body.left)
            here, there = f[p.var], f[p.var + 1]
            if (plain(left), plain(right)) not in ((plain(here), plain(there)), (plain(there), plain(here))):
                continue
            rising = plain(left) == plain(here)
            self.scalar(f[p.lo])
            term = self.scalars["f", f.name, str(f.length)][1]
            (_, lo), (_, hi) = self.index(p.lo), self.index(p.hi)
            strict = p.body.op in "<>"
            sides = ("l'", "(l' + 1)") if rising else ("(l' + 1)", "l'")
            says = f"({term} {sides[0]}%N) {'<' if strict else '<='} ({term} {sides[1]}%N) :> R"
            h = self.suppose(f"forall l', ({lo} <= l')%N -> (l' <= {hi})%N -> {says}")
            weak = f"(fun l a b => ltW ({h} l a b))" if strict else h
            order = "x <= y" if rising else "y <= x"
            lemma = f"@neighbours_le R (fun x y => {order}) _ _ {term} _ _ ltac:(ordering) ltac:(ordering)"
            yield p, rising, f"by apply: ({lemma} {weak}); lia", term

    def not_zero(self, x: Expr) -> bool:
        return any(differs(p, x) for p in self.supposed)

    def member_not_zero(self, f: E.Family, n: int, term: str) -> None:
        """What is given that makes the members of a family, or one of them, differ from 0."""
        m = self.scalars[("1/", "f", f.name, str(f.length))][0]
        for p in self.supposed:
            if isinstance(p, Every) and uncut(p) and differs(p.body, f[p.var]):
                (dlo, lo), (dhi, hi) = self.index(p.lo), self.index(p.hi)
                h = self.suppose(f"forall i, ({lo} <= i)%N -> (i <= {hi})%N -> {term} i != 0")
                guards, at = f"({dlo}, IB (BV 0)); (IB (BV 0), {dhi})", "IB (BV 0)"
                proof = f"valid; move=> gv /= /and3P[h1 h2 _]; exact_no_check (mulfV ({h} _ h1 h2))"
                self.equations.append((f"QS [:: {guards}] (SM (SV {n} [:: {at}]) (SV {m} [:: {at}])) (SN 1)", proof))
            for x in {x for x in p.walk() if isinstance(x, E.Item) and x.family == f and differs(p, x)}:
                at, text = self.index(x.index)
                h = self.suppose(f"{term} {text}%N != 0 :> R")
                proof = f"valid; move=> gv _; exact_no_check (mulfV {h})"
                self.equations.append((f"QS [::] (SM (SV {n} [:: {at}]) (SV {m} [:: {at}])) (SN 1)", proof))

    def function(self, e: Any) -> Pair:
        """cos and sin of an angle: numbers c and s with s s = 1 − c c; of a sum, by the addition formulas."""
        if e.name not in ("cos", "sin") or e.arg == E.PI:
            raise Lacking(f"{e.name} of what is no angle")
        if not isinstance(e.arg, Sym):
            return self.scalar(of_sum(e))
        fresh = ("sin", e.arg) not in self.scalars
        c = self.atom(("cos", e.arg), f"cos_{e.arg.name}", [])
        s = self.atom(("sin", e.arg), f"sin_{e.arg.name}", [])
        if fresh:
            h = self.suppose(f"{s[1]} * {s[1]} = 1%:R - {c[1]} * {c[1]}")
            self.equations.append(
                (
                    f"QS [::] (SM {s[0]} {s[0]}) (SA (SN 1) (SO (SM {c[0]} {c[0]})))",
                    f"valid; move=> gv _; exact_no_check {h}",
                )
            )
        return c if e.name == "cos" else s

    def summed(self, e: Any, go: Callable[[Expr], Pair], node: str) -> Pair:
        lo, hi = self.index(e.lo), self.index(e.hi, 1)
        if index_of(e.lo)[0][0] == 0 and index_of(e.lo)[1] < 1:
            raise Lacking("a sum from 0")
        (x, name), (deep, text) = self.under(e.var, e.lo, e.hi, e.body, go)
        for w in e.without:
            times, scaled, (d, t) = ("SM", "*", self.base(w)) if e.is_scalar else ("MS", "*:", self.base(w))
            deep, text = f"({times} (SD (BV {x}) {d}) {deep})", f"(({name} != {t})%:R {scaled} {text})"
        return f"({node} {lo[0]} {hi[0]} {x} {deep})", f"(\\sum_({lo[1]}%N <= {name} < {hi[1]}%N) {text})"

    def extremum(self, e: Any) -> Pair:
        """A number that computations know by its name alone."""
        (_, name), (_, text) = self.under(e.var, e.lo, e.hi, e.body, self.scalar)
        made = f"(extremum Num.{e.kind} {self.index(e.lo)[1]}%N {self.index(e.hi, 1)[1]}%N (fun {name} => {text}))"
        over = sorted((v for v in self.bound if v in free(e)), key=str)
        key = ("extremum", plain(substitute(e, {v: integer(f"•hole{n}") for n, v in enumerate(over)})))
        function = f"(fun {' '.join(self.bound[v][1] for v in over)} => {made})" if over else made
        return self.atom(key, "", [self.index(v) for v in over], function)[0], made

    def extreme(self, e: Any) -> Pair:
        """A number; what it is, is supposed of it."""
        found = canonical(e)
        if any(v in free(found) for v in self.bound):
            raise Lacking("an extreme eigenvalue for each index")
        return self.atom(("extreme", found), NAMES[found.kind], [])

    def under(
        self, var: Sym, lo: Expr, hi: Expr, body: Expr, go: Callable[[Expr], Pair]
    ) -> tuple[tuple[int, str], Pair]:
        """A body in which an index is bound: the index as number and name, and the body."""
        self.count += 1
        x, before = self.count, self.bound.get(var)
        name = self.named(("b", x), f"{var.name}_{x}")
        self.bound[var], self.ranges[var] = (x, name), (lo, hi)
        found = go(body)
        del self.bound[var]
        if before is not None:
            self.bound[var] = before
        return (x, name), found

    def derivative(self, e: Expr) -> Pair:
        self.beside.append(e)
        return self.scalar(derived(e)) if e.is_scalar else self.matrix(derived(e))

    def written_out(self, e: Any) -> Pair:
        """A matrix by its entries; of second derivatives, what makes them that."""
        self.forms(e)
        return self.matrix(by_entries(entries(e)))

    def forms(self, e: Expr) -> None:
        for x in e.walk():
            if isinstance(x, Block):
                self.beside += bilinear(x.hessian)[-1]

    # -- matrices
    def matrix(self, e: Expr) -> Pair:
        rule = MATRICES.get(type(e))
        if rule is None:
            raise Lacking(f"a matrix of kind {type(e).__name__}")
        return rule(self, e)

    def letter(self, e: E.Letter) -> Pair:
        if e.noise is not None or "diagonal" in e.traits:
            raise Lacking(f"a letter that is {', '.join(sorted(e.traits)) or 'random'}")
        if "skew" in e.traits:
            return self.skew(e)
        (m, _), (n, _) = self.size(e.rows), self.size(e.cols)
        fresh = e not in self.letters
        k = self.letters.setdefault(e, len(self.letters))
        name = self.named(("L", e), e.name)
        deep = f"(ML {k} {m} {n})"
        if fresh and e.traits & SYMMETRIC:
            self.symmetric.append((f"({k}, {m})", f"exact_no_check {self.suppose(f'{name}^T = {name}')}"))
        if fresh and "orthonormal" in e.traits:
            h = self.suppose(f"{name}^T *m {name} = 1%:M")
            self.equations.append(
                (f"@QM {n} {n} (MM (MT {deep}) {deep}) (M1 {n})", f"split; [by []|by []|move=> gv; exact_no_check {h}]")
            )
            if m == n:
                self.equations.append(
                    (
                        f"@QM {m} {m} (MM {deep} (MT {deep})) (M1 {m})",
                        f"split; [by []|by []|move=> gv; exact_no_check (mulmx1C {h})]",
                    )
                )
        return deep, name

    def skew(self, e: E.Letter) -> Pair:
        """A skew letter is B − Bᵀ for some B."""
        name = self.named(("L", e), e.name)
        if e not in self.halves:
            self.halves[e] = E.Letter(f"half of {e.name}", e.rows, e.cols)
            half, n = self.matrix(self.halves[e])[1], len(self.halves)
            skew = self.suppose(f"{name}^T = - {name}")
            self.opening += f"have [{half} S{n}] := skew_form {skew}; rewrite ?S{n}.\n"
        half = self.matrix(self.halves[e])[0]
        return f"(MA {half} (MS (SO (SN 1)) (MT {half})))", name

    def product(self, e: Any) -> Pair:
        scalars = [self.scalar(f) for f in e.factors if f.is_scalar]
        deep, text = self.folded("MM", "*m", [self.matrix(f) for f in e.factors if not f.is_scalar])
        if scalars:
            d, t = self.folded("SM", "*", scalars)
            return f"(MS {d} {deep})", f"({t} *: {text})"
        return deep, text

    def diagonal(self, e: Expr) -> Pair:
        """A matrix that is diagonal by its form, by its entries."""
        i = integer(f"•{self.count}")
        entry = diagonal_entry(e, i)
        if entry is None:
            raise Lacking("a power of what is not diagonal")
        n, text = self.size(e.shape[0])
        self.count += 1
        x, name = self.count, self.named(("b", self.count), f"i_{self.count}")
        self.bound[i], self.ranges[i] = (x, name), (lift(1), lift(e.shape[0]))
        deep, body = self.scalar(entry)
        del self.bound[i]
        return f"(MD {n} {x} {deep})", f"(diagonal {text} (fun {name} => {body}))"

    def matrix_power(self, e: Any) -> Pair:
        p = e.exponent.value if isinstance(e.exponent, E.Num) else Fraction(1, 2)
        if p.denominator == 1 and p and diagonal_entry(e.base, integer("•")) is None:
            return self.folded("MM", "*m", [self.matrix(e.base) if p > 0 else self.inverted(e.base)] * abs(int(p)))
        return self.diagonal(e)

    def inverted(self, a: Expr) -> Pair:
        """A⁻¹ of what is not diagonal by its form: a matrix like a letter, with AA⁻¹ = A⁻¹A = I, as det A ≠ 0."""
        self.alone(a, "an inverse")
        (deep, text), (n, _), key = self.matrix(a), self.size(a.shape[0]), E.Pow(plain(a), lift(-1))
        fresh = key not in self.letters
        inverse = f"(ML {self.letters.setdefault(key, len(self.letters))} {n} {n})"
        if fresh:
            self.inverses[key] = f"(invmx {text})"
            products = (f"MM {deep} {inverse}", "mulmxV"), (f"MM {inverse} {deep}", "mulVmx")
            for product, law in products if (unit := self.unit(key.base, text)) else ():
                proof = f"split; [by []|by []|move=> gv; exact_no_check ({law} {unit})]"
                self.equations.append((f"@QM {n} {n} ({product}) (M1 {n})", proof))
            if isinstance(key.base, E.Letter) and key.base.traits & SYMMETRIC:
                same = self.suppose(f"{text}^T = {text}")
                self.symmetric.append((f"({self.letters[key]}, {n})", f"exact_no_check (inverse_symmetric {same})"))
        return inverse, self.inverses[key]

    def unit(self, a: Expr, text: str) -> str:
        """A proof that A has an inverse, where A ≻ 0 or det A ≠ 0 is given."""
        if (isinstance(a, E.Letter) and "pd" in a.traits) or any(definite(p, a) for p in self.supposed):
            return f"(unit_det (definite_apart {self.suppose(f'definite {text}')}))"
        if self.not_zero(E.det(a)):
            return f"(unit_det {self.suppose(f'determinant {text} != 0 :> R')})"
        return ""

    def alone(self, e: Expr, what: str) -> None:
        """Refuse what depends on an index that is bound."""
        if free(e) & set(self.bound):
            raise Lacking(f"{what} under a sum")

    def determinant(self, e: Any) -> Pair:
        """Written out, of few rows; of any number of them it is a letter of its own."""
        if isinstance(e.size, int):
            self.forms(e)
            return self.scalar(determinant(e))
        self.alone(e, "a determinant")
        return self.atom(("det", plain(e.arg)), "", [], f"(determinant {self.matrix(e.arg)[1]})")

    def eye(self, e: Any) -> Pair:
        return f"(M1 {self.size(e.size)[0]})", "1%:M"

    def zero(self, e: Any) -> Pair:
        return f"(M0 {self.size(e.rows)[0]} {self.size(e.cols)[0]})", "0"

    def projection(self, e: Any) -> Pair:
        (n, size), (d, t) = self.size(e.size), self.index(e.b)
        return f"(MP {n} {d})", f"(projection R {size} {t})"

    def column(self, e: Any) -> Pair:
        (n, size), (one, _), (d, t) = self.size(e.size), self.size(1), self.index(e.i)
        return f"(MU {n} {one} {d})", f"(unit_column R {size} {t}%N)"

    def first(self, e: Any) -> Pair:
        (m, rows), (n, cols) = self.size(e.rows), self.size(e.cols)
        return f"(MJ {m} {n})", f"(first_columns R {rows} {cols})"

    def triangle(self, e: Any) -> Pair:
        """From the diagonal on; of a strict one from below it."""
        deep, text = self.matrix(e.arg)
        strict = str(e.strict).lower()
        return f"(ML_ {strict} {deep})", f"(lower {strict} {text})"

    def trace(self, e: Expr) -> Pair:
        deep, text = self.matrix(e)
        return f"(ST {deep})", f"(\\tr {text})"

    def entry(self, e: Any) -> Pair:
        (deep, text), i, j = self.matrix(e.arg), self.index(e.i), self.index(e.j)
        return f"(SE {deep} {i[0]} {j[0]})", f"(entry {text} {i[1]} {j[1]})"

    # -- the theorem
    def equation(self, goal: Rel) -> str:
        """The theorem that says it, with its proof."""
        of = self.scalar if goal.left.is_scalar else self.matrix
        says, script = self.computation(of(goal.left), of(goal.right), goal.left.shape)
        naturals = [self.names["n", k] for k in self.sizes if not isinstance(k, int)]
        quantified = [f"({' '.join(naturals)} : nat)"] if naturals else []
        halves = self.halves.values()
        for letter in [*(x for x in self.letters if isinstance(x, E.Letter) and x not in halves), *self.halves]:
            quantified.append(
                f"({self.names['L', letter]} : 'M[R]_({self.size(letter.rows)[1]}, {self.size(letter.cols)[1]}))"
            )
        quantified += [f"({t} : {'nat -> ' * arity}R)" for _, t, arity, given in self.scalars.values() if given]
        hypotheses = "".join(f"\n    (H{n} : {h})" for n, h in enumerate(self.hypotheses))
        comment = f"{goal.left} = {goal.right}".replace("*)", "* )").replace("(*", "( *")
        return f"""(* {comment} *)
Theorem {self.name} (R : rcfType) {" ".join(quantified)}{hypotheses} :
  {says}.
Proof.
{script}
Qed.
"""

    def computation(self, one: Pair, other: Pair, shape: E.Shape) -> Pair:
        """What an equation says, and the computation that proves it."""
        (a, left), (b, right) = one, other
        self.order()
        sides = tuple(self.size(s)[0] for s in shape)
        known = {n: k for k, n in self.sizes.items()}
        values = "; ".join(str(k) if isinstance(k, int) else self.names["n", k] for _, k in sorted(known.items()))
        table = " ".join(
            f"| {k}%N, {self.size(x.shape[0])[0]}%N, {self.size(x.shape[1])[0]}%N => {self.inverses.get(x) or self.names['L', x]}"
            for x, k in self.letters.items()
        )
        members = " ".join(
            f"| {n}%N => {t} {' '.join(f'(nth 0%N vs {i})' for i in range(arity))}"
            for n, t, arity, _ in self.scalars.values()
        )
        given = [self.orders, self.apart, self.symmetric, self.equations]
        check, value = ("check_matrix", "den") if sides else ("check_scalar", "dens")
        sort = "'M[R]_({}, {})".format(*(self.size(s)[1] for s in shape)) if sides else "R"
        kind = f"mx {sides[0]} {sides[1]}" if sides else "sx"
        proofs = [
            nested([f"split; [by []|by []|{p}]" if part is self.orders else p for _, p in part]) for part in given
        ]
        script = f"""{self.opening}pose sl : seq nat := [:: {values}]%N.
pose L (id m n : nat) : 'M[R]_(nth 0 sl m, nth 0 sl n)%N :=
  match id as id0, m as m0, n as n0 return 'M[R]_(nth 0 sl m0, nth 0 sl n0)%N with {table} | _, _, _ => 0 end.
pose P (id : nat) (vs : seq nat) : R := match id with {members} | _ => 0 end.
pose K := Given [:: {"; ".join(d for d, _ in self.orders)}] [:: {"; ".join(d for d, _ in self.apart)}]
  [:: {"; ".join(d for d, _ in self.symmetric)}]%N [:: {"; ".join(d for d, _ in self.equations)}].
have HK : known L P K by split; [{"|".join(proofs)}].
pose a : {kind} := {a}.
pose b : {kind} := {b}.
have VM : {value} L P zero_gv a = {value} L P zero_gv b.
{{ refine (@{check} R sl L P K{" " + " ".join(sides) if sides else ""} a b zero_gv HK _ _ _); [by []|by move=> ?|].
vm_cast_no_check (erefl true). }}
exact_no_check VM."""
        return f"{left} = {right} :> {sort}", script

    def order(self) -> None:
        """What is given of the order of sizes and free indices; each is a natural number."""
        least: set[Any] = set()
        for p in self.supposed:
            if not isinstance(p, Rel) or p.op not in ("≤", "<", "≥", ">", "=", "≠"):
                continue
            names = {x.name for x in free(p) if isinstance(x, Sym)}
            if not names <= {k for k in self.sizes if not isinstance(k, int)} or not p.left.is_scalar:
                continue
            try:
                i, j = index_of(p.left), index_of(p.right)
            except Undecided:
                continue
            i, j = (j, i) if p.op in (">", "≥") else (i, j)
            if p.op == "≠":
                (d, t), (e, u) = self.base_of(i), self.base_of(j)
                if i[1] == j[1] == 0 and d and e:
                    self.apart.append(
                        (f"({d}, {e})", f"split; [by []|exact_no_check {self.suppose(f'({t} != {u})%N')}]")
                    )
                continue
            for x, y in ((i, j), (j, i)) if p.op == "=" else ((i, j),):
                up = x[1] - y[1] + (p.op in "<>")
                if x[0] == (0,) and y[0] == (0,):
                    continue
                x, y = (x[0], max(up, 0)), (y[0], max(-up, 0))
                (d, t), (e, u) = self.shifted(x), self.shifted(y)
                self.orders.append((f"({d}, {e})", f"exact_no_check {self.suppose(f'({t} <= {u})%N')}"))
                if x[0] == (0,):
                    least.add(y[0])
        self.natural(least)

    def natural(self, least: set[Any]) -> None:
        """Refuse an integer that may be negative: neither a side, nor known to be at least something."""
        sides = {s.name for x in self.letters for s in x.shape if isinstance(s, Sym)}
        for k in self.sizes:
            if not isinstance(k, int) and k not in sides and (1, k) not in least:
                raise Lacking(f"{k}, which may be negative")

    def base_of(self, i: Any) -> Pair:
        return self.base(integer(i[0][1])) if i[0][0] == 1 else ("", "")

    def shifted(self, i: Any) -> Pair:
        return self.index(lift(i[1]) if i[0] == (0,) else integer(i[0][1]) + i[1])


SYMMETRIC = frozenset({"symmetric", "psd", "pd"})
SIGNS = {">": "0 < {} :> R", "≥": "0 <= {} :> R", "≠": "{} != 0 :> R"}


def uncut(p: Every) -> bool:
    """Whether natural numbers, of which 0 − 1 is 0, leave a range as it is: from 1 on, or nothing is subtracted."""
    try:
        (base, least), (_, most) = index_of(p.lo), index_of(p.hi)
    except Undecided:
        return False
    return (base == (0,) and least >= 1) or (least >= 0 and most >= 0)


def sides(p: Any) -> tuple[Any, Any]:
    """The smaller and the larger of two numbers that a proposition compares strictly; else nothing."""
    if not isinstance(p, Rel) or p.op not in "<>" or not p.left.is_scalar:
        return None, None
    return (p.left, p.right) if p.op == "<" else (p.right, p.left)


def differs(p: Expr, x: Expr) -> bool:
    """Whether a relation says, or implies at once, that a number differs from 0."""
    if not isinstance(p, Rel) or p.op not in "≠><" or not p.left.is_scalar:
        return False
    sides = [side for side in (p.left, p.right) if side != lift(0)]
    gaps = (p.left - p.right, p.right - p.left) if len(sides) == 2 else sides
    return any(plain(x) in parts(plain(gap)) for gap in gaps)


def parts(e: Any) -> tuple[Expr, ...]:
    """What is not 0 where a number is not: the number, its factors, what it is a power of."""
    inner = e.factors if isinstance(e, E.Mul) else (e.base,) if isinstance(e, E.Pow) else ()
    return e, *(x for part in inner for x in parts(part))


def definite(p: Expr, a: Expr) -> bool:
    """Whether a proposition says A ≻ 0."""
    return isinstance(p, Rel) and p.op == "≻" and isinstance(p.right, E.Zero) and plain(p.left) == plain(a)


def nested(proofs: list[str]) -> str:
    return "".join(f"split; [{p}|" for p in proofs) + "exact: I" + "]" * len(proofs)


SCALARS: dict[type, Callable[[CoqLemma, Any], Pair]] = {
    E.Num: CoqLemma.number,
    E.Sym: CoqLemma.symbol,
    E.Item: CoqLemma.item,
    E.Fn: CoqLemma.function,
    E.Named: lambda x, e: x.scalar(e.body),
    E.Add: lambda x, e: x.folded("SA", "+", [x.scalar(t) for t in e.terms]),
    E.Mul: lambda x, e: x.folded("SM", "*", [x.scalar(t) for t in e.factors]),
    E.Pow: CoqLemma.power,
    E.Tr: lambda x, e: x.trace(e.arg),
    E.SqNorm: lambda x, e: x.scalar(E.Inner(e.arg, e.arg)),
    E.Inner: lambda x, e: x.scalar(e.left * e.right) if e.left.is_scalar else x.trace(E.Mul((E.T(e.left), e.right))),
    E.Entry: CoqLemma.entry,
    E.Det: CoqLemma.determinant,
    E.Diff: CoqLemma.derivative,
    E.Coeff: CoqLemma.derivative,
    E.Extremum: CoqLemma.extremum,
    Extreme: CoqLemma.extreme,
    E.Sum: lambda x, e: x.summed(e, x.scalar, "SZ"),
}
MATRICES: dict[type, Callable[[CoqLemma, Any], Pair]] = {
    E.Letter: CoqLemma.letter,
    E.Named: lambda x, e: x.matrix(e.body),
    E.Add: lambda x, e: x.folded("MA", "+", [x.matrix(t) for t in e.terms]),
    E.Mul: CoqLemma.product,
    E.Pow: CoqLemma.matrix_power,
    E.T: lambda x, e: (lambda p: (f"(MT {p[0]})", f"{p[1]}^T"))(x.matrix(e.arg)),
    E.Eye: CoqLemma.eye,
    E.Zero: CoqLemma.zero,
    E.Diag: CoqLemma.diagonal,
    E.Proj: CoqLemma.projection,
    E.Basis: CoqLemma.column,
    E.First: CoqLemma.first,
    E.LowerMask: CoqLemma.triangle,
    E.MaxMask: max_mask,
    E.Symmetric: CoqLemma.written_out,
    E.Column: CoqLemma.written_out,
    Block: CoqLemma.written_out,
    E.Grad: CoqLemma.derivative,
    E.Diff: CoqLemma.derivative,
    E.Coeff: CoqLemma.derivative,
    E.Sum: lambda x, e: x.summed(e, x.matrix, "MZ"),
}
