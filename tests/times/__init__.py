"""Times: what is accepted, what it means, and what any other text is answered with."""
