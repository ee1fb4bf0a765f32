"""PostgreSQL refuses to run as root: there it runs as `nobody`, and must be able to reach its files."""

import os
import shutil
import stat
from pathlib import Path

UNPRIVILEGED_USER = "nobody"


def choose_user() -> str:
    """The user PostgreSQL has to run as: "" for whoever we are."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else ""


def own_folder(folder: Path, user: str) -> None:
    """Make a private folder of the user's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        shutil.chown(folder, user)
        open_way_to(folder)


def open_programs(programs: Path) -> None:
    """Let everybody run the programs in a folder of the wheel, as far as an odd umask took that away."""
    open_way_to(programs)
    for path in (programs, *programs.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH
        if stat.S_ISDIR(mode) or mode & stat.S_IXUSR:
            wanted |= stat.S_IXOTH
        if wanted != mode:
            path.chmod(wanted)


def open_way_to(path: Path) -> None:
    """Let everybody walk through (not list) the folders above a path."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
