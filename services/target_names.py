"""Which target of a task people mean by a name or a part of one."""

from collections.abc import Sequence

from models.task import Target
from rules.errors import DubanError
from rules.texts import _


def target_named(targets: Sequence[Target], measure: str) -> Target:
    """Return the target of this name, else the only one whose name holds it; anything else is refused with the names there are (unknown-measure)."""
    fitting = [target for target in targets if target.measure == measure] or [target for target in targets if measure in target.measure]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(target.measure for target in targets) or _("（没有数量指标，请用 --text 填报）")
    raise DubanError("unknown-measure", _("“{measure}”不能确定是哪一项指标。本任务的指标：{names}").format(measure=measure, names=names))
