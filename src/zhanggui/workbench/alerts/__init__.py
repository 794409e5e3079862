"""The page of alerts, the bell that leads to it, and where they are sent."""
