"""The parts of reading a workbook; `keshu.office.tables` is the way in."""
