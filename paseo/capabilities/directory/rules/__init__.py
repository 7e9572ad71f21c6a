"""Pure rules of directory: opening hours, lamps, the nearest places, addresses on the web."""
