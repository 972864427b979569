"""The keyring: an envelope key for each person, under which personal details are sealed, and the keys that sign.

It answers PGSSI-S and GDPR art. 17 and 32: who holds only the database, or only a backup, reads no sealed detail; who
asks for erasure has the envelope destroyed. Wrapping is AES-256-GCM (NIST SP 800-38D) under keys derived from the
master (HKDF, RFC 5869); heads of the audit trail are signed with Ed25519 (RFC 8032), tokens with ES256 (RFC 7518).
"""
