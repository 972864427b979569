"""HL7 FHIR R4 (4.0.1), the parts that need no store: strict JSON, structure of resources, dates, text,
outcomes.

Everything here is a function of its arguments. Base R4 only: profiles, terminology bindings and invariants
belong to the engines that hold definitions.
"""
