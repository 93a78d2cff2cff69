"""A slip of one character in a unit's name: 市农业农村局 five times and 市农业农材局 once.

Near names are often two organs (民政局 and 财政局, 岳阳市 and 益阳市), so a slip is told only where the frequent name is made of known words of organs, the rare one
is not, and the place before them is the same. A word missing in `WORDS` means a slip not seen, never a false one.
"""

from collections import Counter
from collections.abc import Iterator

from intake.checking.naming import item_name
from intake.draft import DraftPlan, Finding, ItemDraft
from intake.units import NAMED_PREFIX, PREFIX
from rules.texts import _

SUFFIXES = ("委员会", "办公室", "人民政府", "厅", "局", "委", "部", "办")
WORDS_OF_ORGANS = """
发展 改革 发展改革 发改 经济 信息化 信息 经信 工信 工业 教育 科学 技术 科技 民族 宗教 民宗 公安 民政
司法 财政 人力资源 社会保障 人社 自然资源 规划 国土 资源 生态 环境 环境保护 环保 住房 城乡 建设 城市
管理 城管 综合 执法 行政 交通 运输 水利 水务 农业 农村 林业 草原 畜牧 渔业 海洋 商务 文化 旅游 文旅
广电 广播 电视 电影 体育 新闻 出版 版权 卫生 健康 卫健 计划 生育 退役 军人 事务 应急 安全 生产 监督
审计 国有 资产 国资 市场 市监 质量 药品 食品 医疗 保障 医保 统计 信访 金融 地方 乡村 振兴 扶贫 粮食
物资 储备 能源 数据 大数据 政务 服务 机关 外事 侨务 港澳 台湾 知识产权 税务 国家 气象 地震 邮政 通信
海关 人民 组织 宣传 统战 统一 战线 政法 网络 机构 编制 老干部 保密 档案 史志 机要 政策 研究 党委 市委
县委 区委 省委 公路 铁路 水路 道路 港口 航道 民航 园林 绿化 投资 促进 招商 口岸 开发 和 与 及 中医药
疾病 预防 控制 监察 纪检 监委 工作 法制 人防 防空 移民 供销
"""
WORDS = frozenset(WORDS_OF_ORGANS.split())
SHORTEST = 5
LEAST_FREQUENT = 2


def unit_name_slips(draft: DraftPlan) -> Iterator[Finding]:
    """Yield one finding for each rare name that differs by one character (put in, left out, changed, or two swapped) from a name used more often."""
    named = [(unit.name, item) for item in draft.items for unit in item.units if not unit.open]
    counts = Counter(name for name, _item in named)
    first_items = dict(reversed(named))
    usual_names = [name for name, count in counts.items() if count >= LEAST_FREQUENT and _is_known(name)]
    usual_by_rest: dict[str, list[str]] = {}
    for name in usual_names:
        for rest in _rests(name):
            usual_by_rest.setdefault(rest, []).append(name)
    for name, count in counts.items():
        if len(name) < SHORTEST or _stem(name) is None or _is_known(name):
            continue
        near = {usual for rest in _rests(name) for usual in usual_by_rest.get(rest, ()) if counts[usual] > count and _is_slip(name, usual)}
        if len(near) == 1:
            yield _finding(first_items[name], name, near.pop())


def _finding(item: ItemDraft, name: str, usual: str) -> Finding:
    message = _("{item}的责任单位“{name}”与别处的“{usual}”只差一个字，似为笔误；请核对")
    text = message.format(item=item_name(item), name=name, usual=usual)
    return Finding(code="unit-name-wording", severity="warning", message=text, item=item.id)


def _rests(name: str) -> set[str]:
    """Return the name and what is left of it without one character: names one slip apart have one of these in common."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))} if len(name) >= SHORTEST - 1 else set()


def _is_slip(name: str, usual: str) -> bool:
    """Return whether the two stand in one place, both are organs of one kind, and one character (or one swap) in the words between makes the difference."""
    first, second = _stem(name), _stem(usual)
    if first is None or second is None or first[0] != second[0] or first[2] != second[2]:
        return False
    return _is_one_apart(first[1], second[1])


def _is_one_apart(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    if len(long) != len(short):
        return False
    places = [at for at in range(len(long)) if long[at] != short[at]]
    is_swap = (
        len(places) == 2
        and places[1] == places[0] + 1
        and sorted(long[places[0] : places[1] + 1]) == sorted(short[places[0] : places[1] + 1])
    )
    return len(places) == 1 or is_swap


def _stem(name: str) -> tuple[str, str, str] | None:
    """Return the place, the words of the field and the kind of an organ's name, or None where it is none of the plain kind."""
    match = PREFIX.match(name) or NAMED_PREFIX.match(name)
    place = match["prefix"] if match else ""
    kind = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None)
    if kind is None or len(name) - len(place) - len(kind) < LEAST_FREQUENT:
        return None
    return place, name[len(place) : len(name) - len(kind)], kind


def _is_known(name: str) -> bool:
    """Return whether the words between place and kind are all known."""
    stem = _stem(name)
    if stem is None:
        return False
    reached = {0}
    for start in range(len(stem[1])):
        if start in reached:
            reached |= {start + len(word) for word in WORDS if stem[1].startswith(word, start)}
    return len(stem[1]) in reached
