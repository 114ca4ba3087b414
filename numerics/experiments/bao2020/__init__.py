"""The figures and tables of Bao et al. 2020."""
