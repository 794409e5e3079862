"""The page for shipping numbers: a list in, a report, the file to upload by hand out."""
