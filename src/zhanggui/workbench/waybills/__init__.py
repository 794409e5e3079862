"""The Waybills page: accounts, numbers, and printing through the local print component."""
