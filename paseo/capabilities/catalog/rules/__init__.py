"""Pure rules of catalog: barcodes, names as people type them, choices of options."""
