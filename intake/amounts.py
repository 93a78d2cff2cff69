"""Numbers with their unit of measure as documents write them: 1.5亿元 · 20多万亩 · 10家至15家 · 三十五公里 · 两百余个 · 三分之二 · 八成以上 · 1:4 · 翻一番.

Here only the words are read; whether an amount is a target is decided in `figures`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from intake.numerals import ARABIC, CHINESE, DIGITS, number_of

SCALE = r"(?:百万|千万|百|千|万|亿)?"
COUNTERS = (
    "个百分点|百分点|平方公里|平方千米|平方米|平米|立方米|公里|千米|厘米|毫米|海里|公顷|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦|千伏安|标准煤|标准箱|公斤|斤|千克|毫克|微克|"
    "美元|欧元|学时|课时|PFLOPS|EFLOPS|TEU|GW|MW|kW|TB|PB|"
    "元|个|家|名|人|位|户|项|件|次|场|期|所|座|处|台|套|辆|条|米|亩|吨|批|支|只|头|株|本|册|卷|页|轮(?![换训岗流候])|篇|门|类|种|对|站|点|片|块|例|宗|艘|架|张|份|道|幅|笔|卡|"
    r"部(?!门|队|署|委|分|级|长)|根|口|眼|盏|顶|袋|(?<!\d{4})起(?=[，。；、以]|$)|棵|间|栋|幢|床|枚|箱|羽|节(?![能水约点日假气庆])|组(?![织建成团长合员])|尾|轮(?![训值岗换流候胎回番船次])|路(?![一-龥]{0,2}[线网段口])|％|%|‰|倍"
)
PER = r"(?:/(?:立方米|平方米|平方公里|公里|小时|分钟|日|天|年|月|人|亩|户|公顷|万人|升|吨|千克))?"
AREAS = r"(?=(?:省|市|县|区|乡|镇|村|街道|社区|园区|行政村|户)(?![一-龥]{0,1}(?:级|长)))"
NOUN_AFTER_COUNTER = r"(?!月|工作日|小时|星期|世纪|方面|层次|阶段|步骤|层级|年(?:度|级|头|[，。；、内]|$))"
PEOPLE = (
    r"(?=[农城贫困]?[村镇乡困难]?(?:名|人口|居民|群众|农民|农户|贫困户|家庭|职工|学生|劳动力|干部|党员|老人|老年人|妇女|儿童|青年|企业))"
)
BARE_SCALE = rf"[万亿](?=[，。；、（]|$|以[上下内]|左右|{PEOPLE})"
IN_TEN_THOUSAND = r"/1?0?万"
SUFFIX = r"(?P<suffix>(?:（含）|及|或)?以上|左右|以内|以下|之内|上下)?"
MORE = r"余|多"
UNIT = rf"(?P<scale>{SCALE})(?P<inner>{MORE})?(?P<counter>(?:{COUNTERS})(?:次|（次）)?{PER}{NOUN_AFTER_COUNTER})"
DASH = r"(?:-|－|—|–|~|～|至|到)+"
SIGNS = r"(?:(?P<sign>[><＞＜][=＝]|[≥≧≤≦><＞＜])\s{0,2})?"
DIGITED = re.compile(
    rf"{SIGNS}(?P<low>(?<![\dA-Za-z.〕])[-−－]?(?:{ARABIC}))(?:(?P<first>{SCALE}(?:{COUNTERS})?){DASH}(?P<high>(?:{ARABIC})))?(?P<more>{MORE})?"
    rf"(?:{UNIT}|(?P<area>{SCALE}{AREAS})|(?P<bare>{BARE_SCALE})|(?P<rate>{IN_TEN_THOUSAND}))(?P<after>{MORE})?{SUFFIX}"
)
WORDED = re.compile(
    rf"(?P<low>{CHINESE}{{1,12}}[万亿]?)(?:{DASH}(?P<high>{CHINESE}{{1,12}}[万亿]?))?(?P<more>{MORE})?{UNIT.replace(SCALE, '')}(?P<after>{MORE})?{SUFFIX}"
)
HALF = re.compile(r"(?:一半|半数|过半)(?P<suffix>以上)?(?=[^年天月日])")
FRACTION = re.compile(rf"(?P<whole>{CHINESE}{{1,3}})分之(?P<part>{CHINESE}{{1,6}}(?:点{CHINESE}{{1,3}})?){SUFFIX}")
TENTHS = re.compile(r"(?P<part>[一二三四五六七八九\d](?:\.\d)?)成(?P<half>半)?(?=以上|左右|的|，|。|；|$)" + SUFFIX)
RATIO = re.compile(rf"(?<!\d)(?P<first>\d{{1,6}}(?:\.\d{{1,4}})?)[:：∶](?P<second>\d+(?:\.\d+)?){SUFFIX}")
DOUBLED = re.compile(r"翻(?P<times>[一两二三])?番")
TERM = re.compile(
    rf"(?:(?<=[到至为减于过])|(?<=控制在)|(?<=力争)|(?<=缩短)|(?<=压缩)|(?<=压减))(?P<low>{ARABIC})(?P<counter>个?工作日|个?小时|分钟|天)(?!里|然|津|数|气)(?P<suffix>以上|左右|以内|以下|之内|内)?"
)
UNITLESS = re.compile(rf"(?<=[到至在于过达])(?P<low>{ARABIC})(?P<suffix>以上|左右|以内|以下|之内)?(?=[，。；、]|$)")
SIGN_IN_TWO = {">=": "≥", "＞＝": "≥", "<=": "≤", "＜＝": "≤"}
YEAR_LIKE = range(1900, 2101)
# 千名干部 is a name; 近千名 counts.
BARE_POWERS = ("百", "千", "万", "亿")
BOUND = ("近", "约", "超", "过", "上", "达", "破", "至少")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a range of two, with its unit; `kind` says in which words it is written, `suffix` the comparing word behind it, `sign` one before."""

    start: int
    end: int
    low: float
    high: float | None
    unit: str
    suffix: str
    kind: str
    is_more: bool = False
    sign: str = ""


