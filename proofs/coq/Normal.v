(* A normal form of sums of products, and a test for zero that is proved sound.

   What it uses beside the laws of commutative rings: which indices are in order, [i ≤ j] that is known or known to be
   false, Σ_v δ(v, i) f(v) = f(i), equations that are given (UᵀU = 1, x x⁻¹ = 1, r r = x, Σ w = 1, sin² = 1 − cos²) and
   how many indices a range has. Whatever searches here — for an equation that fits, for good names of bound indices —
   is harmless when wrong.

   Main results
     stepP     a step keeps the value
     zeroP     what is found to be zero is zero, whatever the sizes and the values *)
From mathcomp Require Import all_ssreflect all_algebra.
From LAE Require Import Tensor.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory. Local Open Scope ring_scope.

Definition fact := (idx * idx)%type.                (* i ≤ j *)
Record facts := Facts {
  order : seq fact;                                 (* what is known of free indices, sizes and N *)
  apart : seq fact;                                 (* i ≠ j *)
  rules : seq (seq fact * mono * poly);             (* where i ≤ j, …: a term = a polynomial, for all free indices *)
  symm : seq (seq nat) }.                           (* L[a, b] = L[b, a] *)

Fixpoint pick (S T : Type) (f : S -> option T) (xs : seq S) : option T :=
  if xs is x :: xs' then if f x is Some y then Some y else pick f xs' else None.
Lemma pickP (S : eqType) (T : Type) (f : S -> option T) xs r : pick f xs = Some r -> exists2 x, x \in xs & f x = Some r.
Proof. elim: xs => //= x xs IH; case E: (f x) => [y|]; first by case=> <-; exists x; rewrite ?mem_head.
by case/IH => z hz e; exists z; rewrite // in_cons hz orbT.
Qed.

(* -- what is known of the order of indices ------------------------------------------------------------------------ *)
Definition add (e : idx) (D : seq idx) := if has (fun d => (d.1 == e.1) && (d.2 <= e.2)) D then D else e :: D.
Definition follow (f : fact) (d : idx) (D : seq idx) := if d.1 == f.1.1 then add (plus f.2 (d.2 - f.1.2)) D else D.
Definition relax (D : seq idx) (f : fact) := foldr (follow f) D D.
Definition reach (F : seq fact) i : seq idx := iter 2 (fun D => foldl relax D F) [:: i].
Definition below (D : seq idx) (j : idx) := has (fun d => (d.1 == j.1) && (d.2 <= j.2)) D.
(* both sides of && and || are computed before they are joined: what takes long stands behind an `if` *)
Definition le (F : seq fact) i j :=
  if (i, j) \in F then true else if below [:: i] j then true else below (reach F i) j.
Definition box (s : seq nat) : seq idx := match s with [:: 4%N; _; m; n] => [:: siz m; siz n] | _ => [::] end.
Definition facts_of (a : atom) : seq fact :=
  match a with
  | ([:: 0%N], [:: i; j]) => [:: (i, j); (j, i)]
  | ([:: 1%N], [:: i; j]) => [:: (i, j)]
  | (s, [:: i; j]) => if box s is [:: m; n] then [:: (cst 1, i); (i, m); (cst 1, j); (j, n)] else [::]
  | _ => [::]
  end.
Definition ranges r : seq fact := flatten [seq [:: (cst 0, bnd p); (plus (bnd p) 1, top)] | p <- iota 0 r].
Definition indicator (a : atom) := match a with ([:: 0%N], [:: _; _]) | ([:: 1%N], [:: _; _]) => true | _ => false end.

Section Norm.
Variables (R : numFieldType) (N : nat) (sz : nat -> nat) (env : seq nat -> seq int -> R) (K : facts).
Local Notation look := (look N sz). Local Notation aden := (aden N sz env). Local Notation mden := (mden N sz env).
Local Notation tden := (tden N sz env). Local Notation pden := (pden N sz env). Local Notation mval := (mval N sz env).
Implicit Types (fv : nat -> int) (m : mono) (ats : seq atom).

Definition ok fv bv (f : fact) := look fv bv f.1 <= look fv bv f.2.
Definition holds fv : Prop :=
  [/\ forall bv f, f \in order K -> ok fv bv f, forall bv f, f \in apart K -> look fv bv f.1 != look fv bv f.2,
      forall g l q, (g, l, q) \in rules K -> forall gv, (forall x, 0 <= gv x < Posz N) -> all (ok gv [::]) g -> mval gv l = pden gv q,
      forall L, L \in symm K -> forall a b, sem env L [:: a; b] = sem env L [:: b; a]
    & forall L p q a b, env [:: 4%N; L; p; q] [:: a; b] != 0 -> (1 <= a <= Posz (sz p)) && (1 <= b <= Posz (sz q))].

