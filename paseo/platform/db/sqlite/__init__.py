"""Django's SQLite backend with a fair queue of writers in front of ``BEGIN IMMEDIATE``."""
