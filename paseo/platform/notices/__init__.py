"""Telling people something: in their inbox here, by e-mail, by SMS or push where an adapter is set.

A package that has something to say registers a ``NoticeKind`` and puts three templates beside its own:
``templates/notices/<kind>.<language>.txt`` for en, zh-hans and es; the first line is the subject, the rest after an
empty line the body. ``operations.notify`` writes rows in the open unit; a job sends after the commit.
"""
