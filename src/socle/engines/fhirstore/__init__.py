"""FHIR R4 store and search (HL7 FHIR 4.0.1, RESTful API and Search).

Named stores share one set of tables, `store` leading every key. A resource is kept as bytes, one row a version;
what can be searched is extracted once, by compiled search parameters, into hashed index rows. Every row carries the
half-open range of transactions [valid_from, valid_to) in which it holds, so that a search and all its pages see one
state of the store however long a load goes on beside them.
"""
