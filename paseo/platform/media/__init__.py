"""Photos and papers that people send.

What comes in is never what goes out: a photo is decoded within strict limits and drawn anew as WebP in three widths,
without place, time, camera or anything hidden behind it. A paper (PDF or photo) is private: only its own firm and the
operator who checks it may read it.
"""
