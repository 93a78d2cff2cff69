"""Which typefaces a PDF is set in: for each part of a paper the licensed face the standard names where it is installed, else a free one that is like it.

Fonts are looked for in the house's own folder (DUBAN_FONTS), the optional font package (`duban[fonts]`) and the system. Where the house's folder alone
serves every part and every character, the system is not asked: the same pages come out of every machine.
"""

import importlib.util
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from typst import Fonts

from reports.character_maps import characters_of
from rules.errors import DubanError
from rules.texts import _

Role = Literal["title", "body", "kai", "hei", "song"]

# The optional font package: Noto Serif SC and Noto Sans SC under the Open Font License.
FONT_PACKAGE = "pylopdf_fonts_zh_cn"
LATIN_SERIF = "Libertinus Serif"
_FIRST_CJK = 0x2E80

_LICENSED: dict[Role, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "FZFangSong-Z02", "FZFangSong-Z02S", "STFangsong"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03", "FZKai-Z03S", "STKaiti", "Kaiti SC"),
    "hei": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "FZHei-B01S", "STHeiti", "Heiti SC"),
    "song": ("宋体", "SimSun", "NSimSun", "方正书宋_GBK", "FZShuSong-Z01", "FZShuSong-Z01S", "STSong", "Songti SC"),
}
_SERIFS = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "思源宋体", "FandolSong", "AR PL UMing CN", "AR PL SungtiL GB",
)  # fmt: skip
_SANS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "思源黑体", "FandolHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback", "Microsoft YaHei", "PingFang SC",
)  # fmt: skip
_FREE: dict[Role, tuple[str, ...]] = {
    "title": (*_LICENSED["song"], *_SERIFS, *_SANS),
    "body": ("FandolFang", "FandolFang R", "Zhuque Fangsong (technical preview)", *_LICENSED["song"], *_SERIFS, *_SANS),
    "kai": (
        "FandolKai",
        "LXGW WenKai",
        "LXGW WenKai GB",
        "AR PL UKai CN",
        "AR PL KaitiM GB",
        *_LICENSED["body"],
        *_LICENSED["song"],
        *_SERIFS,
        *_SANS,
    ),
    "hei": (*_SANS, *_SERIFS),
    "song": (*_SERIFS, *_LICENSED["body"], *_SANS),
}
ROLES: tuple[Role, ...] = ("title", "body", "kai", "hei", "song")


@dataclass(frozen=True)
class Chosen:
    """What a paper is set in: the loaded fonts, and for each part the families to ask in order."""

    fonts: Fonts
    families: Mapping[Role, tuple[str, ...]]

    def led_by_latin(self) -> "Chosen":
        """Return the same with a Latin face first, for a paper in English: quotes and dashes of a Chinese face are as wide as a character."""
        return Chosen(self.fonts, {role: names if role == "hei" else (LATIN_SERIF, *names) for role, names in self.families.items()})


@dataclass(frozen=True)
class Serving:
    """The family that serves a part of the paper; None: no font with Chinese characters was found. `is_standard`: it is the face the standard names."""

    role: Role
    family: str | None
    is_standard: bool


class Cabinet:
    """The fonts of one place or several, by family."""

    def __init__(self, folders: Iterable[Path], *, with_system: bool) -> None:
        """Load the fonts of the folders and their subfolders, and of the system where asked."""
        self.fonts = Fonts(with_system, True, list(folders))
        # A family has several weights: the first one's characters stand for all.
        self._places = {info.family.lower(): (Path(info.path), info.index) for info in reversed(self.fonts.fonts()) if info.path}
        self._names = {name.lower(): name for name in self.fonts.families()}

    @cached_property
    def serving(self) -> Mapping[Role, str | None]:
        """Return for each role the first family by preference that is here."""
        return {role: self._first((*_LICENSED[role], *_FREE[role])) for role in ROLES}

    @property
    def is_complete(self) -> bool:
        """Tell whether every role has a family."""
        return all(self.serving.values())

    def characters(self, family: str) -> frozenset[int]:
        """Return the code points a family can draw; those of a built-in Latin face are not known and none."""
        place = self._places.get(family.lower())
        return characters_of(*place) if place else frozenset()

    def others(self) -> tuple[str, ...]:
        """Return the remaining families, in a fixed order."""
        return tuple(sorted(name for name in self._names.values() if name not in self.serving.values()))

    def _first(self, families: Iterable[str]) -> str | None:
        return next((self._names[name.lower()] for name in families if name.lower() in self._names), None)


