"""Pages by which operators keep the subscribers outside."""
