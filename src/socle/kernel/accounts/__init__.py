"""Agents of this installation: who they are, how they prove it, what they were trusted with, and until when.

Accounts are invited by a one-time link, enter with a password and a second factor (RFC 6238 codes, or a passkey of W3C
Web Authentication), and hold roles, some of them for one structure. It answers what the PGSSI-S asks of local accounts
(référentiel d'identification électronique) and the chapters V6 to V8 of OWASP ASVS 5.0. Professionals and citizens do
not have accounts here: they come from the national identity providers.
"""
