"""Every write: notifying, reading, choosing, sending."""