def amounts_in(text: str, most: int) -> list[Amount]:
    """Return the amounts of `text` in order, none inside another, `most` at the utmost."""
    found: list[Amount] = []
    taken: set[int] = set()
    for marks, pattern, reader in READERS:
        for match in pattern.finditer(text) if marks.search(text) else ():
            if len(found) >= most:
                break
            amount = reader(match) if taken.isdisjoint(range(*match.span())) else None
            if amount is not None:
                found.append(amount)
                taken.update(range(*match.span()))
    return sorted(found, key=lambda amount: amount.start)


def scale_of(unit: str) -> float:
    """Return by how much the scale of a unit multiplies: 1万元 is 10000元."""
    scale = re.match(SCALE, unit)
    return float(number_of("一" + scale[0]) or 1) if scale and scale[0] else 1.0


def _amount(match: re.Match[str], low: float, unit: str, kind: str, high: float | None = None) -> Amount:
    groups = match.groupdict()
    suffix = re.sub(r"^(?:（含）|及|或)", "", groups.get("suffix") or "")
    is_more = bool(groups.get("more") or groups.get("inner") or groups.get("after"))
    sign = groups.get("sign") or ""
    return Amount(match.start(), match.end(), low, high, unit, suffix, kind, is_more, SIGN_IN_TWO.get(sign, sign))


def _digited(match: re.Match[str]) -> Amount:
    low, high = number_of(match["low"]) or 0.0, number_of(match["high"]) if match["high"] else None
    if match["counter"]:
        unit = match["scale"] + match["counter"].replace("（次）", "次")
        low *= scale_of(match["first"]) / scale_of(match["scale"]) if len(match["first"] or "") > 1 else 1
    elif match["area"] is not None:
        unit = match["area"] + "个"
    else:
        unit = match["bare"] or match["rate"]
    return _amount(match, low, unit.replace("％", "%"), "bare" if match["bare"] else "digits", high)


def _worded(match: re.Match[str]) -> Amount | None:
    low, high = _in_words(match["low"])
    if match["low"] in BARE_POWERS and not (match["suffix"] or match["more"]) and not match.string.endswith(BOUND, 0, match.start()):
        return None
    if match["high"]:
        high = _in_words(match["high"])[0]
    return None if low is None else _amount(match, low, match["counter"].replace("％", "%"), "words", high)


def _in_words(words: str) -> tuple[float | None, float | None]:
    """Return the number; 三四 is from three to four."""
    digits = [DIGITS.get(char) for char in words]
    if len(digits) == 2 and digits[0] and digits[1] == digits[0] + 1:
        return float(digits[0]), float(digits[1])
    return number_of(words), None


def _half(match: re.Match[str]) -> Amount:
    return _amount(match, 50.0, "%", "half")


def _fraction(match: re.Match[str]) -> Amount | None:
    whole, (part, _dot, decimals) = number_of(match["whole"]), match["part"].partition("点")
    above = number_of(part)
    if not whole or above is None:
        return None
    above += float("0." + "".join(str(DIGITS[char]) for char in decimals if char in DIGITS)) if decimals else 0.0
    return _amount(match, round(above / whole * 100, 2), "%", "fraction")


def _tenths(match: re.Match[str]) -> Amount:
    return _amount(match, (number_of(match["part"]) or 0.0) * 10 + (5 if match["half"] else 0), "%", "fraction")


def _ratio(match: re.Match[str]) -> Amount | None:
    first, second = float(match["first"]), float(match["second"])
    if not first or not second or not re.search(r"比", match.string[max(match.start() - 16, 0) : match.start()]):
        return None
    return _amount(match, round(second / first if first <= second else first / second, 4), "比1", "fraction")


def _doubled(match: re.Match[str]) -> Amount:
    return _amount(match, 2.0 ** (number_of(match["times"] or "一") or 1.0), "倍", "fraction")


def _term(match: re.Match[str]) -> Amount:
    return _amount(match, number_of(match["low"]) or 0.0, match["counter"], "term")


def _unitless(match: re.Match[str]) -> Amount | None:
    low = number_of(match["low"]) or 0.0
    return None if low in YEAR_LIKE and not match["suffix"] else _amount(match, low, "", "unitless")


DIGIT, NUMERAL = re.compile(r"\d"), re.compile(CHINESE)
# What a text must hold, or the pattern finds nothing in it; the pattern; its reader.
READERS: tuple[tuple[re.Pattern[str], re.Pattern[str], Callable[[re.Match[str]], Amount | None]], ...] = (
    (re.compile("[:：∶]"), RATIO, _ratio),
    (DIGIT, TERM, _term),
    (DIGIT, DIGITED, _digited),
    (re.compile("分之"), FRACTION, _fraction),
    (re.compile("番"), DOUBLED, _doubled),
    (re.compile("半"), HALF, _half),
    (re.compile("成"), TENTHS, _tenths),
    (NUMERAL, WORDED, _worded),
    (DIGIT, UNITLESS, _unitless),
)
