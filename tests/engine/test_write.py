"""Writing a file: the old one or the new one, never half of each."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from lambdalint.engine.write import write_atomically


def test_content_is_replaced_and_the_mode_kept(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")
    path.chmod(0o751)
    write_atomically(str(path), b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert os.listdir(tmp_path) == ["app.py"]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(str(tmp_path / "new.py"), b"x")
    assert (tmp_path / "new.py").read_bytes() == b"x"
    assert (tmp_path / "new.py").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomically("app.py", b"x")
    assert (tmp_path / "app.py").read_bytes() == b"x"


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/app.py").write_bytes(b"old")
    os.symlink("real/app.py", tmp_path / "first.py")
    os.symlink("first.py", tmp_path / "app.py")
    write_atomically(str(tmp_path / "app.py"), b"new")
    assert os.readlink(tmp_path / "app.py") == "first.py"
    assert (tmp_path / "real/app.py").read_bytes() == b"new"
    assert os.listdir(tmp_path / "real") == ["app.py"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o4755)  # a change of owner would clear this bit
    write_atomically(str(path), b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o4755)


def test_an_owner_that_may_not_be_kept_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")
    asked: list[Any] = []

    def refuse(*arguments: Any) -> None:
        asked.append(arguments)
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    real = os.stat

    def another_owner(name: Any, **options: Any) -> os.stat_result:
        status = real(name, **options)
        if str(name).endswith(".tmp"):
            return os.stat_result((*status[:4], status.st_uid + 1, *status[5:10]))
        return status

    monkeypatch.setattr(os, "stat", another_owner)
    write_atomically(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert len(asked) == 1


@pytest.mark.parametrize("step", ["replace", "chmod", "fdopen"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")

    def fail(*arguments: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match=r"app\.py can't be written: No space left on device"):
        write_atomically(str(path), b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["app.py"]


def test_an_interruption_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(str(tmp_path / "app.py"), b"new")
    assert os.listdir(tmp_path) == []


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is no regular file"):
        write_atomically(str(tmp_path), b"x")
    with pytest.raises(FileNotFoundError, match="can't be replaced: No such file or directory"):
        write_atomically(str(tmp_path / "none" / "app.py"), b"x")
    os.symlink("loop.py", tmp_path / "loop.py")
    with pytest.raises(OSError, match=r"loop\.py"):
        write_atomically(str(tmp_path / "loop.py"), b"x")
    assert os.readlink(tmp_path / "loop.py") == "loop.py"


def test_a_read_only_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda name, mode: False)  # root may write all
    with pytest.raises(PermissionError, match=r"app\.py is read-only"):
        write_atomically(str(path), b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(b"old")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PermissionError, match="can't be replaced"):
            write_atomically(str(path), b"new")
    finally:
        tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"
