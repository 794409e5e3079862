"""Claims on carriers for lost and damaged parcels: begun with the limit that can be expected, filed with its evidence, followed until the money is here."""
