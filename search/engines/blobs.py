"""Many texts on disk, read one by one: their bytes one after the other, and where each starts."""

from __future__ import annotations

import os
import weakref
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias, overload
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Bytes from which a file stays on disk: arrays are mapped, and so shared by processes; of texts and of what is wanted
# in short pieces each piece is read. Smaller ones are read whole: where a mapped file is cut short under a running
# site, the next look at it ends the process.
LARGE = 32 * 2**20

Read: TypeAlias = Callable[[int, int], bytes]  # the bytes of a file from one place to before another


class Blob(Sequence[bytes]):
    """Texts by their numbers.

    Those that are looked up by their beginning are in the order of their bytes, in UTF-8 that of their characters.
    """

    def __init__(
        self,
        read: Read,
        starts: NDArray[np.int64],
        sums: NDArray[np.uint32] | None = None,
        order: NDArray[np.int32] | None = None,
    ) -> None:
        self._read = read
        self._starts = memoryview(starts)  # type: ignore[arg-type]  # its items are plain numbers, unlike an array's
        self._count = len(starts) - 1
        self._sums, self._order = sums, order  # check sums of the texts in ascending order, and whose each is

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if number >= self._count:
            raise IndexError(number)
        return self._read(self._starts[number], self._starts[number + 1])

    def find(self, texts: Sequence[str]) -> list[int]:
        """The number of each text, or -1; all looked up at once by their check sums."""
        if self._sums is None or self._order is None or not len(self):
            return [-1] * len(texts)
        keys = [text.encode() for text in texts]
        sums = [crc32(key) for key in keys]
        found = []
        for key, check, at in zip(keys, sums, self._sums.searchsorted(np.array(sums, np.uint32)).tolist(), strict=True):
            number = -1
            while at < len(self) and self._sums[at] == check:
                if self[int(self._order[at])] == key:
                    number = int(self._order[at])
                    break
                at += 1  # noqa: PLW2901 - another text with the same check sum
            found.append(number)
        return found

    def prefixed(self, text: str) -> tuple[int, int]:
        """The first text that begins like this, and the one after the last."""
        key = text.encode()
        first = bisect_left(self, key)
        return first, bisect_left(self, key + b"\xff", lo=first)


class Pieces:
    """An array of one dimension of which only short pieces are wanted, each in a memory of its own."""

    def __init__(self, read: Read, dtype: np.dtype[Any], length: int, offset: int) -> None:
        self._read, self._dtype = read, dtype
        self._length, self._offset = length, offset  # offset: bytes before the first item

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, where: slice) -> NDArray[Any]:
        first, end, _ = where.indices(self._length)
        return self.together([(first, end)])

    def together(self, ends: Iterable[tuple[int, int]]) -> NDArray[Any]:
        """Pieces one after the other; of each the first item and the one after the last."""
        size, offset = self._dtype.itemsize, self._offset
        pieces = [self._read(first * size + offset, end * size + offset) for first, end in ends]
        return np.frombuffer(b"".join(pieces), self._dtype)


class _LargeFile:
    """A file that is read in pieces.

    If it were mapped, a look at a piece would add 16 pages around it to the memory of the process; and a file that is
    cut short is an error here.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, first: int, end: int) -> bytes:
        """See Read. Raises: OSError or ValueError when the bytes are not there."""
        content = os.pread(self._file, end - first, first)
        if len(content) != end - first:
            raise ValueError(f"{self._path} is cut short")
        return content


class BlobWriter(AbstractContextManager["BlobWriter"]):
    """Writes texts that are sorted already, or whose order means something else; one at a time, however many."""

    def __init__(self, folder: Path, name: str, *, looked_up: bool = False) -> None:
        self._folder, self._name, self._looked_up = folder, name, looked_up
        self._sizes, self._sums = array("q"), array("L")
        self._file = (folder / f"{name}.bin").open("wb")

    def add(self, text: bytes) -> None:
        """Write the next text. Raises: OSError."""
        self._file.write(text)
        self._sizes.append(len(text))
        if self._looked_up:
            self._sums.append(crc32(text))

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Close the file and, unless something failed, write where each text starts."""
        self._file.close()
        if error is not None:
            return
        starts = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(np.frombuffer(self._sizes, np.int64), out=starts[1:])
        np.save(self._folder / f"{self._name}_starts.npy", starts)
        if self._looked_up:
            every = np.array(self._sums, np.uint32)
            order = np.argsort(every, kind="stable").astype(np.int32)
            np.save(self._folder / f"{self._name}_sums.npy", every[order])
            np.save(self._folder / f"{self._name}_order.npy", order)


