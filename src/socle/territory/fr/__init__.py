"""France: departments, some communes, populations, and names for fictional people.

Every file is replaceable: a territory that installs Socle puts its own facts in a package of the same shape.
Sources: INSEE, "Code officiel géographique" 2024 (departments, communes) and legal populations; La Poste,
"Base officielle des codes postaux". Only a few hundred communes are here, those that the demonstration needs.
"""
