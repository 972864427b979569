"""Every write of registrations: one function an act, in one unit of work."""
