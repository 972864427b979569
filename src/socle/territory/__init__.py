"""Facts of a country, as data: one package per territory, nothing here but loading."""
