"""The figures of Oftadeh et al. 2020."""
