"""A chart as Excel draws it itself, beside the table it comes from: a person can take it over into slides. A grid is the table, shaded."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.paper import Chart

_DARK, _MIDDLE = "#404040", "#8C8C8C"
_WIDTH_PX, _ROW_PX = 520, 20
_LEAST_ROWS, _MOST_ROWS = 11, 32


def chart_rows(chart: Chart) -> int:
    """Return over how many rows of the sheet the chart reaches."""
    return 0 if chart.kind == "grid" else min(max(len(chart.table.rows) * 2, _LEAST_ROWS), _MOST_ROWS)


def add_chart(book: Workbook, sheet: Worksheet, chart: Chart, head: int, widest: int) -> None:
    """Put the chart right of its table, whose heads stand in row `head`; `widest` is the number of columns kept free for tables."""
    rows = next((place for place, row in enumerate(chart.table.rows) if row.style != "plain"), len(chart.table.rows))
    if not rows:
        return
    first, last = head + 1 + bool(chart.table.over), head + rows + bool(chart.table.over)
    if chart.kind == "grid":
        shades = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#7F97B5"}
        sheet.conditional_format(first, 1, last, len(chart.table.columns) - 1, shades)
        return
    drawn = book.add_chart({"type": "line" if chart.kind == "curve" else "bar"})
    shown = {"shares": 2, "bars": 3, "curve": len(chart.table.columns)}[chart.kind]
    for place in range(1, min(shown, len(chart.table.columns))):
        cells = (sheet.get_name(), first, place, last, place)
        names = (sheet.get_name(), first, 0, last, 0)
        drawn.add_series(
            {"name": chart.table.columns[place].heading, "categories": list(names), "values": list(cells), **_looks(chart, place)}
        )
    _set_out(drawn, chart)
    sheet.insert_chart(head, widest, drawn, {"x_offset": 16, "description": chart.title})


def _looks(chart: Chart, place: int) -> dict[str, Any]:
    """Return how a series looks in black and white: dark is what is, pale or dashed what should be."""
    if chart.kind == "curve":
        line = {"color": _MIDDLE, "width": 2, "dash_type": "dash"} if place == 1 else {"color": _DARK, "width": 2.25}
        return {"line": line, "marker": {"type": ("circle", "square", "diamond", "triangle")[(place - 1) % 4], "size": 6}}
    return {"fill": {"color": _DARK if place == 1 else "#D0D0D0"}, "border": {"color": _DARK}, "gap": 60, "data_labels": {"value": True}}


def _set_out(drawn: Any, chart: Chart) -> None:
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
    drawn.set_size({"width": _WIDTH_PX, "height": chart_rows(chart) * _ROW_PX})
    if chart.kind == "shares":
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom"})
    if chart.kind == "curve":
        is_percent = chart.table.columns[-1].kind == "percent"
        drawn.set_y_axis(
            {"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}}, **({"num_format": "0%"} if is_percent else {})}
        )
    else:
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        drawn.set_y_axis({"reverse": True, "major_tick_mark": "none"})
