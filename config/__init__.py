"""Composition root: settings, routes, server entry points and the command line.

The only place that knows every package. Nothing in ``paseo`` imports from here.
"""
