import sys

from hallway.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
