"""Everything that is drawn: icons, façades, QR codes and charts. Pure functions from values to SVG text."""
