"""OAuth 2.0 and OpenID Connect as a provider speaks them: requests read, tokens built and checked, states.

Pure functions over values, no I/O: the time, the keys and what is known of a client are arguments. Sources: RFC 6749
(OAuth 2.0), 7009 (revocation), 7515-7519 (JOSE), 7521-7523 (assertions), 7636 (PKCE), 7662 (introspection), 8252
(native apps), 8693 (exchange), 8705 (mutual TLS), 9101 (request objects), 9126 (pushed requests), 9207 (issuer), 9700
(security practice); OpenID Connect Core 1.0, RP-Initiated Logout 1.0, Back-Channel Logout 1.0, CIBA Core 1.0.
"""
