"""Tables that come from outside and go there: CSV and XLSX, read with distrust and written without formulas."""
