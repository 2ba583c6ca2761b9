"""A slower disk: a shim that adds milliseconds to every fsync and fdatasync of a server."""

import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("fsync_delay.c")


def slow_disk(directory: Path, milliseconds: float) -> dict[str, str]:
    """Build the shim in `directory`, which every user must be able to reach; the environment
    that applies it. Raises `RuntimeError` where there is no C compiler."""
    library = directory / "fsync_delay.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError("the slow disk needs a C compiler named cc") from error
    directory.chmod(0o755)
    library.chmod(0o755)
    return {"LD_PRELOAD": str(library), "FSYNC_DELAY_MS": str(milliseconds)}
