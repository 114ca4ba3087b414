(* Sums of products of indexed atoms, Σ_{b_1 … b_r < N} c · A[i, b_1] · B[b_1, j] · …, and their value in a field.

   Every expression of matrices of symbolic size is such a sum: transposes, and the rotation of traces, disappear. All
   bound indices run below one number N, which is above every size; ranges are factors [i ≤ j]. An index is a base and
   an offset, so k − 1 and l + 1 are indices.

   Main results
     tden_mul, pden_mul   the product
     pden_bind            the sum over an index
     pden_sub             other indices in place of free ones
     contractP            Σ_v δ(v, i) f(v) = [0 ≤ i] [i < N] f(i)
     replaceP             an equation used inside a term, wherever its bound indices stand *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory. Local Open Scope ring_scope.

Definition idx := (nat * nat * int)%type.       (* kind, number, offset *)
Definition atom := (seq nat * seq idx)%type.    (* symbol, indices *)
Definition mono := (nat * seq atom)%type.       (* how many bound indices, factors *)
Definition term := (rat * mono)%type.
Definition poly := seq term.

Definition cst (c : int) : idx := (0, 0, c)%N.  (* a number *)
Definition bnd p : idx := (1%N, p, 0).          (* the p-th bound index *)
Definition var x : idx := (2%N, x, 0).          (* the free index x *)
Definition top : idx := (3%N, 0%N, 0).          (* N *)
Definition siz s : idx := (4%N, s, 0).          (* the size s *)
Definition plus (i : idx) (o : int) : idx := (i.1, i.2 + o).
Definition delta i j : atom := ([:: 0%N], [:: i; j]).
Definition atmost i j : atom := ([:: 1%N], [:: i; j]).
Definition numeral i : atom := ([:: 2%N], [:: i]).

Section Value.
Variables (R : numFieldType) (N : nat) (sz : nat -> nat) (env : seq nat -> seq int -> R).
Implicit Types (fv : nat -> int) (bv : seq nat) (i : idx) (a : atom) (ats : seq atom) (p q : poly) (t : term).

Definition base fv bv (b : nat * nat) : int :=
  match b.1 with 0%N => 0 | 1%N => Posz (nth 0%N bv b.2) | 2%N => fv b.2 | 3%N => Posz N | _ => Posz (sz b.2) end.
Definition look fv bv i : int := base fv bv i.1 + i.2.
Definition sem (s : seq nat) (vs : seq int) : R :=
  match s with
  | [:: 0%N] => if nth 0 vs 0%N == nth 0 vs 1%N then 1 else 0
  | [:: 1%N] => if nth 0 vs 0%N <= nth 0 vs 1%N then 1 else 0
  | [:: 2%N] => (nth 0 vs 0%N)%:~R
  | _ => env s vs
  end.
Definition aden fv bv a : R := sem a.1 (map (look fv bv) a.2).
Definition mden fv bv ats : R := \prod_(a <- ats) aden fv bv a.
Fixpoint sden r (k : seq nat -> R) : R :=
  if r is r'.+1 then \sum_(v < N) sden r' (fun vs => k (nat_of_ord v :: vs)) else k [::].
Definition mval fv (m : mono) : R := sden m.1 (fun bv => mden fv bv m.2).
Definition tden fv t : R := ratr t.1 * mval fv t.2.
Definition pden fv p : R := \sum_(t <- p) tden fv t.

Lemma look_plus fv bv i o : look fv bv (plus i o) = look fv bv i + o. Proof. by rewrite /look /= addrA. Qed.

(* sums over bound indices *)
Definition fits r bv := size bv = r /\ forall x, (x < r)%N -> (nth 0%N bv x < N)%N.
Lemma fits_cons r (v : 'I_N) bv : fits r bv -> fits r.+1 (nat_of_ord v :: bv).
Proof. by case=> h1 h2; split=> [|[|x] hx] //=; [rewrite h1|apply: h2]. Qed.
Lemma sden_ext r k1 k2 : (forall bv, fits r bv -> k1 bv = k2 bv) -> sden r k1 = sden r k2.
Proof.
elim: r k1 k2 => [|r IH] k1 k2 h /=; first by apply: h; split.
by apply: eq_bigr => v _; apply: IH => bv hb; apply/h/fits_cons.
Qed.
Lemma sden_mulr r k c : sden r k * c = sden r (fun bv => k bv * c).
Proof. by elim: r k => [|r IH] k //=; rewrite mulr_suml; apply: eq_bigr => v _; rewrite IH. Qed.
Lemma sden_mull r k c : c * sden r k = sden r (fun bv => c * k bv).
Proof. by rewrite mulrC sden_mulr; apply: sden_ext => bv _; rewrite mulrC. Qed.
Lemma sden_sum r (I : finType) (k : I -> seq nat -> R) :
  \sum_i sden r (k i) = sden r (fun bv => \sum_i k i bv).
Proof. by elim: r k => [|r IH] k //=; rewrite exchange_big /=; apply: eq_bigr => v _; rewrite IH. Qed.
Lemma sdenD r k1 k2 : sden r (fun bv => k1 bv + k2 bv) = sden r k1 + sden r k2.
Proof. by elim: r k1 k2 => //= r IH k1 k2; rewrite -big_split; apply: eq_bigr => v _; exact: IH. Qed.
Lemma sden_seq r (T : Type) (q : seq T) (k : T -> seq nat -> R) :
  \sum_(t <- q) sden r (k t) = sden r (fun bv => \sum_(t <- q) k t bv).
Proof. by elim: r k => [|r IH] k //=; rewrite exchange_big /=; apply: eq_bigr => v _; rewrite IH. Qed.
Lemma sden_cat r1 r2 k : sden (r1 + r2) k = sden r1 (fun b1 => sden r2 (fun b2 => k (b1 ++ b2))).
Proof. by elim: r1 k => [|r IH] k //=; apply: eq_bigr => v _; rewrite IH. Qed.
Lemma sden_swap r1 r2 (k : seq nat -> seq nat -> R) :
  sden r1 (fun b1 => sden r2 (k b1)) = sden r2 (fun b2 => sden r1 (fun b1 => k b1 b2)).
Proof. by elim: r1 k => [|r IH] k //=; rewrite -sden_sum; apply: eq_bigr => v _; rewrite IH. Qed.

(* factors *)
Definition rm (n : nat) (T : Type) (s : seq T) := take n s ++ drop n.+1 s.
Definition atom0 : atom := ([::], [::]).
Lemma mden_nil fv bv : mden fv bv [::] = 1. Proof. exact: big_nil. Qed.
Lemma mden_cons fv bv a ats : mden fv bv (a :: ats) = aden fv bv a * mden fv bv ats. Proof. exact: big_cons. Qed.
Lemma mden_cat fv bv (a1 a2 : seq atom) : mden fv bv (a1 ++ a2) = mden fv bv a1 * mden fv bv a2. Proof. exact: big_cat. Qed.
Lemma mden_perm fv bv (a1 a2 : seq atom) : perm_eq a1 a2 -> mden fv bv a1 = mden fv bv a2. Proof. exact: perm_big. Qed.
Lemma mden_pull fv bv ats x : (x < size ats)%N -> mden fv bv ats = aden fv bv (nth atom0 ats x) * mden fv bv (rm x ats).
Proof.
move=> hx; rewrite -{1}(cat_take_drop x ats) (drop_nth atom0 hx) /rm !mden_cat mden_cons.
by rewrite mulrCA.
Qed.
Lemma mden_neq0 fv bv ats a : a \in ats -> mden fv bv ats != 0 -> aden fv bv a != 0.
Proof. by move=> ha; rewrite prodf_seq_neq0 => /allP/(_ a ha). Qed.

(* other indices in the factors *)
Definition amap (f : idx -> idx) a : atom := (a.1, map f a.2).
Lemma aden_map f fv bv fv' bv' a : (forall i, look fv bv (f i) = look fv' bv' i) ->
  aden fv bv (amap f a) = aden fv' bv' a.
Proof. by move=> h; rewrite /aden /amap /= -map_comp; congr (sem _ _); apply: eq_map. Qed.
Lemma mden_map f fv bv fv' bv' ats : (forall i, look fv bv (f i) = look fv' bv' i) ->
  mden fv bv (map (amap f) ats) = mden fv' bv' ats.
Proof. by move=> h; rewrite /mden big_map; apply: eq_bigr => a _; apply: aden_map. Qed.
Lemma mden_mapin f fv bv fv' bv' ats : (forall a, a \in ats -> forall i, i \in a.2 -> look fv bv (f i) = look fv' bv' i) ->
  mden fv bv (map (amap f) ats) = mden fv' bv' ats.
Proof.
move=> h; rewrite /mden big_map !big_seq; apply: eq_bigr => a ha; rewrite /aden /amap /= -map_comp.
by congr (sem _ _); apply/eq_in_map => i hi; apply: h hi.
Qed.
Lemma pden_ext f g p : (forall x, f x = g x) -> pden f p = pden g p.
Proof.
move=> h; apply: eq_bigr => t _; congr (_ * _); apply: sden_ext => bv _; apply: eq_bigr => a _.
by congr (sem _ _); apply: eq_map => -[[[|[|[|k]]] x] o]; rewrite /look /base /= ?h.
Qed.

(* free indices replaced by indices that are not bound *)
Definition sub (f : nat -> idx) (i : idx) : idx := if i.1.1 == 2%N then plus (f i.1.2) i.2 else i.
Definition psub f p : poly := [seq (t.1, (t.2.1, map (amap (sub f)) t.2.2)) | t <- p].
Lemma pden_sub f fv p : (forall x, (f x).1.1 != 1%N) -> pden fv (psub f p) = pden (fun x => look fv [::] (f x)) p.
Proof.
move=> hf; rewrite /pden big_map; apply: eq_bigr => t _; congr (_ * _); apply: sden_ext => bv _.
apply: mden_map => -[[k x] o]; rewrite /sub /=; case: eqP => [-> /=|hk].
  rewrite look_plus /look /base /=; congr (_ + _); move: (hf x); rewrite /look /base /=.
  by case: (f x) => -[[|[|[|[|k']]]] y] o'.
by rewrite /look /base /=; move: hk; case: k => [|[|[|[|k]]]].
Qed.

(* products and sums *)
Definition clip n (i : idx) : idx := if (i.1.1 == 1%N) && (n <= i.1.2)%N then cst i.2 else i.
Definition shift n (i : idx) : idx := if i.1.1 == 1%N then (1%N, (n + i.1.2)%N, i.2) else i.
Lemma look_shift fv b1 b2 i : look fv (b1 ++ b2) (shift (size b1) i) = look fv b2 i.
Proof.
case: i => -[[|[|k]] x] o; rewrite /look /base /shift //=.
by rewrite nth_cat ltnNge leq_addr /= addKn.
Qed.
Lemma look_clip fv b1 b2 i : look fv (b1 ++ b2) (clip (size b1) i) = look fv b1 i.
Proof.
case: i => -[[|[|k]] x] o; rewrite /look /base /clip //=; case: leqP => hx /=.
  by rewrite nth_default.
by rewrite nth_cat hx.
Qed.
Definition tmul t u : term :=
  (t.1 * u.1, (t.2.1 + u.2.1, map (amap (clip t.2.1)) t.2.2 ++ map (amap (shift t.2.1)) u.2.2)%N).
Lemma tden_mul fv t u : tden fv (tmul t u) = tden fv t * tden fv u.
Proof.
case: t u => c [r ats] [d [s ats']]; rewrite /tden /mval /= rmorphM [RHS]mulrACA; congr (_ * _).
rewrite sden_cat sden_mulr; apply: sden_ext => b1 [h1 _]; rewrite sden_mull; apply: sden_ext => b2 _.
by rewrite mden_cat -h1; congr (_ * _); apply: mden_map => i; rewrite (look_clip, look_shift).
Qed.
Definition pmul p q : poly := [seq tmul t u | t <- p, u <- q].
Lemma pden_mul fv p q : pden fv (pmul p q) = pden fv p * pden fv q.
Proof.
rewrite /pden /pmul big_allpairs_dep mulr_suml; apply: eq_bigr => t _; rewrite mulr_sumr.
by apply: eq_bigr => u _; rewrite tden_mul.
Qed.
Lemma pden_add fv p q : pden fv (p ++ q) = pden fv p + pden fv q. Proof. exact: big_cat. Qed.
Definition pscale (c : rat) p : poly := [seq (c * t.1, t.2) | t <- p].
Lemma pden_scale fv c p : pden fv (pscale c p) = ratr c * pden fv p.
Proof. by rewrite /pden big_map mulr_sumr; apply: eq_bigr => t _; rewrite /tden rmorphM mulrA. Qed.
Lemma pden_opp fv p : pden fv (pscale (-1) p) = - pden fv p. Proof. by rewrite pden_scale rmorphN rmorph1 mulN1r. Qed.

Definition upd (T : Type) (f : nat -> T) x v := fun y => if y == x then v else f y.
Definition bindi x (i : idx) : idx :=
  if i.1.1 == 1%N then (1%N, i.1.2.+1, i.2) else if i.1 == (2%N, x) then (1%N, 0%N, i.2) else i.
Definition pbind x p : poly := [seq (t.1, (t.2.1.+1, map (amap (bindi x)) t.2.2)) | t <- p].
Lemma pden_bind fv x p : pden fv (pbind x p) = \sum_(v < N) pden (upd fv x (Posz v)) p.
Proof.
rewrite /pden big_map exchange_big /=; apply: eq_bigr => t _; rewrite /tden /mval /= -mulr_sumr; congr (_ * _).
apply: eq_bigr => v _; apply: sden_ext => bv _; apply: mden_map => -[[[|[|[|k]]] y] o] //.
by rewrite /look /base /bindi /upd /=; case: (eqVneq y x) => [->|h]; rewrite ?eqxx // -pair_eqE /= (negbTE h).
Qed.

Definition patom a : poly := [:: (1, (0%N, [:: a]))].
Lemma pden_atom fv a : pden fv (patom a) = aden fv [::] a.
Proof. by rewrite /pden big_seq1 /tden /mval /= rmorph1 mul1r /mden big_seq1. Qed.
Definition pconst c : poly := [:: (c, (0%N, [::]))].
Lemma pden_const fv c : pden fv (pconst c) = ratr c. Proof. by rewrite /pden big_seq1 /tden /mval /= /mden big_nil mulr1. Qed.
Definition pone (m : mono) : poly := [:: (1, m)].
Lemma pden_one fv m : pden fv (pone m) = mval fv m. Proof. by rewrite /pden big_seq1 /tden rmorph1 mul1r. Qed.

(* one bound index to the front *)
Definition ins (n v : nat) (s : seq nat) := take n s ++ v :: drop n s.
Lemma sden_front r n k : (n < r)%N -> sden r k = \sum_(v < N) sden r.-1 (fun bv => k (ins n v bv)).
Proof.
elim: r n k => [|r IH] [|n] k //= hn.
  by apply: eq_bigr => v _; apply: sden_ext => bv _; rewrite /ins take0 drop0.
case: r IH hn => // r IH hn; rewrite (eq_bigr _ (fun v _ => IH n _ hn)) exchange_big /=.
by apply: eq_bigr => w _; apply: eq_bigr => v _.
Qed.
Lemma nth_ins n v bv x : (n <= size bv)%N -> nth 0%N (ins n v bv) x =
  if (x < n)%N then nth 0%N bv x else if x == n then v else nth 0%N bv x.-1.
Proof.
move=> hn; rewrite /ins nth_cat size_takel //; case: ltnP => h; first by rewrite nth_take.
case: eqP => [->|hx]; first by rewrite subnn.
have {hx h} hx : (n < x)%N by rewrite ltn_neqAle h andbT eq_sym; apply/eqP.
by rewrite -(subnSK hx) /= nth_drop; case: x hx => // x hx; rewrite subSS subnKC.
Qed.
Definition tofront n (i : idx) : idx :=
  if i.1.1 == 1%N then (if i.1.2 == n then (1%N, 0%N, i.2) else if (i.1.2 < n)%N then (1%N, i.1.2.+1, i.2) else i) else i.
Definition front n (m : mono) : mono := if (n < m.1)%N then (m.1, map (amap (tofront n)) m.2) else m.
Lemma frontP fv n m : mval fv (front n m) = mval fv m.
Proof.
rewrite /front /mval; case: ifP => hn //=; rewrite [RHS](sden_front _ hn).
have -> : m.1 = m.1.-1.+1 by rewrite (ltn_predK hn).
apply: eq_bigr => v _; apply: sden_ext => bv [hb _]; apply: mden_map => -[[[|[|k]] y] o] //; rewrite /look /base /tofront /=.
have hb' : (n <= size bv)%N by rewrite hb -ltnS (ltn_predK hn).
rewrite nth_ins //; case: (ltngtP y n) => //= h; first by case: y h.
Qed.
Definition reorder (ns : seq nat) (m : mono) : mono := foldl (fun m n => front n m) m ns.
Lemma reorderP fv ns m : mval fv (reorder ns m) = mval fv m. Proof. by elim: ns m => //= n ns IH m; rewrite IH frontP. Qed.

(* Σ_v δ(v, i) f(v) = [0 ≤ i] [i < N] f(i), of the first bound index *)
Definition drop1 (i : idx) : idx := if i.1.1 == 1%N then (1%N, i.1.2.-1, i.2) else i.
Definition inst (i j : idx) : idx := if j.1 == (1%N, 0%N) then plus (drop1 i) j.2 else drop1 j.
Lemma look_drop1 fv v bv i : i.1 != (1%N, 0%N) -> look fv (v :: bv) i = look fv bv (drop1 i). Proof. by case: i => -[[|[|k]] [|x]] o. Qed.
Lemma look_bnd fv v bv : look fv (v :: bv) (bnd 0) = Posz v. Proof. exact: addr0. Qed.
Lemma look_inst fv bv i j v : Posz v = look fv bv (drop1 i) -> look fv bv (inst i j) = look fv (v :: bv) j.
Proof.
move=> h; rewrite /inst; case: (eqVneq j.1 (1%N, 0%N)) => e; last by rewrite look_drop1.
by rewrite look_plus -h /look e.
Qed.
Definition contract (i : idx) r ats : mono :=
  (r, [:: atmost (cst 0) (drop1 i), atmost (plus (drop1 i) 1) top & map (amap (inst i)) ats]).
Lemma contractP fv r ats i : i.1 != (1%N, 0%N) ->
  mval fv (r.+1, delta (bnd 0) i :: ats) = mval fv (contract i r ats).
Proof.
move=> hi; rewrite /mval /= sden_sum; apply: sden_ext => bv _; rewrite !mden_cons.
rewrite /aden /= look_plus; set w := look fv bv (drop1 i).
have -> : look fv bv top = Posz N by exact: addr0.
have -> : look fv bv (cst 0) = 0 by [].
have E v : mden fv (v :: bv) (delta (bnd 0) i :: ats) = (if Posz v == w then mden fv (v :: bv) ats else 0).
  rewrite mden_cons /aden /= look_bnd look_drop1 // -/w.
  by case: ifP; rewrite ?mul1r ?mul0r.
rewrite (eq_bigr _ (fun (v : 'I_N) _ => E v)) {E}; case: (lerP 0 w) => hw; last first.
  by rewrite mul0r big1 // => v _; case: eqP => // e; move: hw; rewrite -e.
rewrite mul1r; have [w0 ew] : exists w0, w = Posz w0 by case: (w) hw => // w0; exists w0.
rewrite ew -PoszD lez_nat addn1; case: ltnP => hN.
  rewrite mul1r (bigD1 (Ordinal hN)) //= eqxx big1 ?addr0 => [|v hv].
    by symmetry; apply: mden_map => j; apply: look_inst; rewrite -/w.
  by case: eqP => // -[e]; case/eqP: hv; apply: val_inj.
rewrite mul0r big1 // => v _; case: eqP => // -[e].
by move: (ltn_ord v); rewrite e ltnNge hN.
Qed.

(* an equation inside a term: its bound indices are the first r of the term, its free ones other indices there *)
Definition place s r (f : nat -> idx) (i : idx) : idx :=
  if i.1.1 == 2%N then plus (shift s (f i.1.2)) i.2 else clip r i.
Lemma look_place fv b b' f i : look fv (b ++ b') (place (size b) (size b) f i) = look (fun x => look fv b' (f x)) b i.
Proof.
rewrite /place; case: eqP => e; first by rewrite look_plus look_shift {2}/look /base e.
rewrite look_clip /look /base; case: i e => -[[|[|[|k]]] x] o //=.
Qed.
Definition replaced (m : mono) (q : poly) (f : nat -> idx) r (rest : seq atom) : poly :=
  [seq (t.1, (t.2.1 + (m.1 - r), map (amap (place t.2.1 t.2.1 f)) t.2.2 ++ map (amap (shift t.2.1)) rest)%N) | t <- q].
Lemma replaceP fv (m : mono) (l : mono) (q : poly) f rest : (l.1 <= m.1)%N ->
  (forall bv, fits (m.1 - l.1) bv -> mden fv bv rest != 0 -> mval (fun x => look fv bv (f x)) l = pden (fun x => look fv bv (f x)) q) ->
  perm_eq m.2 (map (amap (place l.1 l.1 f)) l.2 ++ map (amap (shift l.1)) rest) ->
  mval fv m = pden fv (replaced m q f l.1 rest).
Proof.
case: m l => [r ats] [s l] /= hs h hp; rewrite {1}/mval /= -{1}(subnKC hs) sden_cat sden_swap /pden big_map.
transitivity (sden (r - s) (fun b' => pden (fun x => look fv b' (f x)) q * mden fv b' rest)).
  apply: sden_ext => b' hb'; transitivity (mval (fun x => look fv b' (f x)) (s, l) * mden fv b' rest).
    rewrite /mval /= sden_mulr; apply: sden_ext => b [hb _]; rewrite (mden_perm _ _ hp) mden_cat -hb.
    congr (_ * _); last by apply: mden_map => i; rewrite look_shift.
    by apply: mden_map => i; rewrite look_place.
  by case: (eqVneq (mden fv b' rest) 0) => [->|hr]; rewrite ?mulr0 // h.
rewrite (sden_ext (k2 := fun b' => \sum_(t <- q) ratr t.1 * (mval (fun x => look fv b' (f x)) t.2 * mden fv b' rest))).
  rewrite -sden_seq; apply: eq_bigr => t _; rewrite -sden_mull /tden /=; congr (_ * _).
  rewrite {2}/mval /= sden_cat sden_swap; apply: sden_ext => b' _; rewrite /mval sden_mulr.
  apply: sden_ext => b [hb _]; rewrite mden_cat -hb; congr (_ * _); last by symmetry; apply: mden_map => i; rewrite look_shift.
  by symmetry; apply: mden_map => i; rewrite look_place.
by move=> b' _; rewrite /pden mulr_suml; apply: eq_bigr => t _; rewrite /tden mulrA.
Qed.
End Value.
