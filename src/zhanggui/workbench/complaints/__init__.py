"""Disputes before the platform, and the register of complaints."""
