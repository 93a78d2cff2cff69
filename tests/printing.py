"""Fonts for tests: those of the optional font package alone, so that the same pages are set on every machine, with or without fonts of its own."""

from reports.faces import Printing
from reports.fonts import package_folder

FONTS = package_folder()
PRINTING = Printing(fonts=FONTS)
