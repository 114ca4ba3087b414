(* Matrix expressions of symbolic size as data, and the check that two of them are equal.

   What an expression means converts to ordinary MathComp, so that an exported theorem states plain 'M[R]_(m, n), \tr and
   \sum, and the data behind it need not be trusted. Indices count from 1, as in the papers; a sum over an empty range
   is 0.

   Main results
     check_scalar, check_matrix   what the test of Normal.v accepts is equal, whenever what is given holds *)
From mathcomp Require Import all_ssreflect all_algebra.
From LAE Require Import Tensor Normal.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory. Local Open Scope ring_scope.

(* the entry in row i and column j, counted from 1; 0 outside *)
Definition entry (R : ringType) m n (A : 'M[R]_(m, n)) (i j : nat) : R :=
  if insub i.-1 is Some i' then if insub j.-1 is Some j' then
    if (0 < i)%N && (0 < j)%N then A i' j' else 0 else 0 else 0.
Definition unit_column (R : ringType) n i : 'M[R]_(n, 1) := \matrix_(r, c) if r.+1 == i then 1 else 0.
Definition first_columns (R : ringType) m n : 'M[R]_(m, n) := \matrix_(r, c) if (r : nat) == c then 1 else 0.
Definition projection (R : ringType) n b : 'M[R]_n := \matrix_(r, c) if (r == c) && (r < b)%N then 1 else 0.
Definition lower (strict : bool) (R : ringType) n (A : 'M[R]_n) : 'M[R]_n := \matrix_(r, c) if (c + strict <= r)%N then A r c else 0.
Definition diagonal (R : ringType) n (f : nat -> R) : 'M[R]_n := \matrix_(r, c) if r == c then f r.+1 else 0.
Definition max_mask (R : ringType) n l (A : 'M[R]_n) (w : nat -> R) : 'M[R]_n :=
  \matrix_(r, c) (A r c * \sum_(maxn r.+1 c.+1 <= b < l.+1) w b).

Inductive ib := BC (c : nat) | BV (x : nat) | BS (s : nat).         (* a number, a bound index, a size or free index *)
Inductive ix := IB (b : ib) | IP (b : ib) (c : nat) | IM (b : ib) (c : nat).
Inductive mx : nat -> nat -> Type :=
| ML (id m n : nat) : mx m n
| MM m n p : mx m n -> mx n p -> mx m p
| MT m n : mx m n -> mx n m
| MA m n : mx m n -> mx m n -> mx m n
| MS m n : sx -> mx m n -> mx m n
| M0 m n : mx m n
| M1 n : mx n n
| MD (n x : nat) : sx -> mx n n
| MP (n : nat) : ix -> mx n n
| MU (n one : nat) : ix -> mx n one
| MJ (m n : nat) : mx m n
| ML_ (strict : bool) n : mx n n -> mx n n
| MK (n l x : nat) : mx n n -> sx -> mx n n
| MZ m n : ix -> ix -> nat -> mx m n -> mx m n
with sx : Type :=
| SN (n : nat) | SF (n d : nat) | SO : sx -> sx | SA : sx -> sx -> sx | SM : sx -> sx -> sx | SX : sx -> nat -> sx
| SI : ib -> sx | SD : ib -> ib -> sx
| SV (id : nat) (js : seq ix)
| ST n : mx n n -> sx
| SE m n : mx m n -> ix -> ix -> sx
| SZ : ix -> ix -> nat -> sx -> sx.
Scheme mx_mut := Induction for mx Sort Prop with sx_mut := Induction for sx Sort Prop.
Combined Scheme both_ind from mx_mut, sx_mut.
Arguments MM {m n p}. Arguments MT {m n}. Arguments MA {m n}. Arguments MS {m n}. Arguments MZ {m n}. Arguments ST {n}.
Arguments SE {m n}. Arguments ML_ strict {n}. Arguments MK {n}.

(* -- as polynomials ----------------------------------------------------------------------------------------------- *)
Definition fbase (b : ib) : idx := match b with BC c => cst c%:Z | BV x => var x.+3 | BS s => siz s end.
Definition findex (i : ix) : idx := match i with IB b => fbase b | IP b c => plus (fbase b) c%:Z | IM b c => plus (fbase b) (- c%:Z) end.
Definition at_ (r c : idx) (x : nat) : idx := match x with 0%N => r | 1%N => c | _ => var x end.
Definition atx (x : nat) (i : idx) (y : nat) : idx := if y == x then i else var y.
Definition guards (g : seq fact) : poly := pone (0%N, [seq atmost f.1 f.2 | f <- g]).
Definition between lo hi x p : poly := pbind x (pmul (guards [:: (lo, var x); (var x, hi)]) p).
Section Flat.
Variable S : poly -> poly.                                            (* what simplifies on the way *)
Fixpoint flat m n (e : mx m n) : poly :=
  match e with
  | ML id m n => patom ([:: 4; id; m; n]%N, [:: var 0; var 1])
  | MM m n p a b => S (between (cst 1) (siz n) 2%N (pmul (psub (at_ (var 0) (var 2)) (flat a)) (psub (at_ (var 2) (var 1)) (flat b))))
  | MT m n a => psub (at_ (var 1) (var 0)) (flat a)
  | MA m n a b => flat a ++ flat b
  | MS m n c a => pmul (flats c) (flat a)
  | M0 m n => [::]
  | M1 n => patom (delta (var 0) (var 1))
  | MD n x f => pmul (patom (delta (var 0) (var 1))) (psub (atx x.+3 (var 0)) (flats f))
  | MP n i => pmul (patom (delta (var 0) (var 1))) (patom (atmost (var 0) (findex i)))
  | MU n one i => patom (delta (var 0) (findex i))
  | MJ m n => patom (delta (var 0) (var 1))
  | ML_ s n a => pmul (patom (atmost (var 1) (var 0)) ++ if s then pscale (-1) (patom (delta (var 0) (var 1))) else [::]) (flat a)
  | MK n l x a f => pmul (flat a) (between (var 0) (siz l) x.+3 (pmul (patom (atmost (var 1) (var x.+3))) (flats f)))
  | MZ m n lo hi x a => between (findex lo) (plus (findex hi) (-1)) x.+3 (flat a)
  end
with flats (e : sx) : poly :=
  match e with
  | SN n => pconst n%:R
  | SF n d => pconst (n%:R / d%:R)
  | SO a => pscale (-1) (flats a)
  | SA a b => flats a ++ flats b
  | SM a b => S (pmul (flats a) (flats b))
  | SX a n => let p := flats a in iter n (fun q => S (pmul p q)) (pconst 1)
  | SI b => patom (numeral (fbase b))
  | SD b c => pconst 1 ++ pscale (-1) (patom (delta (fbase b) (fbase c)))
  | SV id js => patom ([:: 5; id]%N, map findex js)
  | ST n a => S (between (cst 1) (siz n) 2%N (psub (at_ (var 2) (var 2)) (flat a)))
  | SE m n a i j => pmul (guards [:: (cst 1, findex i); (findex i, siz m); (cst 1, findex j); (findex j, siz n)])
                         (psub (at_ (findex i) (findex j)) (flat a))
  | SZ lo hi x a => S (between (findex lo) (plus (findex hi) (-1)) x.+3 (flats a))
  end.
End Flat.
(* the ends of ranges stay at or below N *)
Definition fine (hi : ix) : bool := match hi with IB (BC c) => (c <= 8)%N | IP (BC c) d => (c + d <= 8)%N | IM (BC c) _ => (c <= 8)%N | IP _ c => (c <= 1)%N | _ => true end.
Definition other x (i : ix) : bool := (findex i).1 != (2%N, x.+3).
Fixpoint wf m n (e : mx m n) : bool :=
  match e with
  | MM _ _ _ a b => wf a && wf b | MT _ _ a => wf a | MA _ _ a b => wf a && wf b | MS _ _ c a => wfs c && wf a
  | MD _ _ f => wfs f | ML_ _ _ a => wf a | MK _ _ _ a f => wf a && wfs f | MZ _ _ lo hi x a => [&& fine hi, other x lo, other x hi & wf a] | _ => true
  end
with wfs (e : sx) : bool :=
  match e with
  | SO a => wfs a | SA a b => wfs a && wfs b | SM a b => wfs a && wfs b | SX a _ => wfs a
  | ST _ a => wf a | SE _ _ a _ _ => wf a | SZ lo hi x a => [&& fine hi, other x lo, other x hi & wfs a] | _ => true
  end.

(* -- as mathematics ----------------------------------------------------------------------------------------------- *)
Section Meaning.
Variables (R : numFieldType) (sz : nat -> nat) (L : forall id m n : nat, 'M[R]_(sz m, sz n)) (P : nat -> seq nat -> R).
Definition clip_nat (z : int) : nat := if z is Posz n then n else 0%N.
Definition env (s : seq nat) (vs : seq int) : R :=
  match s with
  | [:: 4%N; id; m; n] => if (0 <= nth 0 vs 0%N) && (0 <= nth 0 vs 1%N) then entry (L id m n) (clip_nat (nth 0 vs 0%N)) (clip_nat (nth 0 vs 1%N)) else 0
  | [:: 5%N; id] => P id (map clip_nat vs)
  | _ => 0
  end.
Definition bval (gv : nat -> nat) (b : ib) : nat := match b with BC c => c | BV x => gv x | BS s => sz s end.
Definition ival gv (i : ix) : nat := match i with IB b => bval gv b | IP b c => (bval gv b + c)%N | IM b c => (bval gv b - c)%N end.
Fixpoint den (gv : nat -> nat) m n (e : mx m n) : 'M[R]_(sz m, sz n) :=
  match e with
  | ML id m n => L id m n
  | MM m n p a b => den gv a *m den gv b
  | MT m n a => (den gv a)^T
  | MA m n a b => den gv a + den gv b
  | MS m n c a => dens gv c *: den gv a
  | M0 m n => 0
  | M1 n => 1%:M
  | MD n x f => diagonal _ (fun i => dens (upd gv x i) f)
  | MP n i => projection _ _ (ival gv i)
  | MU n one i => \matrix_(r, c) if r.+1 == ival gv i then 1 else 0
  | MJ m n => first_columns _ _ _
  | ML_ s n a => lower s (den gv a)
  | MK n l x a f => max_mask (sz l) (den gv a) (fun b => dens (upd gv x b) f)
  | MZ m n lo hi x a => \sum_(ival gv lo <= v < ival gv hi) den (upd gv x v) a
  end
with dens (gv : nat -> nat) (e : sx) : R :=
  match e with
  | SN n => n%:R
  | SF n d => n%:R / d%:R
  | SO a => - dens gv a
  | SA a b => dens gv a + dens gv b
  | SM a b => dens gv a * dens gv b
  | SX a n => dens gv a ^+ n
  | SI b => (bval gv b)%:R
  | SD b c => (bval gv b != bval gv c)%:R
  | SV id js => P id (map (ival gv) js)
  | ST n a => \tr (den gv a)
  | SE m n a i j => entry (den gv a) (ival gv i) (ival gv j)
  | SZ lo hi x a => \sum_(ival gv lo <= v < ival gv hi) dens (upd gv x v) a
  end.

Variable N : nat.
Hypothesis big : (8 <= N)%N.
Hypothesis above : forall s, (sz s < N)%N.
Local Notation pden := (pden N sz env). Local Notation look := (look N sz).
Lemma entryE m n (A : 'M[R]_(m, n)) (i : 'I_m) (j : 'I_n) : entry A i.+1 j.+1 = A i j.
Proof. by rewrite /entry /= !insubT ?ltn_ord // => hi hj; congr (A _ _); apply: val_inj. Qed.
Lemma entry_out m n (A : 'M[R]_(m, n)) i j : ~~ [&& 0 < i, i <= m, 0 < j & j <= n]%N -> entry A i j = 0.
Proof. rewrite /entry; case: i j => [|i] [|j] //=; try (by move=> _; do 2 case: insub => [?|] //).
move=> h; case: insubP => // i' hi _; case: insubP => // j' hj _; by move: h; rewrite hi hj. Qed.
Definition agree (fv : nat -> int) (gv : nat -> nat) := forall x, fv x.+3 = Posz (gv x).
Definition small (gv : nat -> nat) := forall x, (gv x < N)%N.
Lemma agree_upd fv gv x v : agree fv gv -> agree (upd fv x.+3 (Posz v)) (upd gv x v).
Proof. by move=> h y; rewrite /upd !eqSS h; case: eqP. Qed.
Lemma small_upd gv x v : small gv -> (v < N)%N -> small (upd gv x v). Proof. by move=> h hv y; rewrite /upd; case: eqP. Qed.
Lemma look_base fv gv bv b : agree fv gv -> look fv bv (fbase b) = Posz (bval gv b).
Proof. by move=> h; case: b => c; rewrite /look /base /= ?addr0 ?add0r ?h. Qed.
Lemma look_index fv gv bv i : agree fv gv -> clip_nat (look fv bv (findex i)) = ival gv i.
Proof.
move=> h; case: i => [b|b c|b c]; rewrite [findex _]/= ?look_plus (look_base _ _ h) //=.
case: (leqP c (bval gv b)) => hc; first by rewrite subzn.
have /eqP-> : (bval gv b - c == 0)%N by rewrite subn_eq0 ltnW.
have: Posz (bval gv b) - Posz c <= 0 by rewrite subr_le0 lez_nat ltnW.
by case: (_ - _) => [[|z]|z].
Qed.
Lemma look_le fv gv bv i (v : nat) : agree fv gv -> (look fv bv (findex i) <= Posz v) = (ival gv i <= v)%N.
Proof. by move=> h; rewrite -(look_index bv i h); case: (look _ _ _) => z; rewrite ?lez_nat. Qed.
Lemma look_lt fv gv bv i (v : nat) : agree fv gv -> (Posz v < look fv bv (findex i)) = (v < ival gv i)%N.
Proof. by move=> h; rewrite -(look_index bv i h); case: (look _ _ _) => z. Qed.
Lemma pden_guards fv g : pden fv (guards g) = if all (ok N sz fv [::]) g then 1 else 0.
Proof. rewrite pden_one /mval /=; elim: g => [|f g IH] /=; first by rewrite mden_nil.
by rewrite mden_cons IH /aden /= /ok; case: (_ <= _); rewrite ?mul1r ?mul0r. Qed.
Lemma sumN lo hi (F : nat -> R) : (hi <= N)%N ->
  \sum_(v < N) (if (lo <= v)%N && (v < hi)%N then 1 else 0) * F v = \sum_(lo <= v < hi) F v.
Proof. move=> h; rewrite (big_nat_widen _ _ _ _ _ h) (big_nat_widenl _ _ _ _ _ (leq0n lo)) big_mkcond big_mkord.
by apply: eq_bigr => v _ /=; rewrite andbC; case: ifP; rewrite ?mul1r ?mul0r. Qed.
Lemma pden_between fv lo hi x p (a b : nat) (F : nat -> R) : (b <= N)%N ->
  (forall v, (v < N)%N -> ok N sz (upd fv x (Posz v)) [::] (lo, var x) = (a <= v)%N) ->
  (forall v, (v < N)%N -> ok N sz (upd fv x (Posz v)) [::] (var x, hi) = (v < b)%N) ->
  (forall v, (a <= v < b)%N -> pden (upd fv x (Posz v)) p = F v) ->
  pden fv (between lo hi x p) = \sum_(a <= v < b) F v.
Proof.
move=> hb h1 h2 hF; rewrite /between pden_bind -sumN //; apply: eq_bigr => v _.
rewrite pden_mul pden_guards /= h1 ?ltn_ord // h2 ?ltn_ord // andbT.
by case: ifP => [/hF->|]; rewrite ?mul0r.
Qed.
Lemma look_updN fv x v i : i.1 != (2%N, x) -> look (upd fv x v) [::] i = look fv [::] i.
Proof. by case: i => -[[|[|[|k]]] y] o //= h; rewrite /look /base /upd /=; case: (eqVneq y x) h => // ->; rewrite eqxx. Qed.
Lemma look_var fv bv x : look fv bv (var x) = fv x. Proof. exact: addr0. Qed.
Lemma look_upd fv bv x v : look (upd fv x v) bv (var x) = v. Proof. by rewrite look_var /upd eqxx. Qed.
Lemma fineP gv i : small gv -> fine i -> (ival gv i <= N)%N.
Proof.
move=> h; have hx x : (gv x <= N)%N by exact: ltnW. have hs s : (sz s <= N)%N by exact: ltnW.
case: i => [[c|x|s]|[c|x|s] d|[c|x|s] d] /= hc; rewrite ?hx ?hs //; try exact: leq_trans hc big.
- by apply: leq_trans (leq_add (leqnn _) hc) _; rewrite addn1 h.
- by apply: leq_trans (leq_add (leqnn _) hc) _; rewrite addn1 above.
all: apply: leq_trans (leq_subr _ _) _; first [exact: leq_trans hc big | exact: hx | exact: hs].
Qed.

(* the polynomials have the values of the expressions *)
Variable S : poly -> poly.
Hypothesis HS : forall fv p, pden fv (S p) = pden fv p.
Lemma pden_at fv r c p : r.1.1 != 1%N -> c.1.1 != 1%N ->
  pden fv (psub (at_ r c) p) = pden (fun x => match x with 0%N => look fv [::] r | 1%N => look fv [::] c | _ => fv x end) p.
Proof. move=> hr hc; rewrite pden_sub; last by case=> [|[|x]].
by apply: pden_ext => -[|[|x]] //=; rewrite look_var. Qed.
Lemma findex_free i : (findex i).1.1 != 1%N. Proof. by case: i => [[c|y|s]|[c|y|s] d|[c|y|s] d]. Qed.
Lemma rangeE fv gv lo hi x p (F : nat -> R) : agree fv gv -> small gv -> fine hi -> (findex lo).1 != (2%N, x) -> (findex hi).1 != (2%N, x) ->
  (forall v, (ival gv lo <= v < ival gv hi)%N -> pden (upd fv x (Posz v)) p = F v) ->
  pden fv (between (findex lo) (plus (findex hi) (-1)) x p) = \sum_(ival gv lo <= v < ival gv hi) F v.
Proof.
move=> h hs hf h1 h2 hF; apply: pden_between (fineP hs hf) _ _ hF => v _.
  by rewrite /ok [X in look _ _ X]/= look_upd (@look_updN fv x (Posz v) (findex lo)) // (look_le _ _ _ h).
rewrite /ok [X in look _ _ X]/= look_upd look_plus (@look_updN fv x (Posz v) (findex hi)) // -(look_lt [::] _ _ h) ler_subr_addr.
by rewrite lez_addr1.
Qed.
Lemma sizeE fv s x p (F : nat -> R) : (forall v : 'I_(sz s), pden (upd fv x (Posz v.+1)) p = F v) ->
  pden fv (between (cst 1) (siz s) x p) = \sum_(v < sz s) F v.
Proof.
move=> hF; rewrite (@pden_between fv _ _ _ _ 1 (sz s).+1 (fun v => F v.-1)) ?above //.
- by rewrite big_add1 big_mkord.
- by move=> v _; rewrite /ok /= look_var /upd eqxx.
- by move=> v _; rewrite /ok /= look_var /upd eqxx /look /= addr0 lez_nat.
- by case=> // v hv; have hv' : (v < sz s)%N by []; exact: (hF (Ordinal hv')).
Qed.
Lemma flatP :
  (forall m n (e : mx m n) fv gv, agree fv gv -> small gv -> wf e -> forall (i : 'I_(sz m)) (j : 'I_(sz n)),
     fv 0%N = Posz i.+1 -> fv 1%N = Posz j.+1 -> den gv e i j = pden fv (flat S e)) /\
  (forall e fv gv, agree fv gv -> small gv -> wfs e -> dens gv e = pden fv (flats S e)).
Proof.
apply: both_ind => /=.
- move=> id m n fv gv h hs _ i j hi hj; rewrite pden_atom /aden /= !look_var hi hj /=; by rewrite entryE.
- move=> m n p a IHa b IHb fv gv h hs /andP[wa wb] i j hi hj; rewrite mxE HS.
  rewrite (sizeE (F := fun v => if insub v is Some v' then den gv a i v' * den gv b v' j else 0)).
    by apply: eq_bigr => v _; rewrite valK.
  move=> v; rewrite valK pden_mul !pden_at // !look_upd !look_var; congr (_ * _).
    by symmetry; apply: IHa.
  by symmetry; apply: IHb.
- by move=> m n a IH fv gv h hs wa i j hi hj; rewrite mxE pden_at // !look_var; apply: IH.
- by move=> m n a IHa b IHb fv gv h hs /andP[wa wb] i j hi hj; rewrite mxE pden_add (IHa fv gv) // (IHb fv gv).
- by move=> m n c IHc a IHa fv gv h hs /andP[wc wa] i j hi hj; rewrite mxE pden_mul (IHc fv gv) // (IHa fv gv).
- by move=> m n fv gv h hs _ i j hi hj; rewrite mxE /pden big_nil.
- by move=> n fv gv h hs _ i j hi hj; rewrite mxE pden_atom /aden /= !look_var hi hj eqz_nat eqSS val_eqE; case: (i == j).
- move=> n x f IH fv gv h hs wf i j hi hj; rewrite mxE pden_mul pden_atom /aden /= !look_var hi hj eqz_nat eqSS.
  rewrite val_eqE; case: ifP => _; rewrite ?mul0r // mul1r pden_sub; last by move=> y; rewrite /atx; case: (y == x.+3).
  apply: IH => // [y|]; last by apply: small_upd => //; apply: leq_ltn_trans (above n).
  by rewrite /atx /upd !eqSS; case: (y == x); rewrite look_var ?hi ?h.
- move=> n i0 fv gv h hs _ i j hi hj; rewrite mxE pden_mul !pden_atom /aden /= !look_var hi hj eqz_nat eqSS val_eqE.
  rewrite -(look_lt [::] i0 i h) -lez_addr1 -PoszD addn1; case: eqP => _; case: ifP => _; by rewrite ?mul0r ?mul1r ?mulr0.
- move=> n one i0 fv gv h hs _ i j hi hj; rewrite mxE pden_atom /aden /= !look_var hi.
  rewrite -(look_index [::] i0 h); case: (look _ _ _) => z //=; by case: ifP.
- by move=> m n fv gv h hs _ i j hi hj; rewrite mxE pden_atom /aden /= !look_var hi hj eqz_nat eqSS.
- move=> s n a IH fv gv h hs wa i j hi hj; rewrite mxE pden_mul pden_add pden_atom (IH fv gv) // /aden /= !look_var hi hj lez_nat ltnS.
  have -> : pden fv (if s then pscale (-1) (patom (delta (var 0) (var 1))) else [::]) = if s && (i == j :> nat) then -1 else 0.
    by case: s; rewrite ?pden_opp ?pden_atom /aden /= ?look_var ?hi ?hj ?eqz_nat ?eqSS ?/Tensor.pden ?big_nil //; case: ifP; rewrite ?oppr0.
  case: s => /=; last by rewrite addn0 addr0; case: ifP; rewrite ?mul0r ?mul1r.
  by rewrite addn1; case: (ltngtP i j) => _; rewrite ?addr0 ?subrr ?mul0r ?mul1r.
- move=> n l x a IHa f IHf fv gv h hs /andP[wa wf] i j hi hj; rewrite mxE pden_mul (IHa fv gv) //; congr (_ * _).
  rewrite (@pden_between fv _ _ _ _ i.+1 (sz l).+1 (fun b => if (j.+1 <= b)%N then dens (upd gv x b) f else 0)).
  - rewrite (big_nat_widenl _ _ _ _ _ (leq_maxl i.+1 j.+1)) big_mkcond big_nat [RHS]big_nat /=; apply: eq_bigr => b /andP[hb _].
    by rewrite geq_max hb /=.
  - exact: above.
  - by move=> v _; rewrite /ok [X in look _ _ X]/= look_upd look_updN // look_var hi.
  - by move=> v _; rewrite /ok [X in look _ _ X]/= look_upd look_updN // /look /= addr0 lez_nat ltnS.
  - move=> v /andP[_ hv]; rewrite pden_mul pden_atom /aden /= look_upd look_updN // look_var hj lez_nat.
    rewrite -(IHf _ _ (@agree_upd _ _ x v h)) //; first by case: ifP; rewrite ?mul1r ?mul0r.
    exact: small_upd (leq_trans hv (above l)).
- move=> m n lo hi0 x a IH fv gv h hs /and4P[hf hlo hhi wa] i j hi hj; rewrite summxE.
  symmetry; apply: rangeE => // v /andP[_ hv].
  symmetry; apply: IH => //; [exact: agree_upd|exact: small_upd (leq_trans hv (fineP hs hf))].
- by move=> n fv gv h hs _; rewrite pden_const rmorph_nat.
- by move=> n d fv gv h hs _; rewrite pden_const fmorph_div !rmorph_nat.
- by move=> a IH fv gv h hs wa; rewrite pden_opp (IH fv gv).
- by move=> a IHa b IHb fv gv h hs /andP[wa wb]; rewrite pden_add (IHa fv gv) // (IHb fv gv).
- by move=> a IHa b IHb fv gv h hs /andP[wa wb]; rewrite HS pden_mul (IHa fv gv) // (IHb fv gv).
- move=> a IH n fv gv h hs wa; elim: n => [|n IHn] /=; first by rewrite pden_const rmorph1.
  by rewrite HS pden_mul -IHn exprS (IH fv gv).
- by move=> b fv gv h hs _; rewrite pden_atom /aden /= (look_base _ _ h).
- move=> b c fv gv h hs _; rewrite pden_add pden_opp pden_const pden_atom /aden /= !(look_base _ _ h) rmorph1 eqz_nat.
  by case: eqP; rewrite ?subrr ?subr0.
- move=> id js fv gv h hs _; rewrite pden_atom /aden /= -!map_comp; congr (P _ _); apply: eq_map => i /=.
  by rewrite (look_index [::] i h).
- move=> n a IH fv gv h hs wa; rewrite HS (sizeE (F := fun v => if insub v is Some v' then den gv a v' v' else 0)).
    by apply: eq_bigr => v _; rewrite valK.
  move=> v; rewrite valK pden_at // !look_upd; symmetry; apply: IH => //.
- move=> m n a IH i j fv gv h hs wa; rewrite pden_mul pden_guards /= /ok [_.1]/= [_.2]/= andbT.
  have E1 (k : ix) : (look fv [::] (cst 1) <= look fv [::] (findex k)) = (0 < ival gv k)%N by rewrite -(look_lt [::] k 0 h) gtz0_ge1.
  have E2 (k : ix) s : (look fv [::] (findex k) <= look fv [::] (siz s)) = (ival gv k <= sz s)%N.
    by rewrite [look _ _ (siz s)]addr0 (look_le _ _ _ h).
  rewrite !E1 !E2; case: ifP => [/and4P[i1 i2 j1 j2]|/negbT hn]; last by rewrite mul0r entry_out.
  have look_of (k : ix) : (0 < ival gv k)%N -> look fv [::] (findex k) = Posz (ival gv k).
    by rewrite -(look_index [::] k h); case: (look _ _ _).
  rewrite mul1r pden_at ?findex_free // (look_of i) // (look_of j) //.
  case: (ival gv i) i1 i2 => // i' _ i2; case: (ival gv j) j1 j2 => // j' _ j2.
  by rewrite -[i']/(nat_of_ord (Ordinal i2)) -[j']/(nat_of_ord (Ordinal j2)) entryE; apply: IH.
- move=> lo hi x a IH fv gv h hs /and4P[hf hlo hhi wa]; rewrite HS; symmetry; apply: rangeE => // v /andP[_ hv].
  by symmetry; apply: IH => //; [exact: agree_upd|exact: small_upd (leq_trans hv (fineP hs hf))].
Qed.
End Meaning.

(* -- what is given, and the check --------------------------------------------------------------------------------- *)
Inductive eqn :=
| QS (g : seq (ix * ix)) (a b : sx)                 (* where i ≤ j, …: a = b, for all indices *)
| QM m n (a b : mx m n).
Record given := Given { ords : seq (ix * ix); aparts : seq (ib * ib); symms : seq (nat * nat); eqns : seq eqn }.

(* what is replaced is the longest term with the last number; an equation needs no ranges where its factors have them *)
Definition weight (g : seq fact) (t : term) := if ~~ nilp g && has indicator t.2.2 then 0%N else
  (size t.2.2 + 20 * foldr maxn 0 [seq (if a.1 is [:: 5; n] then n.+1 else 0) | a <- t.2.2])%N.
Definition lead (w : term -> nat) (g : seq fact) (q : poly) : seq (seq fact * mono * poly) :=
  let best := foldr (fun t u : term => if (w u <= w t)%N then t else u) (0, (0%N, [::])) q in
  if (best.1 != 0) && (best \in q) then [:: (g, best.2, pscale (- best.1^-1) (rem best q))] else [::].
Definition rule_of (K : facts) (e : eqn) : seq (seq fact * mono * poly) :=
  let: (g, p) := match e with
    | QS g a b => ([seq (findex f.1, findex f.2) | f <- g], flats (normal K) a ++ pscale (-1) (flats (normal K) b))
    | QM m n a b => ([:: (cst 1, var 0); (var 0, siz m); (cst 1, var 1); (var 1, siz n)],
                     flat (normal K) a ++ pscale (-1) (flat (normal K) b))
    end in
  let q := normal K (pmul (guards g) p) in
  if lead (weight g) [::] q is [:: (_, l, r)] then
    if nilp l.2 || has indicator l.2 then lead (weight [::]) g (normal K p) else [:: ([::], l, r)]
  else lead (weight [::]) g (normal K p).
Definition plain_facts (n : nat) (K : given) : facts :=
  Facts ((cst 8, top) :: [seq (plus (siz s) 1, top) | s <- iota 0 n] ++ [seq (cst 0, siz s) | s <- iota 0 n] ++
         [seq (findex f.1, findex f.2) | f <- ords K])
        [seq (fbase f.1, fbase f.2) | f <- aparts K] [::] [seq [:: 4; f.1; f.2; f.2]%N | f <- symms K].
Definition all_facts (n : nat) (K : given) : facts :=
  let K0 := plain_facts n K in Facts (order K0) (apart K0) (flatten [seq rule_of K0 e | e <- eqns K]) (symm K0).
Definition inside (pre : seq fact) (K : facts) : facts := Facts (pre ++ order K) (apart K) (rules K) (symm K).

Section Check.
Variables (R : numFieldType) (sl : seq nat).
Local Notation sz := (nth 0%N sl).
Variables (L : forall id m n : nat, 'M[R]_(sz m, sz n)) (P : nat -> seq nat -> R).
Definition top_number := (9 + sumn sl)%N.
Local Notation N := top_number.
Local Notation pden := (pden N sz (env L P)). Local Notation holds := (holds N sz (env L P)).
Definition zero_gv : nat -> nat := fun _ => 0%N.
Fixpoint every (T : Type) (Q : T -> Prop) (s : seq T) : Prop := if s is x :: s' then Q x /\ every Q s' else True.
Lemma in_map (S : eqType) (T : Type) (F : T -> S) (Q : T -> Prop) (s : seq T) y :
  every Q s -> y \in map F s -> exists2 x, Q x & y = F x.
Proof. by elim: s => [|x s IH] //= [h /IH H]; rewrite in_cons => /orP[/eqP->|/H //]; exists x. Qed.
Lemma in_flatten (S : eqType) (T : Type) (F : T -> seq S) (Q : T -> Prop) (s : seq T) y :
  every Q s -> y \in flatten (map F s) -> exists2 x, Q x & y \in F x.
Proof. by elim: s => [|x s IH] //= [h /IH H]; rewrite mem_cat => /orP[h'|/H //]; exists x. Qed.
Definition sharp (i : ix) : bool := if i is IM _ _ then false else true.
Definition unbound (b : ib) : bool := if b is BV _ then false else true.
Definition free_ix (i : ix) : bool := match i with IB b | IP b _ | IM b _ => unbound b end.
Definition valid (e : eqn) : Prop :=
  match e with
  | QS g a b => [/\ wfs a, wfs b, all (fun f : ix * ix => sharp f.1 && sharp f.2) g &
                    forall gv, all (fun f : ix * ix => ival sz gv f.1 <= ival sz gv f.2)%N g -> dens L P gv a = dens L P gv b]
  | QM m n a b => [/\ wf a, wf b & forall gv, den L P gv a = den L P gv b]
  end.
Definition known (K : given) : Prop :=
  [/\ every (fun f : ix * ix => [/\ sharp f.1 && sharp f.2, free_ix f.1 && free_ix f.2 & (ival sz zero_gv f.1 <= ival sz zero_gv f.2)%N]) (ords K),
      every (fun f : ib * ib => unbound f.1 && unbound f.2 /\ bval sz zero_gv f.1 != bval sz zero_gv f.2) (aparts K),
      every (fun f : nat * nat => (L f.1 f.2 f.2)^T = L f.1 f.2 f.2) (symms K)
    & every valid (eqns K)].
Lemma above_size s : (sz s < N)%N.
Proof. rewrite /top_number; apply: (@leq_ltn_trans (sumn sl)); last by rewrite addSn ltnS leq_addl.
by elim: (sl) s => [|x l IH] [|s] //=; rewrite ?leq_addr // (leq_trans (IH s)) // leq_addl. Qed.
Lemma sharpE fv gv bv i : agree fv gv -> sharp i -> look N sz fv bv (findex i) = Posz (ival sz gv i).
Proof. by move=> h; case: i => [b|b c|b c] //= _; rewrite ?look_plus (@look_base sz N fv gv bv b h). Qed.
Lemma free_look fv fv' bv bv' i : free_ix i -> look N sz fv bv (findex i) = look N sz fv' bv' (findex i).
Proof. by case: i => [[?|?|?]|[?|?|?] ?|[?|?|?] ?]. Qed.
Lemma entry_tr m n (A : 'M[R]_(m, n)) i j : entry A^T i j = entry A j i.
Proof.
case: (boolP [&& 0 < i, i <= n, 0 < j & j <= m]%N) => h.
  case/and4P: h; case: i j => [|i] [|j] // _ hi _ hj.
  by rewrite -[i]/(nat_of_ord (Ordinal hi)) -[j]/(nat_of_ord (Ordinal hj)) !entryE mxE.
rewrite !entry_out //; apply: contra h => /and4P[-> -> -> ->] //.
Qed.
Lemma plainP n K fv pre : known K -> (n <= size sl)%N -> (forall bv f, f \in pre -> ok N sz fv bv f) ->
  holds (inside pre (plain_facts n K)) fv.
Proof.
case=> ho ha hs _ hn hpre; split=> /=.
- move=> bv f; rewrite mem_cat => /orP[/hpre //|]; rewrite in_cons !mem_cat => /orP[/eqP->|/or3P[]].
  + by rewrite /ok /look /base /= add0r addr0 lez_nat.
  + by case/mapP => s _ ->; rewrite /ok look_plus [look _ _ _ _ (siz s)]addr0 [look _ _ _ _ top]addr0 lez_addr1; exact: above_size.
  + by case/mapP => s _ ->; rewrite /ok [look _ _ _ _ (siz s)]addr0.
  + case/(in_map ho) => g [/andP[s1 s2] /andP[f1 f2] hle] ->; rewrite /ok /=.
    rewrite (free_look fv (fun _ => 0) bv [::] f1) (free_look fv (fun _ => 0) bv [::] f2).
    by rewrite !(@sharpE _ zero_gv).
- move=> bv f /(in_map ha)[g [/andP[u1 u2] h] ->] /=; move: h u1 u2.
  by case: (g.1) (g.2) => [c|?|s] [d|?|t] //= h _ _; rewrite /look /base /= ?addr0 ?add0r eqz_nat.
- by [].
- move=> l /(in_map hs)[g h ->] a b /=; rewrite -[in LHS]h andbC; case: ifP => // _.
  by rewrite entry_tr.
- move=> id m k a b /=; case: ifP => [/andP[ha0 hb0]|]; last by rewrite eqxx.
  case: a b ha0 hb0 => // a [] // b _ _ /= h; apply: contraR h => h; rewrite entry_out //.
  by apply: contra h; rewrite !lez_nat => /and4P[-> -> -> ->].
Qed.

Lemma big_ : (8 <= N)%N. Proof. by rewrite /top_number addSn ltnS leq_addr. Qed.
Lemma leadP fv w g q e : e \in lead w g q -> pden fv q = 0 -> mval N sz (env L P) fv e.1.2 = pden fv e.2 /\ e.1.1 = g.
Proof.
rewrite /lead; set best := foldr _ _ _; case: ifP => // /andP[h0 hb]; rewrite inE => /eqP-> /= hz; split=> //.
have /eqP : tden N sz (env L P) fv best + pden fv (rem best q) = 0.
  by rewrite -[RHS]hz /Tensor.pden [RHS](perm_big _ (perm_to_rem hb)) big_cons.
rewrite addr_eq0 /tden => /eqP e0; rewrite pden_scale rmorphN fmorphV mulNr -mulrN -e0 mulrA mulVf ?mul1r //.
by rewrite fmorph_eq0.
Qed.
Lemma ruleP K n e (fv : nat -> int) (r : seq fact * mono * poly) : known K -> (n <= size sl)%N -> valid e ->
  r \in rule_of (plain_facts n K) e -> (forall x, 0 <= fv x < Posz N) -> all (ok N sz fv [::]) r.1.1 ->
  mval N sz (env L P) fv r.1.2 = pden fv r.2.
Proof.
move=> hK hn he; set K0 := plain_facts n K; have h0 fv' : holds K0 fv'.
  by have := @plainP n K fv' [::] hK hn (fun _ _ h => match notF h with end); case.
have hS fv' p : pden fv' (normal K0 p) = pden fv' p by apply: normalP.
rewrite /rule_of; set gp := match e with QS _ _ _ => _ | QM _ _ _ _ => _ end => hr hfv hg.
pose gv x := clip_nat (fv x.+3); have hag : agree fv gv.
  by move=> x; rewrite /gv; case/andP: (hfv x.+3); case: (fv _).
have hsm : small N gv by move=> x; rewrite /gv -ltz_nat; case/andP: (hfv x.+3) => /=; case: (fv _).
have hp : all (ok N sz fv [::]) gp.1 -> pden fv gp.2 = 0.
  rewrite /gp; case: (e) he => [g a b [wa wb hs hab]|m k a b [wa wb hab]] /=.
    move=> hg'; rewrite pden_add pden_opp -!(proj2 (flatP big_ above_size hS) _ fv gv) // hab ?subrr //.
    elim: (g) hs hg' => //= f g' IH /andP[/andP[s1 s2] /IH {}IH] /andP[h /IH ->]; rewrite andbT.
    by move: h; rewrite /ok /= !(@sharpE _ gv).
  rewrite /ok /= !look_var /look /= !addr0 => /and5P[i1 i2 j1 j2 _]; rewrite pden_add pden_opp.
  case ei: (fv 0%N) i1 i2 => [[|i]|] // _ hi; case ej: (fv 1%N) j1 j2 => [[|j]|] // _ hj.
  pose i' := Ordinal (hi : (i < sz m)%N); pose j' := Ordinal (hj : (j < sz k)%N).
  have e1 := proj1 (flatP big_ above_size hS) _ _ a fv gv hag hsm wa i' j' ei ej.
  have e2 := proj1 (flatP big_ above_size hS) _ _ b fv gv hag hsm wb i' j' ei ej.
  by rewrite -e1 -e2 hab subrr.
have hguard : pden fv (normal K0 gp.2) = (if all (ok N sz fv [::]) gp.1 then 0 else pden fv gp.2).
  by rewrite hS; case: ifP => // /hp.
have hq : pden fv (normal K0 (pmul (guards gp.1) gp.2)) = 0.
  by rewrite hS pden_mul pden_guards; case: ifP => [/hp->|]; rewrite ?mulr0 ?mul0r.
have hlead g0 : r \in lead (weight [::]) gp.1 g0 -> pden fv g0 = pden fv (normal K0 gp.2) -> mval N sz (env L P) fv r.1.2 = pden fv r.2.
  move=> h e0; have [_ eg] : True /\ r.1.1 = gp.1.
    by split=> //; move: h; rewrite /lead; case: ifP => // _; rewrite inE => /eqP->.
  by apply: (proj1 (leadP h _)); rewrite e0 hS; apply: hp; rewrite -eg.
move: hr; rewrite (surjective_pairing gp) /= -/gp.
case E: (lead _ [::] _) => [|[[g0 l] r0] [|? ?]]; try by move/hlead; apply.
case: ifP => _; first by move/hlead; apply.
rewrite inE => /eqP er; have h : r \in lead (weight gp.1) [::] (normal K0 (pmul (guards gp.1) gp.2)) by rewrite E er inE; apply/eqP; congr (_, _, _); move: E; rewrite /lead; case: ifP => // _ [].
exact: (proj1 (leadP h hq)).
Qed.
Theorem all_holds K n fv pre : known K -> (n <= size sl)%N -> (forall bv f, f \in pre -> ok N sz fv bv f) ->
  holds (inside pre (all_facts n K)) fv.
Proof.
move=> hK hn hpre; have [h1 h2 _ h4 h5] := plainP hK hn hpre; split=> // g l q hr gv hgv hg.
have [_ _ _ he] := hK; have [e hv hm] := in_flatten he hr.
exact: (@ruleP K n e gv (g, l, q)).
Qed.
Theorem check_scalar K (n := size sl) (a b : sx) gv : known K -> wfs a && wfs b -> small N gv ->
  (let F := all_facts n K in zero F (flats (normal F) a ++ pscale (-1) (flats (normal F) b))) ->
  dens L P gv a = dens L P gv b.
Proof.
move=> hK /andP[wa wb] hsm hz; pose fv x := if x is y.+3 then Posz (gv y) else 0; have hag : agree fv gv by [].
have hF fv' : holds (all_facts n K) fv' by case: (@all_holds K n fv' [::] hK (leqnn _)).
have hS fv' p : pden fv' (normal (all_facts n K) p) = pden fv' p by apply: normalP.
apply/eqP; rewrite -subr_eq0; apply/eqP.
rewrite !(proj2 (flatP big_ above_size hS) _ fv gv) // -pden_opp -pden_add; exact: zeroP hz.
Qed.
Theorem check_matrix K (n := size sl) p q (a b : mx p q) gv : known K -> wf a && wf b -> small N gv ->
  (let F := all_facts n K in
   zero (inside [:: (cst 1, var 0); (var 0, siz p); (cst 1, var 1); (var 1, siz q)] F)
        (flat (normal F) a ++ pscale (-1) (flat (normal F) b))) ->
  den L P gv a = den L P gv b.
Proof.
move=> hK /andP[wa wb] hsm hz; apply/matrixP => i j.
pose fv x := match x with 0%N => Posz i.+1 | 1%N => Posz j.+1 | 2%N => 0 | y.+3 => Posz (gv y) end; have hag : agree fv gv by [].
have hF fv' : holds (all_facts n K) fv' by case: (@all_holds K n fv' [::] hK (leqnn _)).
have hS fv' p0 : pden fv' (normal (all_facts n K) p0) = pden fv' p0 by apply: normalP.
apply/eqP; rewrite -subr_eq0; apply/eqP.
rewrite !(proj1 (flatP big_ above_size hS) _ _ _ fv gv) // -pden_opp -pden_add; apply: zeroP hz.
apply: all_holds => // bv f; rewrite !inE => /or4P[] /eqP->; rewrite /ok /look /base /= ?addr0 ?add0r ?lez_nat //; exact: ltn_ord.
Qed.
End Check.

Lemma skew_form (R : numFieldType) n (A : 'M[R]_n) : A^T = - A -> exists B : 'M[R]_n, A = B + (- 1) *: B^T.
Proof. by move=> h; exists (2%:R^-1 *: A); rewrite linearZ /= h scalerN scaleN1r opprK -scalerDl -mulr2n -mulr_natr mulVf ?scale1r ?pnatr_eq0. Qed.