def chosen_for(texts: Iterable[str], folder: Path | None) -> Chosen:
    """Return the fonts for a paper with these texts; `folder` is the house's own.

    Raises DubanError `no-cjk-font` where no font with Chinese characters is installed, `no-glyph` for a character that no installed font has.
    """
    every = list(texts)
    wanted = _visible(every)
    own = own_cabinet(folder)
    if own is not None and own.is_complete and not _missing(own, wanted):
        return _choice(own, ())
    return choice_from(whole_cabinet(folder), every)


def choice_from(cabinet: Cabinet, texts: list[str]) -> Chosen:
    """Return what the cabinet sets these texts in; the errors are those of `chosen_for`."""
    missing = _missing(cabinet, _visible(texts))
    added: list[str] = []
    for family in cabinet.others() if missing else ():
        if found := missing & cabinet.characters(family):
            added.append(family)
            missing -= found
    if missing:
        raise _refusal(cabinet, missing, texts)
    return _choice(cabinet, tuple(added))


def servings(folder: Path | None) -> list[Serving]:
    """Return which family serves each role here, for whoever looks after the machine."""
    own = own_cabinet(folder)
    cabinet = own if own is not None and own.is_complete else whole_cabinet(folder)
    return [Serving(role, family, family is not None and _is_licensed(role, family)) for role, family in cabinet.serving.items()]


def package_folder() -> Path | None:
    """Return the folder of the optional font package, None where it is not installed."""
    found = importlib.util.find_spec(FONT_PACKAGE)
    return Path(found.origin).parent if found and found.origin else None


@cache
def own_cabinet(folder: Path | None) -> Cabinet | None:
    """Return the fonts of the house's own folder alone; read once a process."""
    return None if folder is None else Cabinet([folder], with_system=False)


@cache
def whole_cabinet(folder: Path | None) -> Cabinet:
    """Return all fonts there are: the house's, the package's and the system's; read once a process."""
    return Cabinet([place for place in (folder, package_folder()) if place], with_system=True)


def role_name(role: Role) -> str:
    """Return what the standard calls the face of a role."""
    return {"title": _("小标宋"), "body": _("仿宋"), "kai": _("楷体"), "hei": _("黑体"), "song": _("宋体")}[role]


def advice() -> str:
    """Return how to get a font, in the user's language."""
    return _(
        '安装字体包（pip install "duban[fonts]"），或把 .ttf、.otf 字体文件放进 DUBAN_FONTS 所指的文件夹，或安装系统字体包 fonts-noto-cjk'
    )


def _choice(cabinet: Cabinet, added: tuple[str, ...]) -> Chosen:
    served = tuple(dict.fromkeys(family for family in cabinet.serving.values() if family))
    families = {role: tuple(dict.fromkeys((*_own(cabinet, role), *served, *added, LATIN_SERIF))) for role in ROLES}
    return Chosen(cabinet.fonts, families)


def _own(cabinet: Cabinet, role: Role) -> tuple[str, ...]:
    family = cabinet.serving[role]
    return (family,) if family else ()


def _missing(cabinet: Cabinet, wanted: frozenset[int]) -> frozenset[int]:
    for family in dict.fromkeys(cabinet.serving.values()):
        wanted -= cabinet.characters(family) if family else frozenset()
    # Without any Chinese face the built-in Latin one still sets a paper in English.
    return wanted if any(cabinet.serving.values()) else frozenset(code for code in wanted if code >= _FIRST_CJK)


def _visible(texts: Iterable[str]) -> frozenset[int]:
    """Return the characters that need a glyph: no blanks, no controls, no marks that only choose a form."""
    letters = set().union(*texts)
    return frozenset(
        ord(letter) for letter in letters if unicodedata.category(letter) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and not _is_selector(letter)
    )


def _is_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _is_licensed(role: Role, family: str) -> bool:
    return family.lower() in (name.lower() for name in _LICENSED[role])


def _refusal(cabinet: Cabinet, missing: frozenset[int], texts: list[str]) -> DubanError:
    if not any(cabinet.serving.values()):
        roles = _("、").join(role_name(role) for role in ROLES)
        return DubanError("no-cjk-font", _("没有中文字体（{roles}），不能输出 PDF；{advice}").format(roles=roles, advice=advice()))
    letter = chr(min(missing))
    text = next(text for text in texts if letter in text)
    at = text.index(letter)
    return no_glyph(letter, text[max(0, at - 10) : at + 11])


def no_glyph(letters: str, place: str) -> DubanError:
    """Return the refusal of characters that cannot be drawn; `place` are the words around them."""
    message = _(
        "没有一种字体有“{letter}”（{code}）这个字，它在“{place}”中，不能输出 PDF；把有这个字的字体放进 DUBAN_FONTS 所指的文件夹，或改用别的字"
    )
    code = " ".join(f"U+{ord(letter):04X}" for letter in letters)
    return DubanError("no-glyph", message.format(letter=letters, code=code, place=place))
