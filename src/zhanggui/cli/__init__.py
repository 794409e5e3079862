"""IS TYPED. See docs/house.md."""
