"""Pages by which operators watch deliveries and unblock them."""
