"""What an endpoint may be told of a talk, and whether what it wrote may be shown: pure."""
