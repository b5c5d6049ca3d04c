// Placeholder so that the package resolves before its first file exists.
