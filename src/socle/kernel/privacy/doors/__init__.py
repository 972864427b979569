"""The pages of persons' rights. They hold no rule: what may be done is decided by the acts."""
