"""Looks at an office's own Word templates for `duban doctor`: can they be used, and do papers made with them keep the standard's layout."""

from collections.abc import Iterator

from reports.word_templates import own_templates, template_faults, word_mistake_words, word_template_mistakes
from rules.texts import _
from runtime.context import papers_folder
from runtime.machine_health import Look
from runtime.settings import Settings

_MOST_FAULTS = 3


def check_templates(settings: Settings) -> Iterator[Look]:
    """Give a line for each own template that cannot be used or leaves the standard; one line where all is well, none where there are none."""
    folder = papers_folder(settings)
    mistakes = word_template_mistakes(folder)
    for mistake in mistakes:
        yield "templates", "warning", word_mistake_words(mistake), _("改正后用 duban template check 检查")
    unusable = {mistake.path for mistake in mistakes}
    usable = [path for path in own_templates(folder).values() if path not in unusable]
    strays = 0
    for path in usable:
        faults = template_faults(path)
        if faults:
            strays += 1
            told = _("；").join(_("{place}：{words}").format(place=one.place, words=one.words) for one in faults[:_MOST_FAULTS])
            text = _("模板 {path} 有 {count} 处与公文格式标准不符：{faults}")
            yield (
                "templates",
                "warning",
                text.format(path=path, count=len(faults), faults=told),
                _("如非有意，改正后用 duban template check 检查"),
            )
    if usable and not strays:
        yield "templates", "ok", _("{count} 个自己的 Word 模板可用，版式符合标准").format(count=len(usable)), ""
