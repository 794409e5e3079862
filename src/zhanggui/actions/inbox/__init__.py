"""The inbox: whom to answer first, and all that is known around one buyer's talk."""
