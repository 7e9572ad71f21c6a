"""Files as streams of rows: a line number and texts by column."""

from paseo.platform.importing.readers.opening import Reader, open_file

__all__ = ["Reader", "open_file"]
