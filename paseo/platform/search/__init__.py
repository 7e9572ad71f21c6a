"""Words to things: a full-text index in the same database and the same transaction as the things themselves.

Names in several languages go in, ids come out, best first. Chinese is cut into words and pairs of characters, so that
two characters find; accents do not matter; the beginning of a word is enough; a misspelled word finds the nearest words
that exist. SQLite uses FTS5, PostgreSQL a ``tsvector``; the words are cut here, so both find the same.
"""
