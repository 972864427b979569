"""Certificates of the health sector: names, profiles, certificates, revocation, as the IGC-Santé writes them.

Pure: keys and moments are given. Sources: ANS, «IGC-Santé, étapes 1 et 2, les gabarits des certificats X.509 et des
CRLs» (names, ranges, uses); «Guide commande de certificats, Ségur, couloir hôpital» (whose a certificate is, the names
that INSi asks for); RFC 5280 (certificates and lists), RFC 6960 and RFC 8954 (OCSP and its nonce). The object
identifiers of the certification policies could not be verified: none is written.
"""
