"""Word, Excel, PDF and OpenDocument, in and out. Knows no database and no Django."""