Definition above fv bv (z : int) (D : seq idx) := forall d, d \in D -> z <= look fv bv d.
Lemma relaxP fv bv z D f : above fv bv z D -> ok fv bv f -> above fv bv z (relax D f).
Proof. move=> hD hf; rewrite /relax; suff H E : {subset E <= D} -> above fv bv z (foldr (follow f) D E) by exact: H.
elim: E => [|e E IH] hsub //=; have {IH} IH := IH (fun x hx => hsub x (mem_behead (s := e :: E) hx)).
rewrite /follow; case: eqP => // e1; rewrite /add; case: ifP => // _ d; rewrite in_cons => /orP[/eqP->|]; last exact: IH.
have := hD e (hsub _ (mem_head _ _)); move: hf; rewrite /ok look_plus /look e1 => hf he.
by apply: le_trans he _; rewrite addrCA [X in X <= _]addrC ler_add2l ler_subr_addr.
Qed.
Lemma reachP fv bv F i : all (ok fv bv) F -> above fv bv (look fv bv i) (reach F i).
Proof. move=> hF; rewrite /reach; elim: 2%N => [|n IH]; first by move=> d; rewrite inE => /eqP->.
rewrite iterS; elim: F hF (iter n _ _) IH => [|f F IHF] //= /andP[hf hF] D hD.
by apply: IHF => //; apply: relaxP.
Qed.
Lemma belowP fv bv z D j : above fv bv z D -> below D j -> z <= look fv bv j.
Proof. by move=> h /hasP[d /h hd /andP[/eqP e hle]]; apply: le_trans hd _; rewrite /look e ler_add2l. Qed.
Lemma leP fv bv F i j : all (ok fv bv) F -> le F i j -> look fv bv i <= look fv bv j.
Proof. move=> hF; rewrite /le; case: ifP => [/(allP hF) //|_]; case: ifP => [h _|_]; last exact/belowP/reachP.
by apply: belowP h => d; rewrite inE => /eqP->.
Qed.

Lemma facts_ofP fv bv a f : holds fv -> aden fv bv a != 0 -> f \in facts_of a -> ok fv bv f.
Proof. case=> _ _ _ _ hbox; case: a => s l.
have H i j : aden fv bv (s, [:: i; j]) != 0 -> f \in (if box s is [:: m; n] then [:: (cst 1, i); (i, m); (cst 1, j); (j, n)] else [::]) -> ok fv bv f.
  case: s => [|[|[|[|[|[|?]]]]] [|? [|m [|n [|? ?]]]]] //= h; rewrite /aden /= in h; have /andP[/andP[h1 h2] /andP[h3 h4]] := hbox _ _ _ _ _ h.
  by rewrite !inE => /or4P[] /eqP->; rewrite /ok //= /look /= ?addr0.
case: s H => [|[|[|k]] [|s0 s]] H; case: l => [|i [|j [|? ?]]] //=; try exact: H.
  rewrite /aden /= => h; rewrite !inE => hf; move: h; case: (eqVneq (look fv bv i) (look fv bv j)) => [e _|_]; last by rewrite eqxx.
  by case/orP: hf => /eqP->; rewrite /ok /= e.
rewrite /aden /= => h; rewrite inE => /eqP->; rewrite /ok /=; case: (boolP (_ <= _)) h => //= _; by rewrite eqxx.
Qed.
Definition known r ats : seq fact := ranges r ++ flatten (map facts_of ats) ++ order K.
Lemma knownP fv bv r ats : holds fv -> fits N r bv -> mden fv bv ats != 0 -> all (ok fv bv) (known r ats).
Proof. move=> hK [_ hb] h; apply/allP => f; rewrite !mem_cat => /or3P[].
- case/flattenP => l /mapP[p]; rewrite mem_iota add0n => /andP[_ hp] ->.
  rewrite !inE => /orP[] /eqP->; rewrite /ok /= ?look_plus /look /= /base /= !addr0 //.
  by rewrite -PoszD lez_nat addn1 hb.
- case/flattenP => l /mapP[a ha ->]; apply: facts_ofP => //; exact: mden_neq0 ha h.
- by case: hK => h1 _ _ _ _; exact: h1.
Qed.

(* [i ≤ j] that the other factors imply, or forbid *)
Definition redundant m x :=
  let a := nth atom0 m.2 x in
  if indicator a then (let F := known m.1 (rm x m.2) in all (fun f => le F f.1 f.2) (facts_of a)) else false.
Lemma indicatorP fv bv a : indicator a -> all (ok fv bv) (facts_of a) -> aden fv bv a = 1.
Proof. case: a => [[|[|[|k]] [|? ?]] [|i [|j [|? ?]]]] //= _; rewrite /aden /ok /= andbT.
  by move=> h; rewrite eq_le h.
by move=> ->.
Qed.
Lemma redundantP fv m x : holds fv -> (x < size m.2)%N -> redundant m x -> mval fv m = mval fv (m.1, rm x m.2).
Proof.
move=> hK hx; rewrite /redundant; case: ifP => // hi /allP hf; apply: sden_ext => bv hb; rewrite (mden_pull _ _ _ _ _ hx).
case: (eqVneq (mden fv bv (rm x m.2)) 0) => [->|h0]; first by rewrite mulr0.
rewrite (indicatorP hi) ?mul1r //; apply/allP => f hf'; apply: leP (knownP hK hb h0) (hf f hf').
Qed.
Fixpoint swept n m : mono :=
  if n is x.+1 then swept x (if redundant m x then (m.1, rm x m.2) else m) else m.
Lemma sweptP fv n m : holds fv -> (n <= size m.2)%N -> mval fv (swept n m) = mval fv m.
Proof. move=> hK; elim: n m => //= x IH m hx; case: ifP => [h|_]; last by rewrite IH // ltnW.
rewrite IH -?(redundantP hK hx h) //= size_cat size_takel ?leq_addr //; exact: ltnW.
Qed.
Definition dead m x :=
  let a := nth atom0 m.2 x in
  if indicator a then
    let F := known m.1 (rm x m.2) in has (fun f => le F (plus f.2 1) f.1) (facts_of a) ||
    (if a is ([:: 0%N], [:: i; j]) then ((i, j) \in apart K) || ((j, i) \in apart K) else false)
  else false.
Lemma deadP fv m x : holds fv -> (x < size m.2)%N -> dead m x -> mval fv m = 0.
Proof.
move=> hK hx; rewrite /dead; case: ifP => // hi hd; rewrite /mval -[RHS](mul0r (sden N m.1 (fun=> 1))) sden_mull.
apply: sden_ext => bv hb; rewrite (mden_pull _ _ _ _ _ hx) mul0r.
case: (eqVneq (mden fv bv (rm x m.2)) 0) => [->|h0]; first by rewrite mulr0.
case: (eqVneq (aden fv bv (nth atom0 m.2 x)) 0) => [->|ha]; first by rewrite mul0r.
case/orP: hd => [/hasP[f hf hle]|].
  have := leP (knownP hK hb h0) hle; have := facts_ofP hK ha hf; rewrite /ok look_plus => h1 h2.
  by move: (le_trans h2 h1); rewrite -[X in _ <= X]addr0 ler_add2l.
case: (nth _ _ _) ha => [[|[|?] [|? ?]] [|i [|j [|? ?]]]] //= _ h; rewrite /aden /=; case: hK => _ hap _ _ _.
have /negbTE-> : look fv bv i != look fv bv j; last by rewrite mul0r.
by case/orP: h => h; [exact: (hap bv _ h)|rewrite eq_sym; exact: (hap bv _ h)].
Qed.

(* a bound index that is some other index: the first of the term *)
Definition solved (a : atom) : option idx :=
  if a is ([:: 0%N], [:: i; j]) then
    if (i.1 == (1%N, 0%N)) && (j.1 != (1%N, 0%N)) then Some (plus j (- i.2))
    else if (j.1 == (1%N, 0%N)) && (i.1 != (1%N, 0%N)) then Some (plus i (- j.2)) else None
  else None.
Lemma solvedP fv bv a i : solved a = Some i -> aden fv bv a = aden fv bv (delta (bnd 0) i) /\ i.1 != (1%N, 0%N).
Proof. case: a => [[|[|?] [|? ?]] [|u [|v [|? ?]]]] //=; rewrite /aden /=.
have H (x y : idx) : x.1 == (1%N, 0%N) -> (look fv bv x == look fv bv y) = (look fv bv (bnd 0) == look fv bv (plus y (- x.2))).
  by move=> /eqP e; rewrite look_plus {1 3}/look e /= addr0 eq_sym -subr_eq eq_sym.
by case: ifP => [/andP[h1 h2] [<-]|_]; [rewrite (H u v)|case: ifP => // /andP[h1 h2] [<-]; rewrite eq_sym (H v u)].
Qed.
Definition by_delta r ats : option poly :=
  pick (fun x => if solved (nth atom0 ats x) is Some i then Some (pone (contract i r (rm x ats))) else None) (iota 0 (size ats)).
Definition candidates ats : seq idx :=
  cst 1 :: flatten [seq (if a is ([:: 1%N], [:: i; j]) then
    if i == bnd 0 then [:: j] else if j == bnd 0 then [:: i] else [::] else [::]) | a <- ats].
Definition by_squeeze r ats : option poly :=
  let F := known r.+1 ats in let up := reach F (bnd 0) in
  pick (fun i => if (i.1 != (1%N, 0%N)) && below up i then if le F i (bnd 0) then Some (pone (contract i r ats)) else None
                 else None) (candidates ats).
Definition of_front (f : nat -> seq atom -> option poly) m : option poly :=
  pick (fun p => let m' := front p m in if m'.1 is r.+1 then f r m'.2 else None) (iota 0 m.1).
Lemma of_frontP f fv m q : of_front f m = Some q ->
  (forall r ats q, f r ats = Some q -> mval fv (r.+1, ats) = pden fv q) -> mval fv m = pden fv q.
Proof. move=> h H; have [p _] := pickP h; case E: (front p m) => [[|r] ats] //= /H <-.
by rewrite -E frontP.
Qed.
Lemma by_deltaP fv r ats q : by_delta r ats = Some q -> mval fv (r.+1, ats) = pden fv q.
Proof. move=> h; have [x hx] := pickP h; rewrite mem_iota add0n /= in hx; case E: solved => [i|] // [<-].
have [_ hi] := solvedP (fun=> 0) [::] E; rewrite pden_one -contractP //; apply: sden_ext => bv _ /=.
by rewrite (mden_pull _ _ _ _ _ hx) mden_cons; have [-> _] := solvedP fv bv E.
Qed.
Lemma by_squeezeP fv r ats q : holds fv -> by_squeeze r ats = Some q -> mval fv (r.+1, ats) = pden fv q.
Proof.
move=> hK h; have [i _] := pickP h; case: ifP => // /andP[hi h1]; case: ifP => // h2 [<-]; rewrite pden_one -contractP //.
apply: sden_ext => bv hb; rewrite mden_cons; case: (eqVneq (mden fv bv ats) 0) => [->|h0]; first by rewrite mulr0.
have hF := knownP hK hb h0; rewrite (@indicatorP _ _ (delta (bnd 0) i)) ?mul1r //= /ok /=.
by rewrite (belowP (reachP hF) h1) (leP hF h2).
Qed.

(* how many indices a range has, where nothing else speaks of the index *)
Definition speaks b (a : atom) := has (fun i : idx => i.1 == b) a.2.
Definition by_count r ats : option poly :=
  let rest := map (amap drop1) [seq a <- ats | ~~ speaks (1%N, 0%N) a] in
  match [seq a <- ats | speaks (1%N, 0%N) a] with
  | [:: ([:: 1%N], [:: i; j]); ([:: 1%N], [:: i'; j'])] =>
      let: (lo, u, v, hi) := if j.1 == (1%N, 0%N) then (i, j, i', j') else (i', j', i, j) in
      let L := drop1 (plus lo (- u.2)) in let H := drop1 (plus hi (- v.2)) in let F := known r rest in
      if [&& u.1 == (1%N, 0%N), v.1 == (1%N, 0%N), lo.1 != (1%N, 0%N), hi.1 != (1%N, 0%N),
             le F L (plus H 1), le F (cst 0) L & le F (plus H 1) top]
      then Some [:: (1, (r, numeral H :: rest)); (-1, (r, numeral L :: rest)); (1, (r, rest))] else None
  | _ => None
  end.
Lemma count (L H : int) : 0 <= L -> L <= H + 1 -> H + 1 <= Posz N ->
  \sum_(v < N) (if L <= Posz v then 1 else 0) * (if Posz v <= H then 1 else 0) = H%:~R - L%:~R + 1 :> R.
Proof.
case: L => // l _ hl; have [h eH] : exists h, H = h%:Z - 1 by case E: (H + 1) hl => [h|//] _; exists h; rewrite -E addrK.
move: hl; rewrite eH subrK !lez_nat => hl hN; rewrite rmorphB /= rmorph1 addrAC subrK -!pmulrn -natrB //.
transitivity (\sum_(l <= i < h) (1 : R)); last by rewrite sumr_const_nat.
rewrite (big_nat_widen _ _ _ _ _ hN) (big_nat_widenl _ _ _ _ _ (leq0n l)) big_mkcond big_mkord /=.
apply: eq_bigr => v _; rewrite lez_nat ler_subr_addr -PoszD lez_nat addn1.
by case: (l <= v)%N; case: (v < h)%N; rewrite ?mul1r ?mulr1 ?mulr0.
Qed.
Lemma by_countP fv r ats q : holds fv -> by_count r ats = Some q -> mval fv (r.+1, ats) = pden fv q.
Proof. move=> hK; rewrite /by_count; set rest := map _ _; case E: [seq a <- ats | _] => [|a [|b [|c l]]] //; [|
  |by case: a {E} => [[|[|[|?]] [|? ?]] [|i [|j [|? ?]]]] //; case: b => [[|[|[|?]] [|? ?]] [|i' [|j' [|? ?]]]]].
  by case: a {E} => [[|[|[|?]] [|? ?]] [|i [|j [|? ?]]]].
case: a E => [[|[|[|?]] [|? ?]] [|i [|j [|? ?]]]] //; case: b => [[|[|[|?]] [|? ?]] [|i' [|j' [|? ?]]]] // E.
set w := if _ then (i, j, i', j') else _.
have hw bv : mden fv bv [:: ([:: 1%N], [:: i; j]); ([:: 1%N], [:: i'; j'])] = mden fv bv [:: atmost w.1.1.1 w.1.1.2; atmost w.1.2 w.2].
  by rewrite /w !mden_cons mden_nil !mulr1; case: ifP => _ //=; rewrite mulrC.
case: w hw => -[[lo u] v] hi hw; case: ifP => // /and5P[/eqP hu /eqP hv hlo hhi /and3P[h1 h2 h3]] [<-].
rewrite /pden !big_cons big_nil addr0 /tden /mval /= !rmorphN !rmorph1 !mul1r mulN1r sden_sum addrA.
rewrite -[- sden _ _ _]mulN1r sden_mull -!sdenD; apply: sden_ext => bv hb; rewrite !mden_cons mulN1r -mulNr -!mulrDl addrC.
have Ep x : mden fv (x :: bv) ats = mden fv (x :: bv) [:: atmost lo u; atmost v hi] * mden fv bv rest.
  rewrite -(@mden_perm _ _ _ _ _ _ ([seq a <- ats | speaks (1%N, 0%N) a] ++ [seq a <- ats | ~~ speaks (1%N, 0%N) a])) ?perm_filterC //.
  rewrite mden_cat E hw; congr (_ * _); symmetry; apply: mden_mapin => a; rewrite mem_filter => /andP[/hasPn ha _] i0 /ha hi0.
  by rewrite look_drop1.
rewrite (eq_bigr _ (fun (x : 'I_N) _ => Ep x)) -mulr_suml.
case: (eqVneq (mden fv bv rest) 0) => [->|h0]; first by rewrite !mulr0 ?addr0.
have hF := knownP hK hb h0; have := leP hF h1; have := leP hF h2; have := leP hF h3; rewrite !look_plus.
set H := look fv bv (drop1 _); set L := look fv bv (drop1 _) => k3 k2 k1.
rewrite -[X in _ = X + _]mul1r -mulrDl; congr (_ * _); rewrite [RHS]addrC /aden /= -/L -/H -(@count L H) //.
all: try by move: k3; rewrite [look fv bv top]addr0.
all: try by move: k2; rewrite [look fv bv (cst 0)]addr0.
apply: eq_bigr => x _; rewrite !mden_cons mden_nil mulr1 /aden /=; congr (_ * _).
  have -> : look fv (nat_of_ord x :: bv) u = Posz x + u.2 by rewrite /look hu.
  by rewrite /L -(look_drop1 _ _ _ x) // look_plus ler_subl_addr.
have -> : look fv (nat_of_ord x :: bv) v = Posz x + v.2 by rewrite /look hv.
by rewrite /H -(look_drop1 _ _ _ x) // look_plus ler_subr_addr.
Qed.

(* an equation that is given, wherever it fits *)
Definition lookup (T : Type) (d : T) (s : seq (nat * T)) x : T := nth d (unzip2 s) (index x (unzip1 s)).
Definition fit := (seq (nat * idx) * seq (nat * nat))%type.
Definition unify1 (st : fit) (p i : idx) : option fit :=
  if p.1.1 == 2%N then
    let j := plus i (- p.2) in
    if p.1.2 \in unzip1 st.1 then (if lookup (cst 0) st.1 p.1.2 == j then Some st else None) else Some ((p.1.2, j) :: st.1, st.2)
  else if p.1.1 == 1%N then
    if (i.1.1 == 1%N) && (i.2 == p.2) then
      if p.1.2 \in unzip1 st.2 then (if lookup 0%N st.2 p.1.2 == i.1.2 then Some st else None)
      else if i.1.2 \in unzip2 st.2 then None else Some (st.1, (p.1.2, i.1.2) :: st.2)
    else None
  else if p == i then Some st else None.
Fixpoint unify (st : fit) (ps js : seq idx) : option fit :=
  match ps, js with
  | [::], [::] => Some st
  | p :: ps, j :: js => if unify1 st p j is Some st' then unify st' ps js else None
  | _, _ => None
  end.
Fixpoint matching (l ats : seq atom) (st : fit) : option fit :=
  if l is a :: l' then
    pick (fun x => let b := nth atom0 ats x in
      if b.1 == a.1 then (if unify st a.2 b.2 is Some st' then matching l' (rm x ats) st' else None) else None) (iota 0 (size ats))
  else Some st.
Fixpoint subtract (l ats : seq atom) : option (seq atom) :=
  if l is a :: l' then if a \in ats then subtract l' (rem a ats) else None else Some ats.
Lemma subtractP l ats rest : subtract l ats = Some rest -> perm_eq ats (l ++ rest).
Proof. elim: l ats => [|a l IH] ats /=; first by case=> ->.
case: ifP => // ha /IH h; rewrite (permPl (perm_to_rem ha)) perm_cons; exact: h.
Qed.
Fixpoint moves (targets cur : seq nat) : seq nat :=
  if targets is t :: ts then let n := index t cur in n :: moves ts (t :: rm n cur) else [::].
Definition lower s (i : idx) : idx := if i.1.1 == 1%N then (1%N, i.1.2 - s, i.2)%N else i.
Definition by_rule m (e : seq fact * mono * poly) : option poly :=
  let: (g, l, q) := e in let s := l.1 in
  if matching l.2 m.2 ([::], [::]) is Some (vs, bs) then
    let ns := [seq lookup 0%N bs p | p <- iota 0 s] in
    let others := [seq y <- iota 0 m.1 | y \notin ns] in
    let fs := [seq (x.1, if x.2.1.1 == 1%N then (1%N, index x.2.1.2 others, x.2.2) else x.2) | x <- vs] in
    let f := lookup (cst 0) fs in
    let m' := reorder (moves (rev ns) (iota 0 m.1)) m in
    if subtract (map (amap (place s s f)) l.2) m'.2 is Some rest' then
      let rest := map (amap (lower s)) rest' in let F := known (m'.1 - s) rest in
      if [&& (s <= m'.1)%N, rest' == map (amap (shift s)) rest,
             all (fun i => le F (cst 0) i && le F (plus i 1) top) (cst 0 :: unzip2 fs) &
             all (fun h : fact => [&& h.1.1.1 != 1%N, h.2.1.1 != 1%N & le F (sub f h.1) (sub f h.2)]) g]
      then Some (replaced m' q f s rest) else None
    else None
  else None.
Lemma look_sub fv bv f i : i.1.1 != 1%N -> look fv bv (sub f i) = look (fun x => look fv bv (f x)) [::] i.
Proof. by case: i => -[[|[|[|k]]] x] o //= _; rewrite /sub /= look_plus. Qed.
Lemma by_ruleP fv m e q : holds fv -> e \in rules K -> by_rule m e = Some q -> mval fv m = pden fv q.
Proof. move=> hK; case: e => -[g l] q0 he; rewrite /by_rule; case: matching => [[vs bs]|] //.
set fs := [seq _ | x <- vs]; set f := lookup _ fs; set m' := reorder _ m; case E: subtract => [rest'|] //.
case: ifP => // /and4P[hs /eqP hr /allP hfs /allP hg] [<-]; transitivity (mval fv m'); first by rewrite /m' reorderP.
apply: replaceP => //; last by rewrite -hr; exact: subtractP E.
move=> bv hb h0; have [_ _ hq _ _] := hK; apply: (hq _ _ _ he) => [x|]; last apply/allP => h /hg /and3P[h1 h2 h3].
have hF := knownP hK hb h0; have : f x \in cst 0 :: unzip2 fs.
  rewrite /f /lookup in_cons; case: (ltnP (index x (unzip1 fs)) (size (unzip2 fs))) => hx; first by rewrite mem_nth ?orbT.
  by rewrite nth_default.
case/hfs/andP => /(leP hF) h1 /(leP hF); rewrite look_plus [look _ _ top]addr0 lez_addr1 => ->.
by move: h1; rewrite [look _ _ (cst 0)]addr0 => ->.
by rewrite /ok -!look_sub //; apply: leP h3; apply: knownP.
Qed.

(* an index as a number: without its offset *)
Definition by_numeral m : option poly :=
  pick (fun x => match nth atom0 m.2 x with
    | ([:: 2%N], [:: i]) => let rest := (m.1, rm x m.2) in
        if i.1.1 == 0%N then Some [:: (i.2%:~R, rest)]
        else if i.2 == 0 then None else Some [:: (1, (m.1, numeral (plus i (- i.2)) :: rm x m.2)); (i.2%:~R, rest)]
    | _ => None end) (iota 0 (size m.2)).
Lemma by_numeralP fv m q : by_numeral m = Some q -> mval fv m = pden fv q.
Proof. move=> h; have [x hx] := pickP h; rewrite mem_iota add0n /= in hx.
case E: (nth _ _ _) => [[|[|[|[|?]]] [|? ?]] [|i [|? ?]]] //.
have hm c : (forall bv, aden fv bv (numeral i) = c bv) -> mval fv m = sden N m.1 (fun bv => c bv * mden fv bv (rm x m.2)).
  by move=> hc; apply: sden_ext => bv _; rewrite (mden_pull _ _ _ _ _ hx) E hc.
case: (eqVneq i.1.1 0%N) => h0.
  case=> <-; rewrite (hm (fun _ => i.2%:~R)) => [|bv]; last by rewrite /aden /= /look /base h0 add0r.
  by rewrite /pden big_seq1 /tden /= ratr_int sden_mull.
rewrite /=; case: ifP => // _ [<-]; rewrite (hm (fun bv => aden fv bv (numeral (plus i (- i.2))) + i.2%:~R)); last first.
  by move=> bv; rewrite /aden /= look_plus -rmorphD subrK.
rewrite /pden !big_cons big_nil addr0 /tden /= rmorph1 mul1r ratr_int sden_mull /mval /=.
by rewrite -sdenD; apply: sden_ext => bv _; rewrite mulrDl mden_cons.
Qed.

(* δ(i, j) f(j) = δ(i, j) f(i) *)
Definition by_same m : option poly :=
  pick (fun x => if nth atom0 m.2 x is ([:: 0%N], [:: i; j]) then
      let: (lo, hi) := if (i.1.1 < j.1.1)%N || ((i.1.1 == j.1.1) && (i.1.2 <= j.1.2)%N) then (i, j) else (j, i) in
      if [&& i.1 != j.1, i.1.1 != 1%N, j.1.1 != 1%N & has (speaks hi.1) (rm x m.2)] then
        Some (pone (m.1, delta lo hi :: map (amap (fun k => if k.1 == hi.1 then plus lo (k.2 - hi.2) else k)) (rm x m.2)))
      else None else None) (iota 0 (size m.2)).
Lemma by_sameP fv m q : by_same m = Some q -> mval fv m = pden fv q.
Proof. move=> h; have [x hx] := pickP h; rewrite mem_iota add0n /= in hx.
case E: (nth _ _ _) => [[|[|?] [|? ?]] [|i [|j [|? ?]]]] //; set w := if _ then (i, j) else _.
have hw : w = (i, j) \/ w = (j, i) by rewrite /w; case: ifP; [left|right].
have hd bv : aden fv bv (delta i j) = aden fv bv (delta w.1 w.2) by case: hw => -> //; rewrite /aden /= eq_sym.
case: w hd {hw} => lo hi hd; case: ifP => // _ [<-]; rewrite pden_one; apply: sden_ext => bv _.
rewrite (mden_pull _ _ _ _ _ hx) E hd mden_cons {1 2}/aden /=; case: eqP => [e|]; last by rewrite !mul0r.
rewrite !mul1r; symmetry; apply: mden_map => k; case: eqP => // ek.
by rewrite look_plus e /look ek -addrA [hi.2 + _]addrC subrK.
Qed.

(* a free index that can only be 1: the column of a vector *)
Definition by_one m : option poly :=
  let F := known m.1 [::] in
  pick (fun i => if i.1.1 == 2%N then if le F i (cst 1) && le F (cst 1) i then
      Some (pone (m.1, map (amap (fun k => if k.1 == i.1 then cst (1 + (k.2 - i.2)) else k)) m.2)) else None else None)
    (undup (flatten [seq a.2 | a <- m.2])).
Lemma by_oneP fv m q : holds fv -> by_one m = Some q -> mval fv m = pden fv q.
Proof. move=> hK h; have [i _] := pickP h; case: ifP => // _; case: ifP => // /andP[h1 h2] [<-]; rewrite pden_one.
apply: sden_ext => bv hb; symmetry; apply: mden_map => k; case: eqP => // ek.
have hF := @knownP fv bv m.1 [::] hK hb; rewrite mden_nil in hF; have {}hF := hF (oner_neq0 _).
have e : look fv bv i = 1 by apply/eqP; rewrite eq_le; apply/andP; split; [exact: leP hF h1|exact: leP hF h2].
by rewrite [LHS]add0r -e /look ek -addrA [i.2 + _]addrC subrK.
Qed.

(* one step *)
Definition by_order m : option poly :=
  let m' := swept (size m.2) m in
  if (size m'.2 < size m.2)%N then Some (pone m') else
  pick (fun x => if dead m x then Some [::] else None) (iota 0 (size m.2)).
Definition first (fs : seq (mono -> option poly)) m : option poly := pick (fun f => f m) fs.
Definition step m : option poly :=
  if by_order m is Some q then Some q else
  if of_front by_delta m is Some q then Some q else
  if pick (by_rule m) (rules K) is Some q then Some q else
  if of_front by_squeeze m is Some q then Some q else
  if by_numeral m is Some q then Some q else
  if by_same m is Some q then Some q else
  if by_one m is Some q then Some q else of_front by_count m.
Lemma stepP fv m q : holds fv -> step m = Some q -> mval fv m = pden fv q.
Proof. move=> hK; rewrite /step; case E1: by_order => [q1|].
  case=> <-; move: E1; rewrite /by_order; case: ifP => [_ [<-]|_ h]; first by rewrite pden_one sweptP.
  have [x hx] := pickP h; rewrite mem_iota add0n /= in hx; case: ifP => // hd [<-].
  by rewrite (deadP hK hx hd) /pden big_nil.
case E2: of_front => [q2|]; first by case=> <-; apply: of_frontP E2 _ => r ats q3; apply: by_deltaP.
case E3: pick => [q3|]; first by case=> <-; have [e he] := pickP E3; apply: by_ruleP.
case E4: of_front => [q4|]; first by case=> <-; apply: of_frontP E4 _ => r ats q5; apply: by_squeezeP.
case E5: by_numeral => [q5|]; first by case=> <-; apply: by_numeralP.
case E6: by_same => [q6|]; first by case=> <-; apply: by_sameP.
case E8: by_one => [q8|]; first by case=> <-; apply: by_oneP.
by move=> E7; apply: of_frontP E7 _ => r ats q7; apply: by_countP.
Qed.

(* names of bound indices: any are sound, good ones are found by colouring *)
Fixpoint lex (a b : seq nat) : bool :=
  match a, b with [::], _ => true | _, [::] => false | x :: a', y :: b' => (x < y)%N || ((x == y) && lex a' b') end.
Definition code (o : int) : nat := match o with Posz n => n.*2 | Negz n => n.*2.+1 end.
Definition icode cols p (i : idx) : seq nat :=
  if i.1 == (1%N, p) then [:: 9; code i.2]%N else if i.1.1 == 1%N then [:: 1%N; nth 0%N cols i.1.2; code i.2]
  else [:: 10 + i.1.1; i.1.2; code i.2]%N.
Definition acode cols p (a : atom) : seq nat :=
  let l := map (icode cols p) a.2 in a.1 ++ 77%N :: flatten (if (a.1 == [:: 0%N]) || (a.1 \in symm K) then sort lex l else l).
Definition sig cols ats p : seq nat :=
  nth 0%N cols p :: flatten (sort lex [seq 99%N :: acode cols p a | a <- ats & speaks (1%N, p) a]).
Definition ranks (sigs : seq (seq nat)) : seq nat := let l := sort lex (undup sigs) in [seq index x l | x <- sigs].
Definition refine ats cols := ranks [seq sig cols ats p | p <- iota 0 (size cols)].
Definition single cols : seq nat :=
  if [seq c <- sort leq cols | (1 < count_mem c cols)%N] is c :: _ then
    let p := index c cols in [seq (if q == p then (nth 0 cols q).*2 else (nth 0 cols q).*2.+1)%N | q <- iota 0 (size cols)]
  else cols.
Fixpoint colour fuel ats cols : seq nat :=
  if fuel is f.+1 then
    if uniq cols then cols else
      let c := refine ats (refine ats (refine ats cols)) in colour f ats (if uniq c then c else single c)
  else cols.
Definition naming m : seq nat :=
  let n := m.1 in let c := colour n m.2 (nseq n 0%N) in
  moves (rev (sort (fun p q => nth 0 c p <= nth 0 c q)%N (iota 0 n))) (iota 0 n).
Definition words (i : idx) : seq nat := [:: i.1.1; i.1.2; code i.2].
Definition flat2 (a : atom) : atom := if a.2 is [:: i; j] then (a.1, [:: plus i (- j.2); plus j (- j.2)]) else a.
Definition turn (a : atom) : atom :=
  if (a.1 == [:: 0%N]) || (a.1 \in symm K) then
    if a.2 is [:: i; j] then (a.1, if lex (words i) (words j) then [:: i; j] else [:: j; i]) else a else a.
Definition orient (a : atom) : atom := let b := turn a in if indicator b then flat2 b else b.
Definition ale (a b : atom) : bool := lex (a.1 ++ 0%N :: flatten (map words a.2)) (b.1 ++ 0%N :: flatten (map words b.2)).
Definition canon m : mono := let m' := reorder (naming m) m in (m'.1, sort ale (map orient m'.2)).
Lemma canonP fv m : holds fv -> mval fv (canon m) = mval fv m.
Proof. case=> _ _ _ hs _; rewrite -[RHS](reorderP N sz env fv (naming m)); apply: sden_ext => bv _ /=.
rewrite (mden_perm _ _ _ _ _ (a2 := map orient (reorder (naming m) m).2)) ?perm_sort //.
rewrite /mden big_map; apply: eq_bigr => a _; have -> : aden fv bv (orient a) = aden fv bv (turn a).
  rewrite /orient; case: ifP => //; case: (turn a) => [[|[|[|?]] [|? ?]] [|i [|j [|? ?]]]] //= _; rewrite /aden /= !look_plus.
    by rewrite (inj_eq (addIr _)).
  by rewrite ler_add2r.
rewrite /turn; case: ifP => // hs'; case: a hs' => s [|i [|j [|? ?]]] //= hs'; case: ifP => // _; rewrite /aden /=.
by case/orP: hs' => [/eqP->|h]; [rewrite /= eq_sym | rewrite hs].
Qed.

(* an order is split until it is as it is named: [i ≤ j] = 1 − [j ≤ i − 1] = [i ≤ j − 1] + δ(i, j) *)
Definition by_split m : option poly :=
  pick (fun x => if nth atom0 m.2 x is ([:: 1%N], [:: i; j]) then
      let p c a := (c, (m.1, a :: rm x m.2)) in
      if (if j.1.1 == 1%N then i.1.1 != 1%N else if i.1.1 == 1%N then false else ~~ lex (words i) (words j)) then
        Some [:: (1, (m.1, rm x m.2)); p (-1) (atmost j (plus i (-1)))]
      else if i.2 < j.2 then Some [:: p 1 (atmost i (plus j (-1))); p 1 (delta i j)]
      else if j.2 < i.2 then Some [:: p 1 (atmost i (plus j 1)); p (-1) (delta i (plus j 1))] else None
    else None) (iota 0 (size m.2)).
Lemma by_splitP fv m q : by_split m = Some q -> mval fv m = pden fv q.
Proof. move=> h; have [x hx] := pickP h; rewrite mem_iota add0n /= in hx.
have two c u v : (forall bv, aden fv bv (nth atom0 m.2 x) = mden fv bv u + ratr c * mden fv bv v) ->
    mval fv m = pden fv [:: (1, (m.1, u ++ rm x m.2)); (c, (m.1, v ++ rm x m.2))].
  move=> e; rewrite /pden !big_cons big_nil addr0 /tden /mval /= rmorph1 mul1r sden_mull -sdenD; apply: sden_ext => bv _.
  by rewrite (mden_pull _ _ _ _ _ hx) e !mden_cat mulrDl -mulrA.
case E: (nth _ _ _) two => [[|[|[|?]] [|? ?]] [|i [|j [|? ?]]]] // two; cbv zeta; case: ifP => _.
  case=> <-; apply: (two _ [::] [:: _]) => bv; rewrite !mden_cons !mden_nil /aden /= look_plus mulr1 rmorphN rmorph1 mulN1r.
  by rewrite ler_subr_addr lez_addr1 ltNge; case: (look fv bv i <= look fv bv j); rewrite /= ?oppr0 ?addr0 ?subrr.
have eq_lt (y z : int) : (if y <= z then 1 else 0) = (if y < z then 1 else 0) + (if y == z then 1 else 0) :> R.
  by case: ltgtP; rewrite ?addr0 ?add0r.
case: ifP => _; last case: ifP => // _; case=> <-; apply: (two _ [:: _] [:: _]) => bv; rewrite !mden_cons !mden_nil !mulr1;
  rewrite /aden /= look_plus ?rmorphN rmorph1 ?mulN1r ?mul1r; first by rewrite ler_subr_addr lez_addr1 eq_lt.
by rewrite [X in X - _]eq_lt -(lez_addr1 (look fv bv i)) ler_add2r addrK.
Qed.

(* normal forms, and the test for zero *)
Fixpoint norm (f : mono -> option poly) n (t : term) : poly :=
  if n is n'.+1 then
    if f t.2 is Some p then flatten [seq norm f n' (t.1 * u.1, u.2) | u <- p] else [:: (t.1, canon t.2)]
  else [:: t].
Definition keeps fv (f : mono -> option poly) := forall m q, f m = Some q -> mval fv m = pden fv q.
Lemma normP fv f n t : holds fv -> keeps fv f -> pden fv (norm f n t) = tden fv t.
Proof. move=> hK hf; elim: n t => [|n IH] [c m] /=; first by rewrite /pden big_seq1.
case E: (f m) => [p|]; last by rewrite /pden big_seq1; congr (_ * _); exact: canonP.
rewrite /pden big_flatten big_map (eq_bigr (fun u => ratr c * tden fv u)); last first.
  by move=> u _; rewrite [LHS]IH /tden /= rmorphM mulrA.
by rewrite -mulr_sumr; congr (_ * _); rewrite -/(pden fv p) -(hf _ _ E).
Qed.
Definition total (p : poly) : rat := foldr (fun u x => u.1 + x) 0 p.
Lemma totalE p : total p = \sum_(u <- p) u.1. Proof. by elim: p => [|u p IH]; rewrite ?big_nil // big_cons /= IH. Qed.
Fixpoint cancel fuel (p : poly) : poly :=
  if fuel is f.+1 then
    if p is t :: _ then
      let same := [seq u <- p | u.2 == t.2] in let rest := [seq u <- p | u.2 != t.2] in
      let c := total same in
      if c == 0 then cancel f rest else (c, t.2) :: cancel f rest
    else [::]
  else p.
Lemma cancelE f t p : cancel f.+1 (t :: p) =
  (let q := t :: p in let c := total [seq u <- q | u.2 == t.2] in let rest := [seq u <- q | u.2 != t.2] in
   if c == 0 then cancel f rest else (c, t.2) :: cancel f rest).
Proof. by []. Qed.
Lemma cancelP fv fuel p : pden fv (cancel fuel p) = pden fv p.
Proof. elim: fuel p => [|f IH] [|t p] //; rewrite cancelE; set q := t :: p; pose rest := [seq u <- q | u.2 != t.2].
pose c := total [seq u <- q | u.2 == t.2].
have -> : pden fv q = ratr c * mval fv t.2 + pden fv rest.
  rewrite /pden (bigID (fun u : term => u.2 == t.2)) /=; congr (_ + _); last by rewrite big_filter.
  rewrite /c totalE big_filter rmorph_sum mulr_suml; apply: eq_bigr => u /eqP e; by rewrite /tden e.
cbv zeta; rewrite -/rest -/c; case: (c =P 0) => [->|_]; first by rewrite rmorph0 mul0r add0r IH.
by rewrite [LHS]big_cons -/(pden _ _) IH.
Qed.
Definition fuel := 60%N.
Definition normal_by f (p : poly) : poly := let q := flatten [seq norm f fuel t | t <- p] in cancel (size q) q.
Lemma normal_byP fv f p : holds fv -> keeps fv f -> pden fv (normal_by f p) = pden fv p.
Proof. move=> hK hf; rewrite /normal_by cancelP /pden big_flatten big_map; apply: eq_bigr => t _; exact: normP. Qed.
Definition normal := normal_by step.
Lemma normalP fv p : holds fv -> pden fv (normal p) = pden fv p. Proof. by move=> hK; apply: normal_byP => // m q; exact: stepP. Qed.
Definition zero (p : poly) : bool :=
  let q := normal p in if nilp q then true else nilp (normal (normal_by by_split q)).
Theorem zeroP fv p : holds fv -> zero p -> pden fv p = 0.
Proof.
move=> hK; rewrite /zero /=; case: ifP => [/nilP h _|_ /nilP h]; first by rewrite -normalP // h /pden big_nil.
rewrite -normalP // -(@normal_byP fv by_split) //; last by move=> m q; exact: by_splitP.
by rewrite -normalP // h /pden big_nil.
Qed.
End Norm.
