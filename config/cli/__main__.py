import sys

from config.cli.command import main

sys.exit(main())
