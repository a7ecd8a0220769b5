"""The pages on which goods come back: by a receipt, a whole receipt cancelled, without any receipt (S1, S2)."""
