"""Everything that is written about a request: by who asks, by who instructs it, by time."""
