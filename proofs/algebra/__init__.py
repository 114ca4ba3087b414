"""Matrices of symbolic size: expressions, their normal form, their exact value at an instance, their printed form."""
