"""After-sales cases: whose turn it is, and until when."""
