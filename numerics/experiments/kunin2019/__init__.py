"""The figures and the table of Kunin et al. 2019."""
