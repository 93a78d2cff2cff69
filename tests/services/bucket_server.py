"""A real server of buckets on this machine, in a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from runtime.settings import Settings, read_settings
from services.bucket import Bucket, BucketAccess


@dataclass
class BucketServer:
    """The server's address; `make` makes a bucket in it."""

    address: str

    def make(self, bucket: str) -> None:
        urlopen(Request(f"{self.address}/{bucket}", method="PUT")).close()

    def put(self, path: str, name: str, content: bytes) -> None:
        Bucket(path, BucketAccess(self.address, "us-east-1", "k", "s")).put(name, content)

    def settings(self, home: Path, url: str, **other: object) -> Settings:
        return read_settings(
            **{"home": home, "store_url": url, "store_endpoint": self.address, "store_key": "k", "store_secret": "s", **other}
        )


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield BucketServer(f"http://{host}:{port}")
    finally:
        server.stop()
