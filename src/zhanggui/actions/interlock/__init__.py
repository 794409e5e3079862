"""The lock that keeps a refund and a parcel from passing each other unseen. It imports nothing that stores facts, since whoever stores them calls it."""
