"""Who is at the keyboard, for the audit entries of what is done without a token."""

import os
import pwd


def account() -> str:
    """The account of this machine that runs the command. Unlike `getpass.getuser` it believes no
    variable of the environment, and it knows of accounts that have a number only."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
