"""Reading and writing other tools' formats; one module a format, one neutral programme between them."""
