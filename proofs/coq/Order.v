(* Lemmas for the rules of the referee's kernel: relations, signs, sums by terms, neighbours, squares that vanish.

   Main results
     by_gap_le, by_gap_lt, by_gap_ne   an inequality, from what the gap is times something positive
     sum_le, sum_lt                    sums are compared term by term
     neighbours                        what holds between neighbours holds between any two
     trace_square_ge0, trace_square_0  ‖A‖² ≥ 0, and ‖A‖² = 0 gives A = 0
     extremum_keeps, extremum_at       the greatest and the least of a function's values
     gram, congruence, form, formless  semi-definite matrices
     invertible, definite_det          A⁻¹A = AA⁻¹ = I where det A ≠ 0; A ≻ 0 gives det A > 0
     settle                            comparisons of integers, and x ≠ 0 from x > 0, by what is in the context *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ring.
From LAE Require Import Matrix.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory. Local Open Scope ring_scope.

Section Relations.
Variable R : rcfType.
Implicit Types (a b d x y z : R).

(* of integers as of reals *)
Lemma real_le (i j : nat) : (i <= j)%N -> i%:R <= j%:R :> R. Proof. by rewrite ler_nat. Qed.
Lemma real_lt (i j : nat) : (i < j)%N -> i%:R < j%:R :> R. Proof. by rewrite ltr_nat. Qed.
Lemma real_eq (i j : nat) : i = j -> i%:R = j%:R :> R. Proof. by move->. Qed.
Lemma real_ne (i j : nat) : (i != j)%N -> i%:R != j%:R :> R. Proof. by rewrite eqr_nat. Qed.

(* signs *)
Lemma gap_ge0 a b : a <= b -> 0 <= b - a. Proof. by rewrite subr_ge0. Qed.
Lemma gap_gt0 a b : a < b -> 0 < b - a. Proof. by rewrite subr_gt0. Qed.
Lemma by_gap_le a b d (n : R) : (b - a) * d = n -> 0 < d -> 0 <= n -> a <= b.
Proof. by move=> e hd hn; rewrite -subr_ge0 -(pmulr_lge0 (b - a) hd) e. Qed.
Lemma by_gap_lt a b d (n : R) : (b - a) * d = n -> 0 < d -> 0 < n -> a < b.
Proof. by move=> e hd hn; rewrite -subr_gt0 -(pmulr_lgt0 (b - a) hd) e. Qed.
Lemma by_gap_ne a b d (n : R) : (a - b) * d = n -> 0 < n -> a != b.
Proof. by move=> e; apply: contraTneq => e'; rewrite -e e' subrr mul0r ltxx. Qed.

(* relations in a row *)
Lemma then_eq_le x y z : x = y -> y <= z -> x <= z. Proof. by move->. Qed.
Lemma then_le_eq x y z : x <= y -> y = z -> x <= z. Proof. by move=> h <-. Qed.
Lemma then_eq_lt x y z : x = y -> y < z -> x < z. Proof. by move->. Qed.
Lemma then_lt_eq x y z : x < y -> y = z -> x < z. Proof. by move=> h <-. Qed.
Lemma then_eq_ne (T : eqType) (r s t : T) : r = s -> s != t -> r != t. Proof. by move->. Qed.
Lemma then_ne_eq (T : eqType) (r s t : T) : r != s -> s = t -> r != t. Proof. by move=> h <-. Qed.
Lemma weaken_eq_le x y : x = y -> x <= y. Proof. by move->. Qed.

(* sums *)
Lemma sum_eq (V : zmodType) lo hi (f g : nat -> V) : (forall i, (lo <= i)%N -> (i < hi)%N -> f i = g i) ->
  \sum_(lo <= i < hi) f i = \sum_(lo <= i < hi) g i.
Proof. by move=> h; apply: eq_big_nat => i /andP[]; apply: h. Qed.
Lemma sum_le lo hi (f g : nat -> R) : (forall i, (lo <= i)%N -> (i < hi)%N -> f i <= g i) ->
  \sum_(lo <= i < hi) f i <= \sum_(lo <= i < hi) g i.
Proof. by move=> h; rewrite !big_nat; apply: ler_sum => i /andP[]; apply: h. Qed.
Lemma sum_lt lo hi (f g : nat -> R) : (lo < hi)%N -> (forall i, (lo <= i)%N -> (i < hi)%N -> f i < g i) ->
  \sum_(lo <= i < hi) f i < \sum_(lo <= i < hi) g i.
Proof.
move=> hl h; rewrite !(big_ltn hl); apply: ltr_le_add; first exact: h.
by apply: sum_le => i h1 h2; apply/ltW/h => //; exact: ltnW.
Qed.
Lemma left_out (p : bool) (r : R -> R -> Prop) x y : r 0 0 -> (p -> r x y) -> r (p%:R * x) (p%:R * y).
Proof. by case: p => h0 h; rewrite ?mul1r ?mul0r; [exact: h|]. Qed.
(* the greatest and the least of the values at indices, where there are some *)
Definition extremum (op : R -> R -> R) lo hi (f : nat -> R) := \big[op/f lo]_(lo <= i < hi) f i.
Lemma extremum_keeps op (K : R -> Prop) lo hi f : (lo < hi)%N -> (forall x y, K x -> K y -> K (op x y)) ->
  (forall i, (lo <= i)%N -> (i < hi)%N -> K (f i)) -> K (extremum op lo hi f).
Proof. by move=> hl ho h; rewrite /extremum big_nat; apply: big_ind => [||i /andP[]]; [exact: h|exact: ho|exact: h]. Qed.
Lemma extremum_at op (r : rel R) lo hi f i : reflexive r -> (forall x y z, r x (op y z) = r x y || r x z) ->
  (lo <= i)%N -> (i < hi)%N -> r (f i) (extremum op lo hi f).
Proof.
move=> hr ho h1 h2; have: i \in index_iota lo hi by rewrite mem_index_iota h1.
by rewrite /extremum; elim: (index_iota _ _) => // j s IH; rewrite in_cons big_cons ho => /orP[/eqP->|/IH->]; rewrite ?hr ?orbT.
Qed.
(* neighbours *)
Lemma neighbours (r : rel R) lo hi (f : nat -> R) i j : transitive r ->
  (forall l, (lo <= l)%N -> (l <= hi)%N -> r (f l) (f (l + 1)%N)) ->
  (lo <= i)%N -> (i < j)%N -> (j <= hi + 1)%N -> r (f i) (f j).
Proof.
move=> tr h hi0; elim: j => // j IH; rewrite ltnS leq_eqVlt addn1 ltnS => /orP[/eqP<-|hij] hj.
  by rewrite -addn1; apply: h.
apply: tr (IH hij _) _; first by rewrite addn1 leqW.
by rewrite -addn1; apply: h => //; apply: leq_trans hi0 (ltnW hij).
Qed.
Lemma neighbours_le (r : rel R) lo hi (f : nat -> R) i j : transitive r -> reflexive r ->
  (forall l, (lo <= l)%N -> (l <= hi)%N -> r (f l) (f (l + 1)%N)) ->
  (lo <= i)%N -> (i <= j)%N -> (j <= hi + 1)%N -> r (f i) (f j).
Proof. by move=> tr rf h h1; rewrite leq_eqVlt => /orP[/eqP<- //|h2] h3; apply: neighbours h _ _ _. Qed.
Lemma below_square (x s t : R) : x < s ^+ 2 -> 0 < s -> s <= t -> x < t ^+ 2.
Proof. by move=> h hs hst; apply: lt_le_trans h _; rewrite ler_expn2r ?nnegrE ?(le_trans (ltW hs)) // ltW. Qed.
Lemma ratio (x s : R) : 0 < s -> x < s ^+ 2 -> 0 < 1 + -1 * x * s^-1 ^+ 2.
Proof. by move=> hs h; rewrite mulN1r mulNr subr_gt0 exprVn ltr_pdivr_mulr ?exprn_gt0 ?mul1r. Qed.

(* squares *)
Lemma trace_square m n (A : 'M[R]_(m, n)) : \tr (A^T *m A) = \sum_j \sum_i A i j ^+ 2.
Proof. by apply: eq_bigr => j _; rewrite mxE; apply: eq_bigr => i _; rewrite mxE expr2. Qed.
Lemma trace_square_ge0 m n (A : 'M[R]_(m, n)) : 0 <= \tr (A^T *m A).
Proof. by rewrite trace_square; do 2 apply: sumr_ge0 => ? _; exact: sqr_ge0. Qed.
Lemma trace_square_0 m n (A : 'M[R]_(m, n)) : \tr (A^T *m A) <= 0 -> A = 0.
Proof.
move=> h; have /eqP : \tr (A^T *m A) = 0 by apply/eqP; rewrite eq_le h trace_square_ge0.
rewrite trace_square psumr_eq0 => [|j _]; last by apply: sumr_ge0 => i _; exact: sqr_ge0.
move=> /allP h0; apply/matrixP => i j; rewrite mxE; have := h0 j; rewrite mem_index_enum => /(_ isT).
rewrite psumr_eq0 => [/allP /(_ i)|k _]; last exact: sqr_ge0.
by rewrite mem_index_enum => /(_ isT); rewrite sqrf_eq0 => /eqP.
Qed.
Lemma square_0 x : x ^+ 2 <= 0 -> x = 0. Proof. by move=> h; apply/eqP; rewrite -sqrf_eq0 eq_le h sqr_ge0. Qed.
(* semi-definite and definite matrices *)
Definition semidefinite n (A : 'M[R]_n) := A^T = A /\ forall x : 'cV_n, 0 <= \tr (x^T *m A *m x).
Definition definite n (A : 'M[R]_n) := A^T = A /\ forall x : 'cV_n, x != 0 -> 0 < \tr (x^T *m A *m x).
Lemma weaken_definite n (A : 'M[R]_n) : definite A -> semidefinite A.
Proof. by case=> h1 h2; split=> // x; case: (eqVneq x 0) => [->|/h2/ltW //]; rewrite mulmx0 mxtrace0. Qed.
Lemma gram m n (A : 'M[R]_(m, n)) : semidefinite (A^T *m A).
Proof. split=> [|x]; first by rewrite trmx_mul trmxK.
by have := trace_square_ge0 (A *m x); rewrite trmx_mul !mulmxA. Qed.
Lemma congruence m n (A : 'M[R]_m) (B : 'M[R]_(m, n)) : semidefinite A -> semidefinite (B^T *m A *m B).
Proof. case=> h1 h2; split=> [|x]; first by rewrite !trmx_mul trmxK h1 mulmxA.
by have := h2 (B *m x); rewrite trmx_mul !mulmxA. Qed.
Lemma diagonal_form m n (A : 'M[R]_m) (B : 'M[R]_(m, n)) j :
  (B^T *m A *m B) j j = \tr ((col j B)^T *m A *m col j B).
Proof. rewrite /mxtrace big_ord1 tr_col !mxE; apply: eq_bigr => k _; rewrite !mxE; congr (_ * _).
by apply: eq_bigr => l _; rewrite !mxE. Qed.
Lemma form m n (A : 'M[R]_m) (B : 'M[R]_(m, n)) : semidefinite A -> 0 <= \tr (B^T *m A *m B).
Proof. by case=> _ h; apply: sumr_ge0 => j _; rewrite diagonal_form. Qed.
Lemma formless m n (A : 'M[R]_m) (B : 'M[R]_(m, n)) : definite A -> \tr (B^T *m A *m B) <= 0 -> B = 0.
Proof.
move=> hA h; have hB j : 0 <= (B^T *m A *m B) j j by rewrite diagonal_form; case: (weaken_definite hA).
have /eqP : \tr (B^T *m A *m B) = 0 by apply/eqP; rewrite eq_le h; exact: sumr_ge0.
case: hA => _ hd; rewrite /mxtrace psumr_eq0 => [/allP h0|j _]; last exact: hB.
apply/matrixP => i j; have := h0 j; rewrite mem_index_enum => /(_ isT); rewrite diagonal_form => /eqP e.
case: (eqVneq (col j B) 0) => [/colP/(_ i)|/hd]; last by rewrite e ltxx.
by rewrite !mxE.
Qed.
Lemma multiple c n (A : 'M[R]_n) : 0 <= c -> semidefinite A -> semidefinite (c *: A).
Proof. move=> hc [h1 h2]; split=> [|x]; first by rewrite linearZ /= h1.
by rewrite -scalemxAr -scalemxAl linearZ /= mulr_ge0. Qed.
Lemma added n (A B : 'M[R]_n) : semidefinite A -> semidefinite B -> semidefinite (A + B).
Proof. move=> [h1 h2] [h3 h4]; split=> [|x]; first by rewrite linearD /= h1 h3.
by rewrite mulmxDr mulmxDl linearD /= addr_ge0. Qed.
(* inverses and determinants *)
Lemma unit_det n (A : 'M[R]_n) : \det A != 0 -> A \in unitmx. Proof. by rewrite unitmxE unitfE. Qed.
Lemma invertible n (A : 'M[R]_n) : \det A != 0 -> invmx A *m A = 1%:M /\ A *m invmx A = 1%:M.
Proof. by move/unit_det=> h; rewrite mulVmx ?mulmxV. Qed.
Lemma definite_apart n (A : 'M[R]_n) : definite A -> \det A != 0.
Proof. case=> hs h; apply/det0P => -[v v0 hv]; have := h v^T; rewrite trmxK hv mul0mx mxtrace0 ltxx.
by rewrite trmx_eq0 => /(_ v0). Qed.
Lemma definite_det n (A : 'M[R]_n) : definite A -> 0 < \det A.
Proof.
move=> hA; rewrite lt_neqAle eq_sym definite_apart // leNgt; apply/negP => h; case: (hA) => hs hf.
pose p := \det (map_mx polyC (1%:M - A) *m 'X%:M + map_mx polyC A).
have E t : p.[t] = \det (t *: (1%:M - A) + A).
  rewrite -/(horner_eval t p) -det_map_mx; congr (\det _); apply/matrixP => i j; by rewrite mul_mx_scalar !mxE /= /horner_eval !hornerE.
have [||t /andP[t0 t1] /rootP] := @poly_ivt R p 0 1; rewrite ?ler01 // !E ?scale0r ?scale1r ?add0r ?subrK ?det1 ?ler01 ?andbT; first exact: ltW.
apply/eqP/definite_apart; split=> [|x x0]; first by rewrite linearD linearZ linearB /= trmx1 hs.
have -> : x^T *m (t *: (1%:M - A) + A) *m x = t *: (x^T *m x) + (1 - t) *: (x^T *m A *m x).
  by rewrite mulmxDr mulmxDl -scalemxAr -scalemxAl mulmxBr mulmxBl mulmx1 scalerBr scalerBl scale1r -addrA [- _ + _]addrC.
have xx : 0 < \tr (x^T *m x) by rewrite ltNge; apply: contraNN x0 => /trace_square_0->.
rewrite linearD /= !linearZ /=; case: (ltrP t 1) => ht; last by rewrite ltr_paddr ?mulr_gt0 ?mulr_ge0 ?subr_ge0 ?(ltW (hf x x0)) // (lt_le_trans ltr01).
by rewrite ltr_paddl ?mulr_ge0 ?(ltW xx) ?mulr_gt0 ?subr_gt0 ?hf.
Qed.
Lemma inverse_symmetric n (A : 'M[R]_n) : A^T = A -> (invmx A)^T = invmx A. Proof. by move=> h; rewrite trmx_inv h. Qed.
Lemma diagonal_right m n (A : 'M[R]_(m, n)) f i j : (A *m diagonal n f) i j = A i j * f j.+1.
Proof. by rewrite mxE (bigD1 j) //= big1 => [|k /negbTE h]; rewrite mxE ?eqxx ?addr0 // h mulr0. Qed.
Lemma diagonal_even n (f : nat -> R) : (diagonal n f)^T = diagonal n f.
Proof. by apply/matrixP => i j; rewrite !mxE eq_sym; case: eqP => [->|]. Qed.
Lemma diagonal_square n f (x : 'cV[R]_n) : \tr (x^T *m diagonal n f *m x) = \sum_(i < n) f i.+1 * x i 0 ^+ 2.
Proof. by rewrite /mxtrace big_ord1 mxE; apply: eq_bigr => i _; rewrite diagonal_right mxE mulrAC -expr2 mulrC. Qed.
Lemma semidefinite_diagonal n (f : nat -> R) : (forall i, (1 <= i)%N -> (i <= n)%N -> 0 <= f i) -> semidefinite (diagonal n f).
Proof. by move=> h; split=> [|x]; rewrite ?diagonal_even // diagonal_square; apply: sumr_ge0 => i _; rewrite mulr_ge0 ?sqr_ge0 ?h. Qed.
Lemma root_inverse x : (Num.sqrt x)^-1 = Num.sqrt x * x^-1.
Proof. by case: (lerP x 0) => h; [rewrite ler0_sqrtr // mul0r invr0|rewrite -{3}(sqr_sqrtr (ltW h)) expr2 invfM mulrA mulfV ?mul1r ?sqrtr_eq0 -?ltNge]. Qed.
Lemma square_root x : 0 <= x -> Num.sqrt x * Num.sqrt x = x. Proof. by move=> h; rewrite -expr2 sqr_sqrtr. Qed.
End Relations.

(* signs, from what is in the context and from what a number is made of: by its form, as a search takes long *)
Local Notation gt0 x := (is_true (@Order.lt _ _ _ x)) (only parsing).
Local Notation ge0 x := (is_true (@Order.le _ _ _ x)) (only parsing).
Local Notation ne x y := (is_true (negb (x == y))) (only parsing).
Local Notation neg x := (GRing.mul (GRing.opp (GRing.one _)) x) (only parsing).
Ltac known := match goal with
  | H : ?G |- ?G => exact H
  | H : gt0 ?x |- ge0 ?x => exact (ltW H)
  | H : gt0 ?x |- ne ?x _ => first [exact (lt0r_neq0 H) | by rewrite gt_eqF]
  | H : is_true (@Order.lt _ _ ?x _) |- ne ?x _ => first [exact (ltr0_neq0 H) | by rewrite lt_eqF]
  | H : ne ?y ?x |- ne ?x ?y => by rewrite eq_sym
  | H : semidefinite _ |- _ => exact (proj1 H) | H : definite _ |- _ => exact (proj1 H)
  | H : forall _ : nat, is_true _ -> _ |- is_true _ =>
      first [refine (H _ _ _) | refine (ltW (H _ _ _)) | refine (lt0r_neq0 (H _ _ _)) | refine (ltr0_neq0 (H _ _ _))]; lia
  end.
Ltac nonneg := first [known | lazymatch goal with
  | |- ge0 (GRing.add (GRing.one _) (GRing.mul _ (GRing.exp (GRing.inv _) _))) => apply: ltW; apply: ratio; known
  | |- ge0 (GRing.add _ (neg _)) => rewrite mulN1r subr_ge0; known | |- ge0 (GRing.add _ _) => apply: addr_ge0; nonneg
  | |- ge0 (GRing.mul _ _) => apply: mulr_ge0; nonneg | |- ge0 (GRing.inv _) => rewrite invr_ge0; nonneg
  | |- ge0 (GRing.exp _ _) => first [by apply: exprn_even_ge0 | apply: exprn_ge0; nonneg]
  | |- ge0 (GRing.natmul _ _) => exact: ler0n | |- ge0 (GRing.one _) => exact: ler01
  | |- ge0 (BigOp.bigop _ _ _) => apply: sumr_ge0 => ? _; nonneg | |- ge0 (mxtrace _) => exact: trace_square_ge0 | |- ge0 (Num.sqrt _) => exact: sqrtr_ge0 end].
Ltac pos := first [known | lazymatch goal with
  | |- gt0 (GRing.add (GRing.one _) (GRing.mul _ (GRing.exp (GRing.inv _) _))) => apply: ratio; known
  | |- gt0 (GRing.add _ (neg _)) => rewrite mulN1r subr_gt0; known
  | |- gt0 (GRing.add _ _) => first [apply: ltr_paddr; [nonneg|pos] | apply: ltr_paddl; [nonneg|pos]]
  | |- gt0 (GRing.mul _ _) => apply: mulr_gt0; pos | |- gt0 (GRing.inv _) => rewrite invr_gt0; pos
  | |- gt0 (GRing.exp _ _) => first [apply: exprn_gt0; pos | rewrite exprn_even_gt0 //=; apart]
  | |- gt0 (GRing.natmul _ _) => rewrite ltr0n; lia | |- gt0 (GRing.one _) => exact: ltr01
  | |- gt0 (Num.sqrt _) => rewrite sqrtr_gt0; pos end]
with apart := first [known | lazymatch goal with
  | |- ne (GRing.mul _ _) _ => apply: mulf_neq0; apart | |- ne (GRing.exp _ _) _ => apply: expf_neq0; apart
  | |- ne (GRing.inv _) _ => apply: invr_neq0; apart | |- ne (GRing.opp _) _ => rewrite oppr_eq0; apart
  | |- ne (GRing.natmul _ _) _ => rewrite pnatr_eq0; lia | |- ne (GRing.one _) _ => exact: oner_neq0
  end | apply: lt0r_neq0; pos | rewrite ?mulN1r subr_eq0; known
  | match goal with H : ne _ _ |- ne _ _ => by apply: contraNneq H => ->; rewrite ?(mul0r, mulr0, expr0n) end].
Ltac settle := first [known | lia | nonneg | pos | apart | by let i := fresh in move=> i; intros; first [nonneg | pos | apart]].
(* what holds at an index holds at the same index in other words *)
Ltac agree H := first [exact: H | refine (eq_ind _ (fun P : Prop => P) H _ _); repeat f_equal; lia].
Ltac members := move=> ? ? *; rewrite /= ?le_maxr ?le_minl ?le_maxl ?lt_maxl ?le_minr ?lt_minr; do ?[apply/andP; split]; by [].
Ltac ordering := first [by move=> ?; exact: lexx | move=> ? ? ?; first [exact: lt_trans | exact: le_trans | exact: (fun a b => lt_trans b a) | exact: (fun a b => le_trans b a)]].
Ltac neighbouring H := let l := fresh in let h1 := fresh in let h2 := fresh in move=> l h1 h2; agree (H l ltac:(lia) ltac:(lia)).
Ltac contrary H K := first [by case/negP: H; rewrite K | by case/negP: K; rewrite H | by move: (le_lt_trans H K); rewrite ltxx | by move: (le_lt_trans K H); rewrite ltxx | by rewrite H eqxx in K | by rewrite K eqxx in H].
(* comparisons of integers as comparisons of reals *)
Ltac reals H := first [exact: H | by move: H; rewrite ?natrD | by rewrite ?subr_ge0 ?subr_gt0 | by rewrite ?ler_subr_addr ?ler_subl_addr ?ltr_subr_addr ?ltr_subl_addr; move: H; rewrite ?natrD | by ring].
(* for what is left to the kernel's conversion: that of tactics gets lost in numerals *)
Ltac valid := split; [by []|by []|by []|].
Ltac parts := repeat (apply/andP; split); apart.
(* x ≠ 0 as y ≠ 0, which is x, −x, x/d or x/d², is known *)
Ltac denominators := repeat (apply/andP; split); first [apart | match goal with H : ne ?y _ |- ne ?x _ =>
  let e := fresh in apply: contraNneq H => e; first [have -> : y = x by ring | have -> : y = - x by ring
    | match y with context [?d^-1] => first [have -> : y = x / d by field; parts | have -> : y = x / d ^+ 2 by field; parts] end];
  by rewrite e ?oppr0 ?mul0r end].
