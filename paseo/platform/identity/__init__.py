"""Who somebody is: people, sign-in, sessions with their devices, the second factor, and visitors without an account.

A *person* has an account, made at the first sign-in. A *visitor* is a device that has not said who uses it; it is
remembered only once there is something to remember. Signing in works by a six-digit code sent by e-mail, or by a
password. Pages that are read without signing in cost no statement here.
"""
