"""`python -m zhanggui.emulator`: the same as `zhanggui emulator`."""

from zhanggui.emulator.command import main

main()
