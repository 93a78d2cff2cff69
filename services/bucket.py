"""A store's place in an S3-compatible bucket, by s3fs, which comes with the extra `duban[s3]` and is loaded with the first bucket.

A bucket shows an object whole or not at all. Nothing is asked of any address but the endpoint's: keys are given, never looked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from rules.errors import DubanError
from rules.texts import _
from services.store import unreachable

Answer = TypeVar("Answer")

_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 5, 60, 3


@dataclass(frozen=True)
class BucketAccess:
    """How the server of buckets is reached: its address, its region's name, key and secret, and the file of whoever signed its certificate."""

    endpoint: str
    region: str
    key: str
    secret: str = field(repr=False)
    ca_file: str | None = None


@dataclass(frozen=True)
class Bucket:
    """The objects below `s3://bucket/prefix`."""

    path: str
    access: BucketAccess

    @property
    def where(self) -> str:
        """Return the address."""
        return f"s3://{self.path}"

    def has(self, name: str) -> bool:
        """Tell whether the object is there."""
        return self._asked(lambda: bool(self._files.exists(self._full(name))))

    def put(self, name: str, content: bytes) -> None:
        """Write the object."""
        self._asked(lambda: self._files.pipe_file(self._full(name), content))

    def get(self, name: str) -> bytes | None:
        """Return the object's bytes."""
        return self._asked(lambda: self._read(name))

    def names(self) -> Iterator[str]:
        """Give the objects' names."""
        found: list[str] = self._asked(lambda: self._files.find(self.path) if self._is_there() else self._no_bucket())
        yield from (name.removeprefix(f"{self.path}/") for name in sorted(found))

    def remove(self, name: str) -> None:
        """Remove the object."""
        self._asked(lambda: self._files.rm_file(self._full(name)))

    def _read(self, name: str) -> bytes | None:
        try:
            content: bytes = self._files.cat_file(self._full(name))
        except FileNotFoundError:
            return None if self._is_there() else self._no_bucket()
        return content

    def _is_there(self) -> bool:
        return bool(self._files.exists(self.path.partition("/")[0]))

    def _no_bucket(self) -> Any:
        raise unreachable(self.where, _("没有这个存储桶"))

    def _asked(self, question: Callable[[], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError
        from fsspec.exceptions import FSTimeoutError

        try:
            return question()
        except FileNotFoundError:
            return self._no_bucket()  # type: ignore[no-any-return]
        except PermissionError:
            raise unreachable(self.where, _("密钥不对，或没有权限")) from None
        except (OSError, BotoCoreError, FSTimeoutError) as error:
            raise unreachable(self.where, type(error).__name__) from None

    def _full(self, name: str) -> str:
        return f"{self.path}/{name}"

    @cached_property
    def _files(self) -> Any:
        import s3fs

        access = self.access
        files = s3fs.S3FileSystem(
            key=access.key,
            secret=access.secret,
            endpoint_url=access.endpoint,
            # What another process wrote a moment ago must be seen.
            use_listings_cache=False,
            client_kwargs={"region_name": access.region, **({"verify": access.ca_file} if access.ca_file else {})},
            config_kwargs={
                "connect_timeout": _CONNECT_SECONDS,
                "read_timeout": _READ_SECONDS,
                "retries": {"max_attempts": _TRIES},
                "s3": {"addressing_style": "path"},
                # Not every server knows the newer checksums; what is read is held against its hash anyway.
                "request_checksum_calculation": "when_required",
                "response_checksum_validation": "when_required",
            },
        )
        # Beside those of the library below it; whoever asks waits meanwhile.
        files.retries = 1
        return files


def refuse_without_s3fs() -> None:
    """Refuse a bucket where the libraries for it are not installed."""
    from importlib.util import find_spec

    if find_spec("s3fs") is None:
        raise DubanError("extra-missing", _("存档文件库设在存储桶里，但没有安装所需的程序库；请安装 duban[s3]，如 pip install 'duban[s3]'"))
