"""The figures of Bah et al. 2019."""
