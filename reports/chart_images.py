"""A chart as a picture for Word, which draws no SVG of its own in every version: the same drawing as in HTML and PDF, at 300 dots an inch."""

import json
from pathlib import Path

from reports.charts import chart_svg
from reports.fonts import chosen_for
from reports.paper import Chart
from reports.to_pdf import compiled
from rules.errors import DubanError

DOTS_PER_INCH = 300.0
_TEMPLATE = Path(__file__).parent / "templates" / "chart.typ"


def chart_png(chart: Chart, width_mm: float, fonts: Path | None = None) -> bytes | None:
    """Return the chart as PNG, `width_mm` wide; None where no font can draw its words or the engine fails: its table then stands alone.

    The same chart and fonts give the same bytes.
    """
    svg = chart_svg(chart)
    try:
        chosen = chosen_for([svg], fonts)
        inputs = {"svg": svg, "faces": json.dumps(chosen.families, ensure_ascii=False), "width": str(width_mm)}
        return compiled(_TEMPLATE, chosen, inputs, format="png", ppi=DOTS_PER_INCH)
    except DubanError:
        return None
