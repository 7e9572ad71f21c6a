"""The template tags and filters, by what they show; ``templatetags/paseo.py`` puts them into one library."""
