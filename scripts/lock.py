"""Write the lock files from pyproject.toml: hashes for every platform, and no index address in them."""

from __future__ import annotations

import sys

from scripts import setting_up
from scripts.frontend import SetupError
from scripts.setting_up import say

OPTIONS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--quiet",
]


def compile_lock(name: str, *sources: str, upgrade: bool) -> None:
    with setting_up.step(f"Writing requirements/{name}.txt"):
        setting_up.run(
            [setting_up.VENV / "bin" / "uv", "pip", "compile", *OPTIONS, *(["--upgrade"] if upgrade else []),
             "--output-file", f"requirements/{name}.txt", *sources],
            failed="The lock could not be written.",
        )  # fmt: skip


def main() -> int:
    upgrade = "--upgrade" in sys.argv[1:]
    try:
        setting_up.make_venv()
        setting_up.install("dev")
        compile_lock("prod", "pyproject.toml", upgrade=upgrade)
        compile_lock("dev", "pyproject.toml", "--group", "dev", upgrade=upgrade)
        compile_lock("node", "--group", "node", upgrade=upgrade)
    except SetupError as problem:
        say(f"\n{problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
