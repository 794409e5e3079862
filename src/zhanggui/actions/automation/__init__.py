"""Rules of the shop's own: kept by version, tried on last month, checked against each other, looked over with the open to-dos, and explained."""
