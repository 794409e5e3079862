"""What the platform makes of the measures: indicators against their targets, stars, restrictions and how far they are, in orders."""
