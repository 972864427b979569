"""The audit trail: who did what, when, for whom, on what, why and with which result; provable afterwards.

It stands for the journal of ATNA (IHE ITI TF-1 §9) and what PGSSI-S 7.2 asks of traces. Acts write entries in their own
transaction; a sequencer appends them to a Merkle tree (RFC 9162) whose signed heads others can hold.
"""
