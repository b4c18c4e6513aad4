"""The cases: each report against the document that it rests on, and the state that comes out."""
