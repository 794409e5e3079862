"""Pictures of the vault that show the same: found by themselves, shown to whoever may see both."""
