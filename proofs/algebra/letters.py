"""Letters and signs beyond ASCII as LaTeX.

Main results
    safe(s)      LaTeX in which some Unicode letters are left → LaTeX
    symbol(c)    one character in math mode
"""

from __future__ import annotations

import re
import unicodedata

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip

ACCENTS = {"\u0304": "bar", "\u0302": "hat", "\u0303": "tilde", "\u0307": "dot", "\u0305": "bar"}
EUROPEAN = ACCENTS | {"\u0300": "grave", "\u0301": "acute", "\u0308": "ddot", "\u030a": "mathring", "\u030c": "check"}
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀᵏᵐ°", [*"0123456789-+n", r"\top ", "k", "m", r"\circ "], strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚ₊₋", "0123456789ijklmnp+-", strict=True))
SYMBOLS = {
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\neq ", "≈": r"\approx ", "→": r"\to ", "∞": r"\infty ", "∈": r"\in ",
    "∉": r"\notin ", "‖": r"\Vert ", "⟨": r"\langle ", "⟩": r"\rangle ", "·": r"\cdot ", "×": r"\times ",
    "−": "-", "…": r"\dots ", "⋯": r"\cdots ", "∂": r"\partial ", "∇": r"\nabla ", "∘": r"\circ ", "⊙": r"\odot ",
    "⪰": r"\succeq ", "≻": r"\succ ", "⪯": r"\preceq ", "≺": r"\prec ", "±": r"\pm ", "∀": r"\forall ",
    "∃": r"\exists ", "⊤": r"\top ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ", "↔": r"\leftrightarrow ",
    "∝": r"\propto ", "∪": r"\cup ", "∩": r"\cap ", "⊂": r"\subset ", "⊆": r"\subseteq ", "∖": r"\setminus ",
    "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}", "𝔼": r"\mathbb{E}",
    "⊥": r"\perp ", "⊗": r"\otimes ", "⊕": r"\oplus ", "≡": r"\equiv ", "∑": r"\sum ", "∏": r"\prod ", "√": r"\surd ",
    "½": r"\tfrac12 ", "¼": r"\tfrac14 ", "¾": r"\tfrac34 ", "⅓": r"\tfrac13 ", "′": "'", "″": "''", "ℓ": r"\ell ",
    "•": r"\bullet ", "≪": r"\ll ", "≫": r"\gg ", "∅": r"\emptyset ", "↦": r"\mapsto ", "∼": r"\sim ", "⌊": r"\lfloor ",
    "⌋": r"\rfloor ", "∧": r"\wedge ", "∨": r"\vee ", "𝓛": r"\mathcal{L}", "ℒ": r"\mathcal{L}", "✓": r"\checkmark ",
    "✗": r"\times ", "↑": r"\uparrow ", "↓": r"\downarrow ", "≅": r"\cong ", "ϵ": r"\epsilon ", "ϕ": r"\phi ",
    "†": r"\dagger ", "𝔽": r"\mathbb{F}", "∫": r"\int ", "∣": r"\mid ",
}  # fmt: skip
TYPOGRAPHY = {
    "—": "---", "–": "--", "“": "``", "”": "''", "‘": "`", "’": "'", "…": r"\dots{}", "\u00a0": "~", "\u202f": "~",
    "§": r"\S{}",
}  # fmt: skip
UNKNOWN = r"\mathord{?}"
"""Printed for a character that no table has."""


def safe(s: str) -> str:
    """LaTeX for math mode in which Unicode letters and signs are replaced.

    Examples
    --------
    >>> print(safe("S̄XXᵀ ≤ λ").strip())
    \\bar{S}XX^{\\top } \\le  \\lambda
    """
    s = unicodedata.normalize("NFD", s)
    s = re.sub(f"(.)([{''.join(EUROPEAN)}])", lambda m: f"\\{EUROPEAN[m[2]]}{{{m[1]}}}", s)
    s = re.sub(f"[{''.join(SUPERSCRIPTS)}]+", lambda m: f"^{{{''.join(SUPERSCRIPTS[c] for c in m[0])}}}", s)
    s = re.sub(f"[{''.join(SUBSCRIPTS)}]+", lambda m: f"_{{{''.join(SUBSCRIPTS[c] for c in m[0])}}}", s)
    s = unicodedata.normalize("NFC", s)
    return "".join(c if c.isascii() and not is_control(c) else symbol(c) for c in s)


def symbol(c: str) -> str:
    """One character in math mode."""
    if c in GREEK:
        return f"\\{GREEK[c]} "
    if c in SYMBOLS:
        return SYMBOLS[c]
    return f"\\text{{{TYPOGRAPHY[c]}}}" if c in TYPOGRAPHY else UNKNOWN


def is_latin(c: str) -> bool:
    """Whether it is a letter that the usual fonts have."""
    return c.isalpha() and ord(c) < 0x180


def is_control(c: str) -> bool:
    """Whether it is no character to LaTeX."""
    return (c < " " and c not in "\n\t") or c == "\x7f"
