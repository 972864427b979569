"""The French national health identity ("Identité nationale de santé", INS), as its specifications describe it.

Pure facts and functions, no I/O: the assigning authorities and the number with its key (`authorities`, `matricule`),
names, births and traits with their comparison (`names`, `births`, `traits`), evidence, statuses and what moves them
(`evidence`, `statuses`, `transitions`), the datamatrix (`datamatrix`, `picture`), the forms in which an identity
travels (`identity`, `fhir`, `pid`, `cda`), and the search for several records of one person (`matching`, `duplicates`).
Every refusal is declared in `faults`.
"""
