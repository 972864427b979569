"""What every FHIR door shares, whichever data stand behind it: reading a request, telling a refusal."""
