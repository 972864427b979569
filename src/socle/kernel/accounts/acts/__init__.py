"""Every write of the accounts: one function per act, inside one unit of work that checks, writes and records."""
