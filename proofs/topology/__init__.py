"""Chain complexes, exactly: the homology of real Grassmannians and of triangulated spaces."""
