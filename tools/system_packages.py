"""Makes sure that Debian's packages are there which a task needs; runs on the bare system Python.

As root it installs what is missing; otherwise it stops with the exact command. Nothing is skipped silently.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

FONTS = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
NEEDS = {
    "setup": {"python3-venv": lambda: importlib.util.find_spec("ensurepip") is not None},
    "test": {
        "chromium": lambda: shutil.which("chromium") is not None,
        "libreoffice-writer-nogui": lambda: shutil.which("soffice") is not None,
        "libreoffice-calc-nogui": lambda: Path("/usr/lib/libreoffice/program/libsclo.so").exists(),
        "poppler-utils": lambda: shutil.which("pdftotext") is not None,
        "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto").is_dir(),
        "texlive-lang-chinese": FONTS.is_dir,
    },
}


def main(task: str) -> int:
    missing = [package for package, present in NEEDS[task].items() if not present()]
    if not missing:
        return 0
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"缺少系统软件包，请先运行： sudo {' '.join(install)}", file=sys.stderr)
        return 1
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode:
            print(f"未能安装系统软件包： {' '.join(command)}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
