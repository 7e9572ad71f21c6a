"""The design system: components as template tags, base pages, formats of amounts and times, how a refusal is shown.

Pages build the values of ``values`` in Python and hand them to the tags of ``templatetags/paseo.py``. The house words:
a *window* (lamp) says whether a place is open, a *line* of stations says what happens next, a *plate* says where you
are or which number you have, *paper* (receipt, ticket) is what you have.
Nothing here knows a business word beyond these.
"""
