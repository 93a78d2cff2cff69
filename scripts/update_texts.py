"""Bring the English catalogue up to the texts in the code and templates: new ones are added empty, unused ones dropped. Prints what is untranslated."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "rules" / "locale" / "en" / "LC_MESSAGES" / "duban.po"
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract"), ("**.html", "jinja2.ext:babel_extract")]
PACKAGES = ("cli", "flows", "web", "runtime", "services", "intake", "notify", "reports", "rules", "models")


def texts_in_use() -> Catalog:
    """Return every text of the project, each with the files it stands in."""
    found = Catalog()
    for package in PACKAGES:
        for name, _line, message, _comments, _context in extract_from_dir(ROOT / package, METHODS, keywords={"_": None, "gettext": None}):
            found.add(message, locations=[(f"{package}/{name}", 1)])
    return found


def main() -> None:
    """Update the catalogue in place."""
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="en")
    catalogue.update(texts_in_use(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as target:
        write_po(target, catalogue, width=160, sort_output=True, omit_header=False, include_lineno=False, no_location=True)
    empty = [message.id for message in catalogue if message.id and not message.string]
    print(f"{len(catalogue)} texts, {len(empty)} without English")


if __name__ == "__main__":
    main()
