"""`python -m proofs` is `lae`."""

from proofs.start import main

main()
