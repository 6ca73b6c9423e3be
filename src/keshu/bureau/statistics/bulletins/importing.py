"""Taking a bulletin in: read, shown, then written as one act; the same file twice changes nothing."""

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.queries import gazetteer
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics import services
from keshu.bureau.statistics.bulletins.reading import Bulletin, Grid, read_bulletin
from keshu.bureau.statistics.models import Heading
from keshu.bureau.statistics.services import SourceProblem, SourceSpec, Upload, Written
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.office.tables import Sheet, WorkbookProblem, read_workbook


def read_file(
    upload: Upload, *, root: str, period: Period | None = None, catalogue: Catalogue | None = None
) -> Bulletin:
    """What the file holds and every problem in it; nothing is written."""
    return read_sheets(grids_of(upload), root=root, period=period, catalogue=catalogue, file_name=upload.name)


def read_sheets(
    sheets: Sequence[Grid], *, root: str, period: Period | None = None, catalogue: Catalogue | None = None,
    file_name: str = "",
) -> Bulletin:  # fmt: skip
    return read_bulletin(
        sheets, catalogue=catalogue or site_catalogue(), gazetteer=gazetteer(), root=root, period=period,
        file_name=file_name,
    )  # fmt: skip


def grids_of(upload: Upload) -> list[Grid]:
    """The visible sheets of a workbook or csv file. Raises SourceProblem for a file that cannot be read."""
    try:
        sheets = read_workbook(upload.content, name=upload.name)
    except WorkbookProblem as problem:
        raise SourceProblem(str(problem)) from problem
    return [_grid(sheet) for sheet in sheets if not sheet.hidden]


def _grid(sheet: Sheet) -> Grid:
    areas = [
        ((area.first_row - 1, area.first_column - 1), (area.last_row - 1, area.last_column - 1))
        for area in sheet.merges
    ]
    return Grid(sheet.name, [[] for _ in range(sheet.first_row - 1)] + sheet.values, areas)


def take_in(
    bulletin: Bulletin, spec: SourceSpec, upload: Upload, *, by: Actor, skip_wrong: bool = False,
    catalogue: Catalogue | None = None,
) -> Written:  # fmt: skip
    """Write the bulletin as one act: a new source, or corrections on the source that this very file already is."""
    if not bulletin.values or not (bulletin.ready or skip_wrong):
        raise SourceProblem(_("通报中有问题未解决，没有写入；请按提示修改后重试，或选择“跳过有误的单元格”"))
    known = source_of_file(upload.content)
    if known is not None:
        return services.record_values(known, bulletin.values, by=by, reason=_("重新导入"), catalogue=catalogue)
    return services.add_source(spec, by=by, values=bulletin.values, upload=upload, catalogue=catalogue)


def source_of_file(content: bytes) -> int | None:
    """The living source whose file has these very bytes."""
    digest = hashlib.sha256(content).hexdigest()
    found = Heading.objects.filter(file__sha256=digest, known_to__isnull=True, voided=False)
    return found.values_list("source_id", flat=True).first()
