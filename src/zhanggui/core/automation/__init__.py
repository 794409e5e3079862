"""Rules of the shop's own about what to do when: if these facts hold, then these acts. Pure; see docs/automation.md."""
