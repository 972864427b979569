"""Privacy: what persons may ask about their data (GDPR art. 12 and 15 to 18), with the clocks that count; the erasure
of a person; and what is forgotten when its time has come (art. 5(1)(e)).

Services declare their personal data in their manifests, with how they export and erase them. The record of processing
(art. 30) is drawn from these declarations.
"""
