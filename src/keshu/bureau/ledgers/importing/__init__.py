"""From a workbook to entries: find the tables, read the cells, judge the rows, stage them, commit as one act."""
