"""The local authority: certificates of structures, servers and cards, shaped as those of the IGC-Santé.

For demonstrations, tests and continuous integration: software that asks for the published test authorities by their
names meets them here, with keys of this installation that nothing else trusts. What a certificate says is
`socle.standards.igc`; here are the keys of the authorities, the register of what they issued, and what they publish:
their own certificates, the lists of what is revoked, OCSP.
"""
