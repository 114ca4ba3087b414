"""The homology of real Grassmannians in closed form, which no chain complex enters.

Main results
    gaussian     the coefficients of the Gaussian binomial: numbers of partitions in a box, dimensions over 𝔽₂
    rational     the ranks, by the Pontryagin classes: Casian and Kodama (2013), from Ehresmann's signs
    integral     the groups, from both, as all torsion is of order 2: Ehresmann (1937)
"""

from __future__ import annotations

from functools import lru_cache

from proofs.topology.chain_complexes import Group

Polynomial = tuple[int, ...]


@lru_cache
def gaussian(m: int, k: int) -> Polynomial:
    """[m choose k]_q by Pascal's rule [m − 1 choose k] + q^{m − k} [m − 1 choose k − 1]: is the last direction chosen?

    Examples
    --------
    >>> gaussian(4, 2)
    (1, 1, 2, 1, 1)
    """
    if k < 0 or k > m:
        return ()
    if k in (0, m):
        return (1,)
    out = [0] * (k * (m - k) + 1)
    for shift, part in ((0, gaussian(m - 1, k)), (m - k, gaussian(m - 1, k - 1))):
        for d, x in enumerate(part):
            out[d + shift] += x
    return tuple(out)


def rational(m: int, k: int) -> Polynomial:
    """The ranks of H_0, …, H_{k(m − k)}: [⌊m/2⌋ choose ⌊k/2⌋] in q⁴, times 1 + q^{m − 1} for even m and odd k.

    Examples
    --------
    >>> rational(4, 2), rational(3, 1), rational(4, 1)
    ((1, 0, 0, 0, 1), (1, 0, 0), (1, 0, 0, 1))
    """
    odd_class = m % 2 == 0 and k % 2 == 1
    half = gaussian((m - 1) // 2 if odd_class else m // 2, k // 2)
    out = [0] * (k * (m - k) + 1)
    for d, x in enumerate(half):
        for shift in (0, m - 1) if odd_class else (0,):
            out[4 * d + shift] += x
    return tuple(out)


def integral(m: int, k: int) -> tuple[Group, ...]:
    """H_d: with t_d summands ℤ/2, dim H_d(·; 𝔽₂) = rank H_d + t_d + t_{d − 1} by universal coefficients.

    Examples
    --------
    >>> integral(3, 1)
    ((1, ()), (0, (2,)), (0, ()))
    """
    groups: list[Group] = []
    torsion = 0
    for rank, dimension in zip(rational(m, k), gaussian(m, k), strict=True):
        torsion = dimension - rank - torsion
        groups.append((rank, (2,) * torsion))
    return tuple(groups)
