"""Compile the translations: locale/*/LC_MESSAGES/*.po to .mo, with Babel, so that no gettext has to be installed."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside `path`: a whole file or none. Uncertain ("fuzzy") translations are left out."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parent.parent.name)
    scratch = path.with_suffix(".mo.new")
    with scratch.open("wb") as target:
        write_mo(target, catalogue)
    scratch.replace(path.with_suffix(".mo"))


def main() -> int:
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compile_catalogue(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
