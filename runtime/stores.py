"""The store of files as the settings say: a folder, or an S3-compatible bucket; and copying one store into another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rules.errors import DubanError
from rules.texts import _
from runtime.nearness import is_loopback
from runtime.settings import Settings
from services.store import Folder, Store


@dataclass(frozen=True)
class ReadStore:
    """What came of going through a store: files copied, files that were where they belong already, their bytes together, and the hashes of damaged ones."""

    copied: int
    present: int
    size_bytes: int
    damaged: tuple[str, ...]


def store_of(settings: Settings) -> Store:
    """Return the installation's store; nothing is opened yet. Codes: bad-setting, unsafe-setting, extra-missing."""
    return store_at(settings.store_url, settings) if settings.store_url else Store(settings.home / "store")


def store_at(url: str, settings: Settings) -> Store:
    """Return the store at an address: `file:///folder`, or `s3://bucket/prefix` on the server of the settings, with their keys."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path != "/":
        return Store(Folder(Path(unquote(parts.path)), is_given=True))
    if parts.scheme == "s3" and parts.netloc:
        return _bucket(f"{parts.netloc}{parts.path}".rstrip("/"), settings)
    raise _bad("DUBAN_STORE_URL", _("存档文件库的地址应如 file:///文件夹 或 s3://存储桶/前缀"))


def check_store(store: Store, along: Callable[[Sequence[str]], Iterable[str]] = iter) -> ReadStore:
    """Read every file of a store and hold it against its name."""
    size = present = 0
    damaged = []
    for digest in along(list(store.digests())):
        try:
            size, present = size + len(store.read(digest)), present + 1
        except DubanError as error:
            damaged.append(_lost(error, digest))
    return ReadStore(0, present, size, tuple(damaged))


def copy_store(source: Store, target: Store, along: Callable[[Sequence[str]], Iterable[str]] = iter) -> ReadStore:
    """Copy every file of one store into another and read it back there; what is there already is read and held against its name too.

    A file that is not what its name says is not copied, and named at the end. Copying again goes on where it was broken off.
    """
    copied = present = size = 0
    damaged = []
    for digest in along(list(source.digests())):
        try:
            content = source.read(digest)
            is_new = not target.has(digest)
            target.keep(content)
            target.read(digest)
        except DubanError as error:
            damaged.append(_lost(error, digest))
            continue
        copied, present, size = copied + is_new, present + (not is_new), size + len(content)
    return ReadStore(copied, present, size, tuple(damaged))


def _lost(error: DubanError, digest: str) -> str:
    """Return the hash of a file that is not what its name says; any other refusal goes on."""
    if error.code != "file-lost":
        raise error
    return digest


def _bucket(path: str, settings: Settings) -> Store:
    from services.bucket import Bucket, BucketAccess, refuse_without_s3fs

    given = {
        "DUBAN_STORE_ENDPOINT": settings.store_endpoint,
        "DUBAN_STORE_KEY": settings.store_key,
        "DUBAN_STORE_SECRET": settings.store_secret,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise _bad(missing[0], _("存档文件库设在存储桶里时必须填写"))
    assert settings.store_endpoint
    assert settings.store_key
    assert settings.store_secret
    _refuse_open_endpoint(settings.store_endpoint, settings)
    refuse_without_s3fs()
    ca_file = str(settings.store_ca_file) if settings.store_ca_file else None
    secret = settings.store_secret.get_secret_value()
    return Store(Bucket(path, BucketAccess(settings.store_endpoint, settings.store_region, settings.store_key, secret, ca_file)))


def _refuse_open_endpoint(endpoint: str, settings: Settings) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme == "http" and not settings.plain_http and not is_loopback(parts.hostname or ""):
        text = _("DUBAN_STORE_ENDPOINT 不加密，材料会在网上明着传送；请用 https，或在可信的内网里设置 DUBAN_PLAIN_HTTP=1")
        raise DubanError("unsafe-setting", text)


def _bad(variable: str, why: str) -> DubanError:
    return DubanError("bad-setting", _("设置 {variable} 不能用：{why}").format(variable=variable, why=why))
