"""Tests in a real browser: one browser, one house and one server for all. Only of a package does pytest close what it shares at its end."""
