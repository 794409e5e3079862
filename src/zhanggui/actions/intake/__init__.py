"""How imports are looked at, stored, taken back and mended. The public face is actions/importing.py."""
