"""What is left after processes were killed in the middle of orders.

A house (pages, worker, sandbox gateway: `house`) with a shop in it (`world`) is killed again and again while buyers
(`buyers`) order, pay and fetch through HTTP, repeat what was not answered, and write down every answer. Afterwards
`proof` reads the database: what was answered is there once and exactly so, what was not is whole or absent.
"""
