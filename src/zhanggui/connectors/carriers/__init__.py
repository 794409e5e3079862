"""Tracking services beside the platform, in their own wire forms: 快递100 and 快递鸟. Pure functions; `line` alone sends anything."""
