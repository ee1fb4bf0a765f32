"""Where settings come from: the environment, and a file `.env` beside the code."""

from pathlib import Path

from environs import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parents[3]

env = FileAwareEnv()
env.read_env(BASE_DIR / ".env", recurse=False)

# Whatever a run leaves on disk: media, mail, the embedded engines' data.
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
