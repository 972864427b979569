"""Pages of the accounts, and what surrounds all pages: the session and the protection against forged requests."""
