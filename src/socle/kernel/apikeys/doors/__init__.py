"""Pages by which people keep the keys of their software."""
