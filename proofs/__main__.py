"""`python -m proofs` is `lae`."""

from proofs.start import main

if __name__ == "__main__":
    main()
