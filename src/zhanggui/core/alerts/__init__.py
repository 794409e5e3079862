"""Alerts: what is worth ringing for, whom to tell when, and when to leave people alone. Facts and moments in, answers out."""
