"""Search for proofs. Nothing here can make a theorem: a wrong tactic fails, it does not deceive."""
