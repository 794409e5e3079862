"""TELLS. One shop's week, scripted, told from outside through files, with a wound clock."""
