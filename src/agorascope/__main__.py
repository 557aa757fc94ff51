"""Run the command line as ``python -m agorascope``."""

from agorascope.cli import main

if __name__ == "__main__":
    main()
