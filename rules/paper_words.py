"""The kinds of numbered papers in words."""

from models.publication import PublicationKind
from rules.texts import _


def paper_kind_name(kind: PublicationKind) -> str:
    """Return the kind's name for users."""
    return {
        PublicationKind.BULLETIN: _("督查通报"),
        PublicationKind.AGREEMENT: _("目标管理责任书"),
        PublicationKind.ASSIGNMENT: _("交办单"),
        PublicationKind.URGING: _("催办单"),
        PublicationKind.REPLY: _("批复"),
        PublicationKind.CONCLUSION: _("督查结论"),
        PublicationKind.SCORECARD: _("年度考评"),
    }[kind]
