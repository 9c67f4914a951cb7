"""Questions: asked in the room, answered there or later, counted in the ledger. Owns floors, questions, answers."""
