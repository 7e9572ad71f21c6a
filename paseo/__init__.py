"""Paseo connects a phone with a place. See docs/architecture.md for the floors and docs/glossary.md for the words."""
