"""A whole installation in one file, and back.

A backup is a gzipped tar: ``database/`` (the SQLite files, or a dump of PostgreSQL), ``media/``, ``secret-key`` and, last,
``manifest.json`` with the version, the time, the migrations, the rows of each table and a checksum of every file. An
archive without its manifest was cut off, so it is never taken for a whole one.

Invariants
- All databases are copied as they were at one instant; files are copied after that, so every photo that the copy names
  was there.
- A file has the wanted name only when all of it is on the disk, and is readable by its owner alone.
- Nothing is touched by a restore before every checksum was found right; what stood there before is moved, not deleted.
"""
