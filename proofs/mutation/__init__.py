"""Statements and proofs changed on purpose, to see who notices."""
