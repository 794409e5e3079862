"""How a call looks on the wire: parameters, signature, envelope, errors, wrapper names, access and rates."""
