"""The health directory: who practises, as what, where, and how to write to them.

Stands for the Annuaire Santé (RPPS+ and FINESS) as the ANS publishes it: the public extraction files in, the FHIR API
version 2 out. What each source says is kept as it said it (statements); the resource that people read is composed from
all of them, and FHIR bytes are the truth that everything else derives from.
"""
