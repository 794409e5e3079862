"""The platform connection of a shop: how it stands, how to connect, authorise again and disconnect."""
