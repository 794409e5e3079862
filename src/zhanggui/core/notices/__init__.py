"""What a buyer is told before he asks: the group formed, the label printed, a delay, a parcel that stalls or is there, and the ask for an honest review."""
