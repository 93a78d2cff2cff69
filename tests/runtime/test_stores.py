"""The store of files: the same cases for a folder and for a bucket on a real server."""

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from rules.errors import DubanError
from runtime.settings import Settings, read_settings
from runtime.stores import copy_store, store_at, store_of
from services.store import Store, name_of
from tests.cli.running import Duban
from tests.services.bucket_server import BucketServer, bucket_server


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as server:
        server.make("papers")
        yield server


_numbers = count()


@dataclass
class House:
    """An installation's store, its settings, and how to spoil a file behind its back."""

    settings: Settings
    server: BucketServer | None
    path: str
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = store_of(self.settings)

    def write(self, name: str, content: bytes) -> None:
        if self.server:
            self.server.put(self.path, name, content)
        else:
            place = Path(self.path) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


@pytest.fixture(params=["folder", "bucket"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    if request.param == "folder":
        return House(read_settings(home=tmp_path), None, str(tmp_path / "store"))
    server: BucketServer = request.getfixturevalue("server")
    path = f"papers/{next(_numbers)}"
    return House(server.settings(tmp_path, f"s3://{path}"), server, path)


def refusal(call, *args) -> DubanError:
    with pytest.raises(DubanError) as caught:
        call(*args)
    assert "\n" not in caught.value.message
    return caught.value


CONTENTS = {"empty": b"", "text": "佐证材料".encode(), "bytes": bytes(range(256)) * 4, "long": b"x" * (6 << 20)}


def test_what_is_kept_is_read_again_under_its_hash(house):
    digests = {name: house.store.keep(content) for name, content in CONTENTS.items()}
    assert digests == {name: sha256(content).hexdigest() for name, content in CONTENTS.items()}
    assert {name: house.store.read(digest) for name, digest in digests.items()} == CONTENTS
    assert list(store_of(house.settings).digests()) == sorted(digests.values())
    assert house.store.keep(CONTENTS["text"]) == digests["text"]


def test_a_file_changed_or_gone_is_refused(house):
    digest = house.store.keep(b"as it was")
    house.write(name_of(digest), b"as it is now")
    assert refusal(house.store.read, digest).code == "file-lost"
    assert refusal(house.store.read, "0" * 64).code == "file-lost"
    assert not house.store.has("0" * 64)


def test_only_files_under_their_hash_are_counted(house):
    digest = house.store.keep(b"one")
    house.write("readme.txt", b"not ours")
    house.write("ab/too-short", b"not ours")
    house.write(f"zz/{digest}", b"another folder's")
    house.store.prove()
    assert list(house.store.digests()) == [digest]


def test_many_writers_of_the_same_bytes_leave_one_whole_file(house):
    writers = [Thread(target=house.store.keep, args=(CONTENTS["long"],)) for _number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (digest,) = house.store.digests()
    assert house.store.read(digest) == CONTENTS["long"]


def test_a_store_is_copied_and_what_is_damaged_is_named(house, tmp_path):
    digests = [house.store.keep(content) for content in (b"one", b"two", b"three")]
    house.write(name_of(digests[2]), b"other")
    target = Store(tmp_path / "copy")
    target.keep(b"one")
    done = copy_store(house.store, target)
    assert (done.copied, done.present, done.size_bytes, done.damaged) == (1, 1, 6, (digests[2],))
    assert list(target.digests()) == sorted(digests[:2])
    back = copy_store(target, house.store)
    assert (back.copied, back.present, back.damaged) == (0, 2, ())


def test_a_place_that_cannot_be_used_is_refused_in_a_line(server, tmp_path):
    (tmp_path / "file").write_text("")
    gone = store_of(server.settings(tmp_path, "s3://nowhere/at-all"))
    silent = store_of(server.settings(tmp_path, "s3://papers", store_endpoint="http://127.0.0.1:9"))
    unmounted = store_at(f"file://{tmp_path}/none", read_settings(home=tmp_path))
    for store in (Store(tmp_path / "file" / "store"), unmounted, gone):
        for call, given in ((store.keep, b"x"), (store.read, "0" * 64)):
            assert refusal(call, given).code == "store-unreachable"
    assert refusal(silent.prove).code == "store-unreachable"
    assert not (tmp_path / "none").exists()


BAD = {
    "no-kind": ({"store_url": "/var/papers"}, "bad-setting"),
    "another-kind": ({"store_url": "ftp://host/papers"}, "bad-setting"),
    "another-host's-folder": ({"store_url": "file://host/papers"}, "bad-setting"),
    "no-bucket": ({"store_url": "s3:///papers"}, "bad-setting"),
    "no-key": ({"store_key": None}, "bad-setting"),
    "no-secret": ({"store_secret": None}, "bad-setting"),
    "no-endpoint": ({"store_endpoint": None}, "bad-setting"),
    "open-endpoint": ({"store_endpoint": "http://10.0.0.8:9000"}, "unsafe-setting"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_an_unusable_setting_is_refused_before_anything_is_asked(tmp_path, monkeypatch, case):
    given, code = BAD[case]
    usual = {"store_url": "s3://papers", "store_endpoint": "https://s3.example.cn", "store_key": "k", "store_secret": "hidden-s"}
    settings = read_settings(home=tmp_path, **{**usual, **given})
    assert "hidden-s" not in repr(settings)
    told = refusal(store_of, settings)
    assert told.code == code
    assert "hidden-s" not in told.message


def test_a_bucket_without_its_libraries_says_what_to_install(server, tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "s3fs" else found(name))
    told = refusal(store_of, server.settings(tmp_path, "s3://papers"))
    assert (told.code, "duban[s3]" in told.message) == ("extra-missing", True)


def test_a_folder_elsewhere_is_named_by_its_address(tmp_path):
    assert store_at(f"file://{tmp_path}/%E6%9D%90%E6%96%99", read_settings(home=tmp_path)).folder == tmp_path / "材料"


def test_the_commands_copy_and_check(tmp_path):
    store = Store(tmp_path / "store")
    digests = [store.keep(content) for content in (b"one", b"two")]
    (tmp_path / "other").mkdir()
    duban = Duban(tmp_path)
    told = duban("store", "copy", f"file://{tmp_path}/other", "--json")
    assert (told.code, json.loads(told.out)) == (0, {"copied": 2, "present": 0, "size_bytes": 6, "damaged": []})
    (tmp_path / "other" / name_of(digests[0])).write_bytes(b"spoilt")
    assert duban("store", "check").code == 0
    told = duban("store", "check", DUBAN_STORE_URL=f"file://{tmp_path}/other")
    assert (told.code, digests[0] in told.err) == (3, True)
    assert duban("store", "copy", f"file://{tmp_path}/none").err.startswith("error[store-unreachable]")
