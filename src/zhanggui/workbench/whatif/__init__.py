"""What if: decisions tried before they are taken, and notices of changed rules."""
