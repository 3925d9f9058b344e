"""Other frameworks beside the assistant: the same articles, questions, vectors and strict hit. See README.md."""
