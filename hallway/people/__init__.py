"""People: who somebody is, how they sign in, what they let others see. Owns persons, claims and consent."""
