"""Workbooks in the other forms that people send, made by LibreOffice Calc."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def converted(content: bytes, form: str) -> bytes:
    """An .xlsx as a genuine .xls or .ods."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "book.xlsx")
        source.write_bytes(content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form]
        subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True, timeout=120)
        return source.with_suffix(f".{form}").read_bytes()
