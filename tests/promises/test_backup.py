"""A backup made while others write is one instant; restoring gives exactly it, chain, files and personal fields too."""

import time

from .test_3_nothing_acknowledged_is_lost import COUNT, PLANT, WRITE

PERSON = """
from keshu.bureau.ledgers.importing import files as uploads
from keshu.bureau.parties import personal
from keshu.bureau.records import files
from keshu.bureau.records.services import Actor, writing
with writing(verb="t", by=Actor("t")) as act:
    files.store("证明".encode(), name="a.txt", kind="txt", mime="text/plain", within=act)
    uploads.put("原表".encode(), "batch-7")
    print(personal.encrypt(personal.person_for("990100199001010011", within=act), "990100199001010011"))
"""
DROP = """
from keshu.bureau.ledgers.importing import files as uploads
uploads.drop("batch-7")
"""
READ = """
import sys
from keshu.bureau.ledgers.importing import files as uploads
from keshu.bureau.parties import personal
from keshu.bureau.records import files
from keshu.bureau.records.models import File
print(personal.decrypt(sys.argv[1]), files.read(File.objects.get()).decode(), uploads.take("batch-7").decode())
"""


def test_a_backup_of_a_busy_installation_restores_to_one_sound_instant(installation, tmp_path):
    installation.run(PLANT)
    token = installation.run(PERSON).strip()
    busy = installation.start(WRITE, "0", "5")
    for _ in range(5):
        busy.stdout.readline()
    installation.keshu("backup", str(tmp_path / "b.zip"))
    time.sleep(0.2)
    busy.kill()
    busy.wait()
    later = eval(installation.run(COUNT).splitlines()[0])
    assert "加 --replace" in installation.keshu("restore", str(tmp_path / "b.zip"), "--json", code=2)
    installation.run(DROP)
    installation.keshu("restore", str(tmp_path / "b.zip"), "--replace")
    found, faults = installation.run(COUNT).splitlines()
    restored = eval(found)
    assert faults == "[]"
    assert 5 <= len(restored) < len(later)
    assert {n for _, n in restored} == {5}
    assert installation.run(READ, token).strip() == "990100199001010011 证明 原表"
    more = installation.start(WRITE, "90000", "2")
    assert more.stdout.readline().strip() == "90001", "new rows get new ids after a restore"
    more.kill()
    more.wait()


def test_a_damaged_backup_changes_nothing(installation, tmp_path):
    installation.run(PLANT)
    installation.keshu("backup", str(tmp_path / "b.zip"))
    content = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(content[: len(content) // 2])
    assert "不是完整的备份" in installation.keshu("restore", str(tmp_path / "b.zip"), "--replace", "--json", code=2)
    installation.keshu("doctor", "--audit")
