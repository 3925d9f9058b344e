"""`python -m assistant.cli`, where the console script is not on the path."""

from assistant.cli import main

main()
