"""Standards: pure code over published specifications. No input or output, no framework, no knowledge of Socle."""
