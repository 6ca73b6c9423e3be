"""From a workbook to entries: find the tables, read the cells, judge the rows, keep them in staging, commit as one act."""
