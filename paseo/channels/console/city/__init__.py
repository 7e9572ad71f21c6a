"""Rooms of the operator, under ``/console/city/``: the city, its merchants, any order, what broke, who did what."""
