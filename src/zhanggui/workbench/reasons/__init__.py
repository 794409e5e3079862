"""Reasons and goods: the complaints by SKU with their money and how sure they are; the same picture in several cases or shops."""
