"""Claims for other checkers than our own."""
