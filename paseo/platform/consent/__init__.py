"""What people agreed to, what is kept about them, and how it ends.

*Purposes* have numbered texts; every yes and no is kept with the text it answered. Each package registers how it
exports a person's data, how it erases them, and how long it keeps what; this package calls them all.
"""
