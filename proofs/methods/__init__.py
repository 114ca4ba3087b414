"""Ways to decide: one file each, holding a kind of statement and its witnesses."""
