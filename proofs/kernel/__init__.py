"""What must be right for ``proved`` to be true; imports nothing above it."""
