"""Export files and pasted text, read into facts."""
