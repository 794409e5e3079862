"""Imports: files in, a preview first, stored whole or not at all, undone whole, refused rows mended."""
