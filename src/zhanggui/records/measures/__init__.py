"""The shop's measures as rows: sums by day, what each order and rating gives them, what is to be counted again."""
