"""The inbox: whom to answer first, what they want, and what to say."""
