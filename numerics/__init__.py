"""Measuring linear autoencoders: spectra, losses, Hessians and their exact conditioning.

Everything here works on arrays (NumPy, or any other array type of the array API standard) and knows nothing
of the claims it is measured against; `proofs` states and compares.

    spectra        eigenvalues of the data covariance: families, samplers, from data
    tables         tables of numbers from files and named data sets, in pieces of bounded memory
    layouts        what their first row says, which column counts the rows, which are wanted
    text_tables    separators and decimal marks found out, text parsed
    foreign_tables formats of other programs, by the libraries that read them
    limits         what is too much is refused before it begins
    losses         value and gradient of each loss
    scales         1/n or 1/2n: the scale of a loss, one word in every command
    priors         the prior of nested dropout, one reading in every command
    deep_flow      gradient flow of deep linear networks
    hessians       products with the Hessian, and the dense one, by differences of the gradient
    blocks         many small symmetric matrices at once, to full relative accuracy
    minima         the global minima, and the blocks that the Hessian splits into there
    conditioning   extreme curvatures, the slow direction, learning rates and steps
    degenerate     where a hypothesis fails: what collapses, what may rotate freely, what is left
    rag            the local rates of the rotation augmented gradient
    optimal        the regularisers and priors of the smallest condition number
    minimax        linear programs over the gaps between them
    relaxation     what every choice of regularisers must satisfy
    choices        regularisers and priors side by side: the best, the printed, the usual
    bounds         the bounds that papers print, beside the exact values
    sharper        bounds from both sides that are nearly exact
    uniform        bounds that no regularisers, and no prior, escape
    enclosures     the same, decided in exact rational arithmetic
    training       models trained by gradient descent, Nesterov, Adam and RAG, batched and resumable
    survey         bounds against exact values over families and sizes, on many processes or a cluster
    journal        a table on disk that grows by a row at a time
    figures        pictures of what is measured
"""
