"""FranceConnect+, the OpenID provider of citizens at the levels substantial and high, as its service providers meet it.

Pure: how it reads requests and which claims a scope gives (`provider`), its discovery document (`discovery`). Its
tokens are signed, then encrypted (`oauth.nested`). Source: france-connect/Documentation-FranceConnect-Plus
(fs/docs-fs.md, fs/technique/technique-endpoints.md).
"""
