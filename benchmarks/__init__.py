"""Speed, memory and start-up of the assistant beside the plain-library way; see README.md. Never part of the tests."""
