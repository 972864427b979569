"""Foundations: who people are and what words mean; each service may build on those before it."""
