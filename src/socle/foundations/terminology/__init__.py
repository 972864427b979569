"""Terminology: what the words and codes of health mean.

The French system behind it is the national terminology service (SMT) and its "Nomenclatures des objets de
santé" (NOS): reference tables (TRE) and value sets (JDV), FHIR R4 CodeSystem and ValueSet. What stands here
today is the set of small code tables that the directory needs, with their labels in French and English
(`tables`), and the words people use for them (`synonyms`). The code tables are facts published by the Agence
du Numérique en Santé.
"""
