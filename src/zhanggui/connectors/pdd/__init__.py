"""Talks to Pinduoduo's Open Platform: calls as data, one line that carries them, and what comes back as facts of ours."""