def write_blob(folder: Path, name: str, texts: Iterable[bytes], *, looked_up: bool = False) -> None:
    """Write texts that are there already; see BlobWriter."""
    with BlobWriter(folder, name, looked_up=looked_up) as blob:
        for text in texts:
            blob.add(text)


class ArrayWriter(AbstractContextManager["ArrayWriter"]):
    """Writes an array of one dimension piece by piece, as np.save would the whole.

    A mapped file would do the same, but what is written to it counts as memory of the process.
    """

    def __init__(self, folder: Path, name: str, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype)
        self._length = 0
        self._file = (folder / f"{name}.npy").open("wb")
        self._write_head()

    def add(self, piece: NDArray[Any]) -> None:
        """Write the next piece. Raises: OSError."""
        self._file.write(np.ascontiguousarray(piece, self._dtype).data)
        self._length += len(piece)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Say in the head how long the array has become, unless something failed, and close the file."""
        with self._file:
            if error is None:
                self._file.seek(0)
                self._write_head()

    def _write_head(self) -> None:
        """Write the head, in which NumPy leaves room for any length: it takes as many bytes for each."""
        descr = np.lib.format.dtype_to_descr(self._dtype)
        head = {"descr": descr, "fortran_order": False, "shape": (self._length,)}
        np.lib.format.write_array_header_1_0(self._file, head)


class ArrayFiles:
    """The files of arrays in a folder, with the check sum of each as it was written."""

    def __init__(self, folder: Path, sums: Mapping[str, int]) -> None:
        self._folder = folder
        self._sums = sums

    def array(self, name: str) -> NDArray[Any]:
        """Read or map an array. Raises: OSError or ValueError when it is not what was written."""
        path = self._folder / f"{name}.npy"
        try:
            array: NDArray[Any] = (
                np.load(path, mmap_mode="r", allow_pickle=False)
                if path.stat().st_size > LARGE
                else np.load(BytesIO(self._checked(path)), allow_pickle=False)
            )
        except SyntaxError as error:  # what NumPy makes of a damaged head
            raise ValueError(f"{path} is damaged") from error
        # An ndarray over the same memory: every slice of a memmap would make another memmap, which is slow.
        return array.view(np.ndarray)

    def blob(self, name: str) -> Blob:
        """What write_blob wrote. Raises: OSError or ValueError when it is not that."""
        path, starts = self._folder / f"{name}.bin", self.array(f"{name}_starts")
        if len(starts) == 0 or starts[-1] != path.stat().st_size:
            raise ValueError(f"{path} is not whole")
        if f"{name}_sums.npy" not in self._sums:
            return Blob(self._reader(path), starts)
        return Blob(self._reader(path), starts, self.array(f"{name}_sums"), self.array(f"{name}_order"))

    def pieces(self, name: str, dtype: np.dtype[Any]) -> Pieces:
        """Read an array, or as much of it as is wanted. Raises: OSError or ValueError when it is not what was written.

        Nothing but its size tells of a large one whether it is.
        """
        path = self._folder / f"{name}.npy"
        try:
            with path.open("rb") as file:
                np.lib.format.read_magic(file)
                shape, _, found = np.lib.format.read_array_header_1_0(file)
                offset = file.tell()
        except SyntaxError as error:  # what NumPy makes of a damaged head
            raise ValueError(f"{path} is damaged") from error
        if found != dtype or len(shape) != 1 or path.stat().st_size != offset + shape[0] * dtype.itemsize:
            raise ValueError(f"{path} is not whole")
        return Pieces(self._reader(path), dtype, shape[0], offset)

    def _reader(self, path: Path) -> Read:
        if path.stat().st_size > LARGE:
            return _LargeFile(path).read
        content = self._checked(path)
        return lambda first, end: content[first:end]

    def text(self, file: str) -> str:
        """Read a file of text. Raises: OSError or ValueError when it is not what was written."""
        return self._checked(self._folder / file).decode()

    def _checked(self, path: Path) -> bytes:
        """The bytes of a file. A large one is not read through, so it is not checked."""
        content = path.read_bytes()
        if crc32(content) != self._sums[path.name]:
            raise ValueError(f"{path} is damaged")
        return content


def check_sums(folder: Path) -> dict[str, int]:
    """The check sum of each file in a folder."""
    sums = {}
    for path in sorted(folder.iterdir()):
        total = 0
        with path.open("rb") as file:
            while piece := file.read(2**20):
                total = crc32(piece, total)
        sums[path.name] = total
    return sums
