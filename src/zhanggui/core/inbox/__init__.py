"""The inbox decides whom to answer first."""
