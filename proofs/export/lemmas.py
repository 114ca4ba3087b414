"""How Coq follows a step: for each rule of the kernel that is known here, the tactics that prove its lemma.

What it takes are the lemmas of ``proofs/coq/Order.v``, computations of normal forms, and comparisons of integers. A
rule that is not among them is lacking; a wrong proof is refused by Coq.

Main results
    PROOFS      by the names of the rules
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import lcm
from typing import TYPE_CHECKING, Any

from flint import fmpq

from proofs.export.coq import Lacking, Pair
from proofs.export.extreme_values import bound, canonical, meaning
from proofs.export.sentences import DEFAULT, TURNED, Writer, indices, natural, opened, sort_of
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, renewed, substitute
from proofs.kernel.binding import opened as spoken_by
from proofs.kernel.expressions import Expr, Letter, Sym, integer, lift
from proofs.kernel.propositions import MIRROR, Rel
from proofs.kernel.rules import same, tidy
from proofs.kernel.theorem import Theorem

if TYPE_CHECKING:
    from proofs.export.steps import Steps


def said(t: Theorem) -> Any:
    """What a theorem says, of the kind that its rule takes or makes."""
    return t.says


def ring(s: Steps, t: Theorem, goal: Rel, known: tuple[Theorem, ...] = ()) -> None:
    s.know(known)
    if indices(goal) is not None:
        s.write("lia.")
        return
    w = s.writer(known)
    a, b = w.of(goal.left), w.of(goal.right)
    for e in known:
        r = e.says
        if isinstance(r, Rel) and r.op == "=" and r.left.is_scalar and indices(r) is None:
            (da, _), (db, _) = w.of(r.left), w.of(r.right)
            w.equations.append((f"QS [::] {da} {db}", f"valid; move=> gv _; exact_no_check {s.term(e)}"))
    if a[1] == b[1]:
        s.write("by [].")
        return
    if goal.left.is_scalar and w.fractions() and not (w.letters or w.count):
        s.write("by field; denominators.")
        return
    _, script = w.computation(a, b, goal.left.shape)
    s.write(*w.ready, script)


def positive(s: Steps, t: Theorem, goal: Rel, facts: Any, shape: Any, known: tuple[Theorem, ...] = ()) -> None:
    """(right − left) · D = N, where D is positive and N is not negative, as quantities are."""
    s.know(known)
    if indices(goal) is not None:
        s.know(facts)
        s.write("lia.")
        return
    w = s.writer((*known, *facts))
    quantities = [quantity(s, w, f"F{n}", f) for n, f in enumerate(facts)]
    scale = lcm(*(int(fmpq(c).q) for part in (shape.numerator, shape.denominator) for _, c in part))
    op, left, right = (
        (TURNED[goal.op], goal.right, goal.left) if goal.op in TURNED else (goal.op, goal.left, goal.right)
    )
    turned = op == "≠" and shape.sign < 0
    if op == "≠" and not turned:
        left, right = right, left
    num, above = polynomial(w, quantities, shape.numerator, scale, op in "<≠")
    den, below = polynomial(w, quantities, shape.denominator, scale, True)
    (da, ta), (db, tb) = w.of(left), w.of(right)
    gap = f"(SM (SA {db} (SO {da})) {den[0]})", f"(({tb} - {ta}) * {den[1]})"
    if w.fractions():
        s.write(f"have E : {gap[1]} = {num[1]} by field; denominators.")
    else:
        s.compute("E", w, gap, num, ())
    term = f"(by_gap_ne E {above})" if op == "≠" else f"(by_gap_l{'te'[op == '≤']} E {below} {above})"
    s.write(f"by rewrite eq_sym; exact: {term}." if turned else f"exact: {term}.")


@dataclass(frozen=True)
class Quantity:
    """What is not negative, or positive, with the name of a proof of that."""

    value: Pair
    proof: str
    strict: bool


def quantity(s: Steps, w: Writer, name: str, fact: Theorem) -> Quantity:
    """What a relation says is not negative: the gap between its sides."""
    r, term = s.real(fact)
    low, high = (r.left, r.right) if r.op in "≤<" else (r.right, r.left)
    (dl, tl), (dh, th) = w.of(low), w.of(high)
    strict, zero = r.op in "<>", tl == "0"
    value = (dh, th) if zero else (f"(SA {dh} (SO {dl}))", f"({th} - {tl})")
    term = term if zero else f"gap_g{'t' if strict else 'e'}0 {term}"
    s.write(f"have {name} : 0 {'<' if strict else '<='} {value[1]} := {term}.")
    return Quantity(value, name, strict)


def polynomial(w: Writer, quantities: Sequence[Quantity], part: Any, scale: int, strict: bool) -> tuple[Pair, str]:
    """A sum of products of quantities, and a proof that it is positive, or not negative."""
    total: Pair = "(SN 0)", "0"
    proof = "(lexx 0)"
    for n, (powers, c) in enumerate(
        sorted(part, key=lambda x: not all(q.strict or not e for q, e in zip(quantities, x[0], strict=True)))
    ):
        kind = "gt" if strict and n == 0 else "ge"
        c = int(c * scale)
        factors = [(w.number(lift(c)), f"(ltr0Sn _ {c - 1})" if kind == "gt" else f"(ler0n _ {c})")] if c > 1 else []
        for q, e in zip(quantities, powers, strict=True):
            (d, x), sign = q.value, f"(ltW {q.proof})" if q.strict and kind == "ge" else q.proof
            if e:
                factors.append(
                    ((f"(SX {d} {e})", f"({x} ^+ {e})"), f"(exprn_{kind}0 {e} {sign})") if e > 1 else (q.value, sign)
                )
        factors = factors or [(w.number(lift(1)), "ltr01" if kind == "gt" else "ler01")]
        term = w.folded("SM", "*", [x for x, _ in factors])
        sign = reduce(lambda a, b: f"(mulr_{kind}0 {a} {b})", [x for _, x in factors])
        join = "ltr_paddr {1} {0}" if strict else "addr_ge0 {0} {1}"
        total, proof = (w.folded("SA", "+", [total, term]), f"({join.format(proof, sign)})") if n else (term, sign)
    return total, proof


def order(s: Steps, t: Theorem, goal: Rel, known: tuple[Theorem, ...]) -> None:
    s.know(known)
    s.write("lia.")


THEN = {
    "==": "etrans", "=≤": "then_eq_le", "≤=": "then_le_eq", "=<": "then_eq_lt", "<=": "then_lt_eq", "=≠": "then_eq_ne",
    "≠=": "then_ne_eq", "≤≤": "le_trans", "≤<": "le_lt_trans", "<≤": "lt_le_trans", "<<": "lt_trans",
}  # fmt: skip
"""The lemma that follows one relation by another."""


def chain(s: Steps, t: Theorem, ts: tuple[Theorem, ...]) -> None:
    if indices(t.says) is not None and all(indices(x.says) is not None for x in ts):
        order(s, t, said(t), ts)
        return
    links = [s.real(x) for x in ts]
    if any(r.op in "⪰≻" for r, _ in links):
        chain_of_forms(s, links)
        return
    down = any(r.op in "≥>" for r, _ in links)
    found: list[tuple[str, str]] = []
    for n, (r, term) in enumerate(links):
        if n and s.text(links[n - 1][0].right) != s.text(r.left):
            s.same_value(f"J{n}", links[n - 1][0].right, r.left)
            found.append(("=", f"J{n}"))
        found.append((r.op, term))
    if down:
        found = [(TURNED.get(op, op), f"(esym {x})" if op == "=" else x) for op, x in reversed(found)]
    op, term = found[0]
    for o, x in found[1:]:
        if op + o not in THEN:
            raise Lacking("a chain of kinds of order")
        term = f"({THEN[op + o]} {term} {x})"
        op = o if op == "=" else op if o == "=" else "<" if "<" in (op, o) else "≻" if "≻" in (op, o) else op
    s.write(f"exact: {term}.")


def chain_of_forms(s: Steps, links: list[tuple[Rel, str]]) -> None:
    """A ⪰ B and what is equal to A or to B."""
    place = next(n for n, (r, _) in enumerate(links) if r.op in "⪰≻")
    if any(r.op != "=" for r, _ in links[place + 1 :]):
        raise Lacking("a chain of several ⪰")
    for n, (r, term) in enumerate(links):
        way = "-" if n > place else ""
        if n and s.text(links[n - 1][0].right) != s.text(r.left):
            s.same_value(f"J{n}", links[n - 1][0].right, r.left)
            s.write(f"rewrite {way}J{n}.")
        if n != place:
            s.write(f"try rewrite {way}({term}).")
    s.write(f"exact: {links[place][1]}.")


def mirror(s: Steps, t: Theorem, other: Theorem) -> None:
    r: Any = other.says
    term = s.term(other)
    s.write(
        f"exact: (esym {term})."
        if r.op == "="
        else f"by rewrite eq_sym; exact: {term}."
        if r.op == "≠"
        else f"exact: {term}."
    )


WEAKER = {
    "<≤": "ltW {}", "<≠": "negbT (lt_eqF {})", ">≥": "ltW {}", ">≠": "negbT (gt_eqF {})", "=≤": "weaken_eq_le {}",
    "=≥": "weaken_eq_le (esym {})", "≻⪰": "weaken_definite {}",
}  # fmt: skip


def weaken(s: Steps, t: Theorem, other: Theorem, op: str) -> None:
    if indices(t.says) is not None:
        s.know([other])
        s.write("lia.")
        return
    had: Any = other.says
    s.write(f"exact: ({WEAKER[had.op + op].format(s.term(other))}).")


def square(s: Steps, t: Theorem, e: Expr) -> None:
    s.write("by first [exact: sqr_ge0 | exact: trace_square_ge0 | rewrite -expr2; exact: sqr_ge0].")


def vanishing(s: Steps, t: Theorem, other: Theorem) -> None:
    r, term = s.real(other)
    if r.op == "=":
        term = f"(weaken_eq_le {term})"
    s.write(f"by first [exact: (trace_square_0 {term}) | exact: (square_0 {term})].")


def conjunction(s: Steps, t: Theorem, ts: tuple[Theorem, ...]) -> None:
    *first, last = map(s.term, ts)
    for x in reversed(first):
        last = f"(conj {x} {last})"
    s.write(f"exact: {last}.")


def part(s: Steps, t: Theorem, whole: Theorem, place: int) -> None:
    n = len(said(whole).terms)
    term = s.term(whole)
    for _ in range(place):
        term = f"(proj2 {term})"
    s.write(f"exact: {term}." if place == n - 1 else f"exact: (proj1 {term}).")


def either(s: Steps, t: Theorem, goal: Any, place: int, one: Theorem) -> None:
    term = s.exactly(s.term(one), one.says, goal.terms[place])
    term = term if place == len(goal.terms) - 1 else f"(or_introl {term})"
    for _ in range(place):
        term = f"(or_intror {term})"
    s.write(f"exact: {term}.")


def cases(s: Steps, t: Theorem, cover: Theorem, ts: tuple[Theorem, ...]) -> None:
    s.write(f"have := {s.term(cover)}.")
    moves = []
    for x in ts:
        p: Any = x.says
        moves.append(f"move=> h; exact: {s.exactly(f'({s.term(x)} h)', p.conclusion, t.says)}")
    *first, last = moves
    for m in reversed(first):
        last = f"case; [{m}|{last}]"
    s.write(f"{last}.")


def apply(s: Steps, t: Theorem, implication: Theorem, premise: Theorem) -> None:
    p: Any = implication.says
    s.write(f"exact: ({s.term(implication)} {s.exactly(s.term(premise), premise.says, p.premise)}).")


def discharge(s: Steps, t: Theorem, other: Theorem, p: Expr) -> None:
    name = s.hypothesis(p)
    s.write(f"move=> {name}; exact: {s.term(other)}.")


def equivalent(s: Steps, t: Theorem, there: Theorem, back: Theorem) -> None:
    s.write(f"split; [exact: {s.term(there)}|exact: {s.term(back)}].")


def cut(s: Steps, t: Theorem, other: Theorem, known: Theorem) -> None:
    name = s.hypothesis(known.says)
    s.write(f"have {name} := {s.term(known)}.", f"exact: {s.term(other)}.")


def generalise(s: Steps, t: Theorem, other: Theorem, var: Sym, lo: Expr, hi: Expr) -> None:
    names = s.hypothesis(Rel(lo, "≤", var)), s.hypothesis(Rel(var, "≤", hi))
    name = s.writer().variable(var)[0]
    s.here = s.here | {var}
    s.write(f"move=> {name} {names[0]} {names[1]}.", f"exact: {s.term(other)}.")


def instance(s: Steps, t: Theorem, every: Theorem, index: Expr, least: Theorem, greatest: Theorem) -> None:
    s.know((least, greatest))
    at = s.writer().index(index)[1]
    s.write(f"have Z := {s.term(every)} {at}%N.", "agree (Z ltac:(lia) ltac:(lia)).")


def rename(s: Steps, t: Theorem, other: Theorem, mapping: tuple[tuple[Expr, Expr], ...]) -> None:
    """At other values; a comparison of reals may become one of integers there."""
    given = sorted(other.given, key=repr, reverse=True)
    names = [f"g{n}" for n, _ in enumerate(given)]
    s.write(*([f"move=> {' '.join(names)}."] if names else []))
    supposing, says = {}, said(t)
    for p, name in zip(given, names, strict=True):
        q: Any = says.premise
        supposing[p] = s.as_real(q, name)[1] if indices(p) is None else name
        says = says.conclusion
    values = {old: f"({s.writer().index(e)[1]})%N" if natural(old) else f"({s.text(e)})" for old, e in mapping}
    term = s.at(other, values, supposing)
    if indices(says) is not None and indices(other.says) is None:
        s.write(f"have Z := {term}.", "by rewrite -?(ler_nat R) -?(ltr_nat R) -?(eqr_nat R).")
    else:
        s.write(f"agree {term}.")


def monotone(s: Steps, t: Theorem, every: Theorem, i: Expr, j: Expr, known: tuple[Theorem, ...]) -> None:
    s.know(known)
    says: Any = every.says
    l, r = says.var, says.body
    op, left, right = r.op, r.left, r.right
    nxt = substitute(left, {l: l + 1})
    if not (same(right, nxt) or tidy(right) == tidy(nxt)):
        op, left = MIRROR[op], right
    w = s.writer()
    with w.binding(l) as name:
        f = f"(fun {name} : nat => {w.text(left)})"
    lo, hi = w.index(says.lo)[1], w.index(says.hi)[1]
    at = [w.index(x)[1] for x in (i, j)]
    goal_op = said(t).op
    strict = goal_op in "<>"
    relation = {"<": "x < y", ">": "y < x", "≤": "x <= y", "≥": "y <= x"}[goal_op]
    term = s.term(every)
    if op in "<>" and not strict:
        term = f"(fun l a b => ltW ({term} l a b))"
    lemma, orders = (
        ("neighbours", "ltac:(ordering)") if strict else ("neighbours_le", "ltac:(ordering) ltac:(ordering)")
    )
    lia = " ".join(["ltac:(lia)"] * 3)
    s.write(
        f"have Z := (@{lemma} R (fun x y => {relation}) {lo}%N {hi}%N {f} {at[0]}%N {at[1]}%N).",
        f"agree (Z {orders} ltac:(neighbouring {term}) {lia}).",
    )


def nonzero(s: Steps, t: Theorem, e: Expr, ts: tuple[Theorem, ...]) -> None:
    s.know(ts)
    s.write("apart.")


def differ(s: Steps, t: Theorem, other: Theorem) -> None:
    r, term = s.real(other)
    w = s.writer()
    (da, ta), (db, tb) = w.of(r.left), w.of(r.right)
    add, opp = ("SA", "SO") if r.left.is_scalar else ("MA", "")
    if not opp:
        raise Lacking("a difference of matrices")
    s.compute("E", w, w.of(r.left - r.right), (f"({add} {da} ({opp} {db}))", f"({ta} - {tb})"), r.left.shape)
    s.write(f"have Z := {term}.", "by rewrite E ?subr_eq0 ?subr_ge0 ?subr_gt0 ?subr_le0 ?subr_lt0 //; rewrite Z subrr.")


def split(s: Steps, t: Theorem, other: Theorem) -> None:
    if indices(other.says) is not None:
        order(s, t, said(t), (other,))
    else:
        s.write(f"by have := {s.term(other)}; rewrite neq_lt => /orP.")


def total(s: Steps, t: Theorem, a: Expr, b: Expr, op: str = "≤") -> None:
    if op == "≤" and indices(Rel(a, op, b)) is None:
        s.write(f"by case: (lerP {s.text(a)} {s.text(b)}); [left|right].")
    elif op == "=" and indices(Rel(a, op, b)) is None:
        s.write(f"by case: (eqVneq ({s.text(a)} : {sort_of(s.writer(), a.shape)}) {s.text(b)}); [left|right].")
    else:
        s.write("lia.")


def antisymmetry(s: Steps, t: Theorem, up: Theorem, down: Theorem) -> None:
    s.write(f"by apply/eqP; rewrite eq_le {s.real(up)[1]} {s.real(down)[1]}.")


def absurd(s: Steps, t: Theorem, one: Theorem, other: Theorem, p: Expr) -> None:
    s.write(f"exfalso; have Z := {s.real(one)[1]}; have Z' := {s.real(other)[1]}; contrary Z Z'.")


def terms(s: Steps, t: Theorem, every: Theorem, filled: Theorem | None = None, without: tuple[Expr, ...] = ()) -> None:
    op = said(t).op
    term = s.term(every)
    if without:
        s.write(
            f"apply: sum_{'eq' if op == '=' else 'le'}; move=> i' h1' h2'; have Z := {term} i' ltac:(lia) ltac:(lia)."
        )
        out = f"refine (@left_out R _ (fun x y : R => x {'=' if op == '=' else '<='} y) _ _ _ _)"
        s.write(*[f"{out}; [by rewrite ?lexx|move=> h'; move: (Z h') => {{}}Z]." for _ in without])
        s.write("by first [exact: Z | exact: ltW].")
        return
    strict = said(every).body.op in "<>"
    if strict and op in "≤≥":
        term = f"(fun l a b => ltW ({term} l a b))"
    if op in "<>":
        s.know([filled] if filled else [])
        s.write("apply: sum_lt; first lia.")
    else:
        s.write(f"apply: sum_{'eq' if op == '=' else 'le'}.")
    s.write(f"move=> i' h1' h2'; apply: {term}; lia.")


def member(s: Steps, t: Theorem, e: Expr, index: Expr, least: Theorem, greatest: Theorem) -> None:
    s.know((least, greatest))
    w, x = s.writer(), extremum(e)
    r = "<=%R" if x.kind == "max" else "(fun x y : R => y <= x)"
    of = f"Num.{x.kind} {r} {extent(w, x)} {w.index(index)[1]}%N (@lexx _ _)"
    s.write(f"have Z := @extremum_at R {of} ltac:(members) ltac:(lia) ltac:(lia).", "agree Z.")


def extremum(e: Expr) -> E.Extremum:
    x = opened(e)
    if not isinstance(x, E.Extremum):
        raise Lacking("a maximum or minimum of terms")
    return x


def extent(w: Writer, x: Any) -> str:
    """The range of an extremum, and what it is of, as a function."""
    with w.binding(x.var) as name:
        return f"{w.index(x.lo)[1]}%N {w.index(x.hi, 1)[1]}%N (fun {name} : nat => {w.text(x.body)})"


def bounded(s: Steps, t: Theorem, e: Expr, ts: tuple[Theorem, ...], filled: tuple[Theorem, ...] = ()) -> None:
    x = extremum(e)
    s.know(filled)
    w, r = s.writer(), said(ts[0]).body
    c = w.text(r.right)
    keeps = {"≤": f"x' <= {c}", "<": f"x' < {c}", "≥": f"{c} <= x'", ">": f"{c} < x'"}[r.op]
    s.write(
        f"refine (@extremum_keeps R Num.{x.kind} (fun x' : R => {keeps}) {extent(w, x)} _ _ _); [lia|members|].",
        f"move=> i' h1' h2'; apply: {s.term(ts[0])}; lia.",
    )


def entries(s: Steps, t: Theorem, every: Theorem, left: Expr, right: Expr) -> None:
    s.write(
        f"apply/matrixP => i' j'; have Z' := {s.term(every)} i'.+1 isT (ltn_ord i') j'.+1 isT (ltn_ord j').",
        "by rewrite !entryE in Z'.",
    )


def root(s: Steps, t: Theorem, other: Theorem) -> None:
    s.write(f"by rewrite ?sqrtr_gt0 ?sqrtr_ge0 //; exact: {s.real(other)[1]}.")


def replace(s: Steps, t: Theorem, template: Expr, holes: Any) -> None:
    """e(a) = e(b), by a function of what is replaced."""
    w = s.writer()
    names = [w.variable(hole) for hole, _ in holes]
    function = "(fun " + " ".join(f"({name} : {sort})" for name, sort in names) + f" => {w.text(template)})"
    olds, news = [s.text(x.says.left) for _, x in holes], [s.text(x.says.right) for _, x in holes]
    term = ""
    for n, (_, x) in enumerate(holes):
        at = " ".join([*news[:n], "h", *olds[n + 1 :]])
        step = f"(congr1 (fun h : {names[n][1]} => {function} {at}) {s.term(x)})"
        term = f"(etrans {term} {step})" if term else step
    s.write(f"exact: {term}.")


def whatever(s: Steps, t: Theorem, other: Theorem, x: Any) -> None:
    name = s.writer().variable(x)[0]
    s.here = s.here | {x}
    traits = " ".join(f"T_{name}_{n}" for n, _ in enumerate(x.traits)) if isinstance(x, Letter) else ""
    s.write(f"move=> {name} {traits}.", f"exact: {s.term(other)}.")


def witness(s: Steps, t: Theorem, goal: Any, value: Any, one: Theorem, trait: Theorem | None = None) -> None:
    spoken = spoken_by(value) if isinstance(value, E.Family) else free(value)
    for x in spoken - s.here:
        name, sort = s.writer().variable(x)
        s.write(f"pose {name} : {sort} := {DEFAULT.get(sort, '0')}.")
    s.here = s.here | spoken
    if isinstance(value, E.Family):
        text = function(s, value)
    else:
        text = f"{s.writer().index(value)[1]}%N" if natural(goal.var) else s.text(value)
    shown = f"split; first exact: {s.term(trait)}. " if trait is not None else ""
    s.write(f"exists {text}. {shown}", f"exact: {s.term(one)}.")


def function(s: Steps, f: E.Family) -> str:
    """A family that is defined, as a function."""
    w, i = s.writer(), renewed(integer("i"), spoken_by(f))
    with w.binding(i) as name:
        return f"(fun {name} : nat => {w.text(f[i])})"


def obtain(s: Steps, t: Theorem, some: Theorem, u: Theorem) -> None:
    p: Any = some.says
    name, h = s.writer().variable(p.var)[0], s.hypothesis(p.body)
    traits = [f"T_{name}_{n}" for n, _ in enumerate(p.var.traits)] if isinstance(p.var, Letter) else []
    s.here = s.here | {p.var}
    s.write(
        f"have [{name} {' '.join(f'[{x}' for x in traits)} {h}{']' * len(traits)}] := {s.term(some)}.",
        f"exact: {s.term(u)}.",
    )


def trait(s: Steps, t: Theorem, a: Letter) -> None:
    s.write("assumption.")


def rewrite(s: Steps, e: Expr, pair: Pair) -> None:
    """An expression in the form in which a lemma speaks of it."""
    w = s.writer()
    s.compute("E", w, w.of(e), pair, e.shape)
    s.write("try rewrite E.")


def rayleigh(s: Steps, t: Theorem, e: Expr, v: Any, *_: Any) -> None:
    """What every direction obeys, of one."""
    x = canonical(e)
    at = " ".join(f"({s.text(z)})" for z in v)
    s.write(f"exact: {s.exactly(f'(proj1 E_{s.text(x)} {at})', bound(x, v), t.says)}.")


def conditioned(s: Steps, t: Theorem, e: Expr, least: Theorem) -> None:
    x: Any = meaning(canonical(e))
    term = f"(E_{s.text(e)} {s.exactly(s.term(least), least.says, x.premise)})"
    s.write(f"exact: {s.exactly(term, x.conclusion, t.says)}.")


def gram(s: Steps, t: Theorem, a: Expr) -> None:
    rewrite(s, said(t).left, sandwich(s.writer(), a))
    s.write("exact: gram.")


def sandwich(w: Writer, b: Expr, *a: Expr) -> Pair:
    """BᵀB or (BᵀA)B."""
    deep, text = w.of(b)
    return w.folded("MM", "*m", [(f"(MT {deep})", f"{text}^T"), *map(w.of, a), (deep, text)])


def congruence(s: Steps, t: Theorem, other: Theorem, b: Expr) -> None:
    rewrite(s, said(t).left, sandwich(s.writer(), b, said(other).left))
    if said(other).op == "≻":
        s.write("apply: congruence; apply: weaken_definite.")
    else:
        s.write("apply: congruence.")
    s.write(f"exact: {s.term(other)}.")


def multiple(s: Steps, t: Theorem, other: Theorem, sign: Theorem) -> None:
    if "≻" in (said(t).op, said(other).op):
        raise Lacking("multiples of definite matrices")
    w, (r, term) = s.writer(), s.real(sign)
    (dc, c), (da, a) = w.of(r.left), w.of(said(other).left)
    rewrite(s, said(t).left, (f"(MS {dc} {da})", f"({c} *: {a})"))
    term = f"(ltW {term})" if said(sign).op == ">" else term
    s.write(f"exact: (multiple {term} {s.term(other)}).")


def added(s: Steps, t: Theorem, ts: tuple[Theorem, ...]) -> None:
    if any(said(x).op == "≻" for x in ts):
        raise Lacking("sums of definite matrices")
    w, terms_ = s.writer(), [s.term(x) for x in ts]
    rewrite(s, said(t).left, w.folded("MA", "+", [w.of(said(x).left) for x in ts]))
    out = terms_[0]
    for x in terms_[1:]:
        out = f"(added {out} {x})"
    s.write(f"exact: {out}.")


def form(s: Steps, t: Theorem, other: Theorem, b: Expr) -> None:
    deep, text = sandwich(s.writer(), b, said(other).left)
    rewrite(s, said(t).left, (f"(ST {deep})", f"(\\tr {text})"))
    term = s.term(other)
    term = f"(weaken_definite {term})" if said(other).op == "≻" else term
    s.write(f"exact: (form _ {term}).")


def formless(s: Steps, t: Theorem, other: Theorem, b: Expr, none: Theorem) -> None:
    r, term = s.real(none)
    s.write(f"exact: (formless {s.term(other)} {f'(weaken_eq_le {term})' if r.op == '=' else term}).")


def diagonal(s: Steps, t: Theorem, a: Expr, every: Theorem) -> None:
    """A matrix that is diagonal by its form: the same as that of its entries."""
    w = s.writer()
    s.compute("E", w, w.of(a), w.diagonal(a), a.shape)
    if said(t).op == "≻":
        raise Lacking("a definite diagonal matrix")
    s.write("try rewrite E; apply: semidefinite_diagonal => i' h1' h2'.")
    s.write(f"have Z := {s.term(every)} i' ltac:(lia) ltac:(lia); first [agree Z | nonneg].")


def above(s: Steps, t: Theorem, goal: Rel, other: Theorem) -> None:
    """A − B is A + (−1)B."""
    w = s.writer()
    (da, a), (db, b) = w.of(goal.left), w.of(goal.right)
    if not isinstance(goal.right, E.Zero):
        s.write(f"have N : {a} - {b} = ({a} + ((- 1) *: {b})) by rewrite scaleN1r.", "rewrite N.")
        da, a = f"(MA {da} (MS (SO (SN 1)) {db}))", f"({a} + ((- 1) *: {b}))"
    s.compute("E", w, (da, a), w.of(said(other).left), goal.left.shape)
    s.write("try rewrite E.", f"exact: {s.term(other)}.")


def symmetric(s: Steps, t: Theorem, other: Theorem) -> None:
    term = s.term(other)
    s.write(f"exact: (proj1 {term}).")


def invertible(s: Steps, t: Theorem, other: Theorem) -> None:
    s.write(f"by have := invertible {s.term(other)}; rewrite ?mulmxA.")


def of_definite(s: Steps, t: Theorem, other: Theorem) -> None:
    s.write(f"exact: (definite_det {s.term(other)}).")


def one_sided(s: Steps, t: Theorem, b: Expr, a: Expr, other: Theorem) -> None:
    s.write(f"by have [_] := mulmx1_unit {s.term(other)}; rewrite unitmxE unitfE.")


def multiplicative(s: Steps, t: Theorem, a: Expr, b: Expr) -> None:
    s.write("exact: det_mulmx.")


def transposed(s: Steps, t: Theorem, a: Expr) -> None:
    s.write("exact: det_tr.")


def unit(s: Steps, t: Theorem, a: Expr) -> None:
    s.write("exact: det1.")


PROOFS: dict[str, Callable[..., None]] = {
    f.__name__: f
    for f in (
        ring, positive, order, chain, mirror, weaken, square, vanishing, conjunction, part, either, cases,
        apply, discharge, equivalent, cut, generalise, instance, rename, monotone, nonzero, differ,
        split, total, antisymmetry, absurd, terms, member, bounded, entries, root, replace, whatever, witness, obtain,
        trait, rayleigh, conditioned, gram, congruence, multiple, added, form, formless, symmetric, diagonal, above,
        invertible, of_definite, one_sided, multiplicative, transposed, unit,
    )
}  # fmt: skip
