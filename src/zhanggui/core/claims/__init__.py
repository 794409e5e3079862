"""Claims on a carrier for what it lost or damaged: how far one has come, what it may bring, what it needs, and until when."""
