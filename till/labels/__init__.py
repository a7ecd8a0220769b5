"""Labels on sheets and cards: what stands on one, where, and the PDF to print."""
