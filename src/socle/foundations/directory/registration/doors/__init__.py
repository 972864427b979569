"""Pages of self-registration: the person's, and those of the directory manager of a structure."""
