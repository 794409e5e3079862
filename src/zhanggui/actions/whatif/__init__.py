"""What if: open decisions taken one way or another, and rules that change, tried before they are real."""
