"""Rows, units of work and guarded writes: the only way in which the floors above write to the database.

Doors: ``models`` (Row, Transition), ``unit`` (operation, unit, add, after_commit, guarded, transition),
``routers`` (default and stream database), ``sqlite`` (the backend for SQLite).
"""
