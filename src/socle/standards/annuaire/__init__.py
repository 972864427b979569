"""The official health directory of France ("Annuaire Santé"), as its specifications describe it.

Pure facts and functions, no I/O: the identifiers and their keys (`identifiers`), the systems, profiles and
extensions of the FHIR API (`systems`), the four public extraction files (`files`).
"""
