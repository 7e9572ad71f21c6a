"""The pages of a shop at work: today, kitchen, orders, verifying, the store itself and its people, the way in."""
