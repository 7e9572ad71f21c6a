"""Benchmarks: real processes, real HTTP, durable commits; one JSON object per line.

``make bench`` runs all on SQLite and PostgreSQL, ``make bench BENCH=checkout`` one of them. Never run as a timed test.
"""
