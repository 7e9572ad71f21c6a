"""What a shop sells and what comes of it: menu, prices, stock, tickets, imports, money, journeys, reviews."""
