"""Pro Santé Connect, the OpenID provider of health professionals, as its clients meet it.

Pure: how it reads and answers (`provider`), the claims (`claims`), the discovery document (`discovery`), introspection
(`introspection`), approval on the phone (`approval`) and the life of the phone itself (`devices`).
Sources: ANS, Keycloak connector
(ansforge/keycloak-prosanteconnect), proxy e-santé (ansforge/psc-edc-proxy-esante), PSC proof of concept
(ansforge/PSC-POC), industriels.esante.gouv.fr pages on Pro Santé Connect; what none of them says is marked assumed.
"""
