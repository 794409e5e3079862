"""The HTTP doors: the gateway, authorisation, uploads, the other trackers, and the door for those who watch and steer."""
