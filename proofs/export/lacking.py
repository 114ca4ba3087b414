"""What a claim lacks in Coq.

Main results
    Lacking     raised where something has no counterpart
"""


class Lacking(Exception):
    """Something in a claim has no counterpart in Coq."""
