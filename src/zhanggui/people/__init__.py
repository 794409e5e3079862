"""ADMITS. Accounts, sign-in, invitations, permissions: as much as possible by libraries, small, reviewed twice."""
