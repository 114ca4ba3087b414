"""Measuring linear autoencoders: spectra, losses, Hessians and their exact conditioning.

Everything here works on arrays (NumPy, or any other array type of the array API standard) and knows nothing
of the claims it is measured against; `proofs` states and compares.

    spectra        eigenvalues of the data covariance: families, samplers, from data, from files
    losses         value and gradient of each loss
    hessians       products with the Hessian, and the dense one, by differences of the gradient
    blocks         the Hessian at the global minima, split by hand into blocks of size 1 to 4
    conditioning   extreme curvatures, the slow direction, learning rates and steps
    bounds         the bounds that papers print, beside the exact values
    enclosures     the same, decided in exact rational arithmetic
"""
