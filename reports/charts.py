"""Charts for HTML as inline SVG, drawn so that a black and white print still tells the parts apart: every bucket has a pattern of its own.

A chart repeats numbers that stand beside it in a table, so it is marked as a picture with one sentence for those who hear the page read.
"""

from markupsafe import Markup

from reports.bulletin import BUCKETS, Shares
from reports.words import percent_words
from rules.texts import _
from rules.words import bucket_word

# Ground and strokes of each bucket's pattern, in a tile of 8 × 8.
_PATTERNS = {
    "done": ("#1d5c3b", ""),
    "ahead": ("#4f9d6f", '<path d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6" stroke="#fff" stroke-width="1.5"/>'),
    "on_pace": ("#cfe6d8", ""),
    "behind": ("#f0c95a", '<path d="M4 0V8" stroke="#5c4300" stroke-width="1.5"/>'),
    "overdue": ("#a3211d", '<path d="M0 0 8 8M8 0 0 8" stroke="#fff" stroke-width="1"/>'),
    "not_started": ("#ffffff", '<circle cx="4" cy="4" r="1.4" fill="#444"/>'),
    "suspended": ("#c4c4c4", '<path d="M0 4H8" stroke="#444" stroke-width="1"/>'),
}
_BAR_WIDTH = 1000
_BAR_HEIGHT = 44


def patterns() -> Markup:
    """Return the definitions every other chart refers to; a page holds them once."""
    made = Markup("").join(
        Markup(
            '<pattern id="fill-{}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{}"/>{}</pattern>'
        ).format(bucket, ground, Markup(strokes))
        for bucket, (ground, strokes) in _PATTERNS.items()
    )
    return Markup('<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>{}</defs></svg>').format(made)


def swatch(bucket: str) -> Markup:
    """Return the small square that ties a table row to its part of the bar."""
    return Markup(
        '<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true"><rect x=".5" y=".5" width="15" height="15" fill="url(#fill-{})" stroke="#333"/></svg>'
    ).format(bucket)


def shares_bar(shares: Shares) -> Markup:
    """Return one bar as wide as all tasks, a part for each bucket."""
    parts, left = [], 0.0
    for bucket in BUCKETS:
        width = getattr(shares, bucket) / 100 * _BAR_WIDTH
        if width:
            parts.append(_part(bucket, left, width))
        left += width
    told = _("、").join(
        _("{bucket}{share}").format(bucket=bucket_word(bucket), share=percent_words(getattr(shares, bucket)))
        for bucket in BUCKETS
        if getattr(shares, bucket)
    )
    return Markup('<svg class="shares" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>').format(
        _BAR_WIDTH, _BAR_HEIGHT, _("各类任务占比：{shares}").format(shares=told), Markup("").join(parts)
    )


def pace_bar(pace: float, gap_pp: float) -> Markup:
    """Return a bar of what was reached with a mark where the pace is; both in per cent of the target, cut at 0 and 100."""
    reached = min(max(pace - gap_pp, 0.0), 100.0)
    mark = min(max(pace, 0.0), 100.0)
    return Markup(
        '<svg class="pace" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect width="100" height="10" fill="#fff" stroke="#777" stroke-width=".6"/><rect y="2.5" width="{:.1f}" height="5" fill="{}"/>'
        '<rect x="{:.1f}" width="1.4" height="10" fill="#000"/></svg>'
    ).format(_("进度条，竖线为应达进度"), reached, "#8a5a00" if gap_pp > 0 else "#1d5c3b", min(mark, 98.6))


def _part(bucket: str, left: float, width: float) -> Markup:
    return Markup('<rect x="{:.1f}" width="{:.1f}" height="{}" fill="url(#fill-{})" stroke="#333" stroke-width="1"/>').format(
        left, width, _BAR_HEIGHT, bucket
    )
