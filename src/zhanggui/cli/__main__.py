"""`python -m zhanggui.cli` is the same as `zhanggui`."""

import sys

from zhanggui.cli.main import main

sys.exit(main())
