"""All settings: read once from `DUBAN_…` variables, refused when unsafe, never changed afterwards. `docs/settings.md` lists them; a test compares."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from rules.errors import DubanError
from rules.texts import _

Port = Annotated[int, Field(ge=1, le=65535)]


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class LogForm(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


class _Environment(EnvSettingsSource):
    """The variables as they are written: none of them is a structure, and finding that out for each takes a third of the time of reading them."""

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:  # noqa: ARG002
        """Return the text; what it must be, the field says."""
        return value


class Settings(BaseSettings):
    """Settings of one installation. Field names are the variables' names without `DUBAN_`."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(default=Path.home() / ".duban", description="文件夹：数据库、佐证材料、发件夹、通报文件")
    database_url: str | None = Field(default=None, description="数据库地址；不填则用 home 下的一个 SQLite 文件")
    store_url: str | None = Field(
        default=None, description="存档文件放在哪里：file:///文件夹 或 s3://存储桶/前缀；不填则为 home 下的 store"
    )
    store_endpoint: str | None = Field(
        default=None, pattern=r"^https?://[^\s]+$", description="存储桶服务器的地址，如 https://s3.example.cn"
    )
    store_region: str = Field(default="us-east-1", description="存储桶服务器的区域名")
    store_key: str | None = Field(default=None, description="存储桶的访问密钥编号")
    store_secret: SecretStr | None = Field(default=None, description="存储桶的访问密钥")
    store_ca_file: Path | None = Field(default=None, description="签发存储桶服务器证书的机构证书（PEM）；不填则用系统自带的")
    pool_size: int = Field(default=15, ge=2, le=500, description="一个进程最多同时开几个数据库连接")
    page_seconds: int = Field(default=60, ge=1, le=3600, description="网页和接口读一次数据库最多几秒；命令和流程不限")
    account: str | None = Field(default=None, description="命令行不写 --as 时以哪个账号办理")
    lang: Literal["zh", "en"] = Field(default="zh", description="界面语言：zh 或 en")
    office: str | None = Field(default=None, description="通报落款的督查机构名称")
    fonts: Path | None = Field(default=None, description="字体文件夹：PDF 用的中文字体，在系统字体之外")
    smtp_host: str | None = Field(default=None, description="邮件服务器；不填则写成 .eml 文件放入发件夹")
    smtp_port: Port = Field(default=465, description="邮件服务器端口")
    smtp_security: SmtpSecurity = Field(default=SmtpSecurity.TLS, description="连接保护：tls、starttls 或 none（仅限本机）")
    smtp_user: str | None = Field(default=None, description="邮件服务器登录名")
    smtp_password: SecretStr | None = Field(default=None, description="邮件服务器登录口令")
    smtp_ca_file: Path | None = Field(default=None, description="签发邮件服务器证书的机构证书（PEM）；不填则用系统自带的")
    smtp_connections: int = Field(default=1, ge=1, le=20, description="同时用几个连接发邮件；程序中断时每个连接最多有一封不知是否送达")
    mail_sender: str = Field(default="duban@localhost", pattern=r"^[^@\s]+@[^@\s]+$", description="发件人地址")
    channels: Path | None = Field(default=None, description="群机器人和接口的渠道文件；不填则用 home 下的 channels.toml")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="网页对外的地址；填了，消息里每项任务带链接，日历地址别人也能打开",
    )
    remind_cron: str = Field(default="7 9 * * *", description="催办流程的时间表（每天运行，由工作日历决定是否办理）")
    deliver_cron: str = Field(default="13,43 8-17 * * *", description="补送流程的时间表（送出仍在等待的消息）")
    escalate_cron: str = Field(default="37 8 * * *", description="升级流程的时间表（准备督办通知单，在催办之前）")
    collect_cron: str = Field(default="23 8-18 * * *", description="收表流程的时间表")
    seal_cron: str = Field(default="41 18 * * *", description="封存台账的时间表")
    backup_cron: str = Field(default="11 19 * * *", description="备份的时间表（在封存之后）")
    bulletin_cron: str = Field(default="17 9 * 1,4,7,10 *", description="通报流程的时间表（每季首月每天运行，第五个工作日起办理）")
    forms_folder: Path | None = Field(default=None, description="收表文件夹；不填则为 home 下的 forms/inbox")
    seal_folder: Path | None = Field(default=None, description="封存文件另存一份的文件夹，宜为数据库管理员改不了的地方")
    backup_folder: Path | None = Field(default=None, description="备份放在哪里；不填则为 home 下的 backups")
    backup_keep: int = Field(default=30, ge=1, description="留最近几份备份")
    operator: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$", description="运维人员的邮箱：流程失败时告诉他")
    log: LogForm = Field(default=LogForm.TEXT, description="运行日志的写法：text 或 json（每行一个 JSON 对象）")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="运行日志记到哪一级")
    log_file: Path | None = Field(default=None, description="运行日志写到哪个文件；不填则写到标准错误输出")
    metrics_token: SecretStr | None = Field(
        default=None, min_length=16, description="从别的机器读取 /metrics 用的令牌；不填则只有本机可以读取"
    )
    host: str = Field(default="127.0.0.1", description="duban serve 监听的地址")
    port: Port = Field(default=8330, description="duban serve 监听的端口")
    plain_http: bool = Field(
        default=False, description="准许别的机器不经加密访问网页；只应在可信的内网里用，否则请在前面放一个提供 https 的反向代理"
    )
    proxies: str = Field(default="", description="可信的反向代理地址，以逗号分隔；只有它们转告的访问者地址才算数")
    policy: Literal["asvs", "dengbao"] = Field(default="asvs", description="口令与登录的要求：asvs，或 dengbao（等级保护）")
    session_idle_minutes: int | None = Field(
        default=None, ge=1, le=480, description="登录后多少分钟不操作就要重新登录；不填则按 DUBAN_POLICY"
    )
    session_hours: int | None = Field(default=None, ge=1, le=24, description="一次登录最多用几小时；不填则按 DUBAN_POLICY")
    second_factor_roles: str = Field(default="", description="哪些角色登录须有动态口令，以逗号分隔，如 administrator,supervisor")
    requests_per_minute: int = Field(default=6000, ge=60, description="一个地址每分钟最多几次请求")

    @classmethod
    def settings_customise_sources(cls, *_settings: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, then the environment. No file is looked for, which would take half the time."""
        return sources["init_settings"], _Environment(cls)

    @property
    def inbox(self) -> Path:
        """Return the folder that returned forms are collected from."""
        return self.forms_folder or self.home / "forms" / "inbox"

    @property
    def seal_folders(self) -> tuple[Path, ...]:
        """Return the folders that seals are written to, the home's own first."""
        return (self.home / "seals", *([self.seal_folder] if self.seal_folder else []))

    @property
    def backups(self) -> Path:
        """Return the folder that back-ups made by themselves are kept in."""
        return self.backup_folder or self.home / "backups"

    @property
    def resolved_database_url(self) -> str:
        """Return the database's URL, the one SQLite file under `home` unless another is set."""
        return self.database_url or f"sqlite:///{self.home / 'duban.db'}"


def read_settings(**given: object) -> Settings:
    """Read the settings; what is `given` (and not None) goes before the environment. Unusable ones are refused, naming the variable."""
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        variable = "DUBAN_" + "_".join(str(part) for part in first["loc"]).upper()
        raise DubanError("bad-setting", _("设置 {variable} 不能用：{why}").format(variable=variable, why=first["msg"])) from None
    _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    local = settings.smtp_host in (None, "localhost", "127.0.0.1", "::1")
    if settings.smtp_security is SmtpSecurity.NONE and not local:
        raise DubanError("unsafe-setting", _("DUBAN_SMTP_SECURITY=none 只能用于本机的邮件服务器，请改为 tls 或 starttls"))
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        raise DubanError("unsafe-setting", _("DUBAN_SMTP_USER 与 DUBAN_SMTP_PASSWORD 须同时设置"))
