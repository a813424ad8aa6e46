"""Sound recordings: told by their content, and freed of the notes a telephone leaves in them (title, place)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MP3, M4A, OGG, WAV = "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"

_OGG_SOUND = (b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC")
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia"})
_LONGEST_COMMENTS = 1_000_000  # bytes, a picture of the singer included
_WAV_KEPT = frozenset({b"fmt ", b"fact", b"data"})


def content_type_of(data: bytes) -> str | None:
    """Which kind of sound it is. Films, in the same containers, are none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE" and {b"fmt ", b"data"} <= {name for name, _ in _chunks(data)}:
        return WAV
    if data[:4] == b"OggS" and any(data[28:40].startswith(codec) for codec in _OGG_SOUND):
        return OGG
    if data[4:8] == b"ftyp":
        handlers = {data[start + 8 : start + 12] for name, start, _ in _boxes(data) if name == b"hdlr"}
        return M4A if b"soun" in handlers and b"vide" not in handlers else None
    return MP3 if _frames(data) is not None else None


def without_notes(data: bytes, content_type: str) -> bytes:
    """The same sound without title, artist, comment and place."""
    if content_type == WAV:
        kept = b"".join(
            name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
            for name, content in _chunks(data)
            if name in _WAV_KEPT
        )
        return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WAVE" + kept
    if content_type == M4A:
        cleaned = bytearray(data)
        for name, start, end in _boxes(data):
            if name in (b"udta", b"meta"):
                # Renamed and emptied where it stands: the sound's own table counts bytes from the beginning.
                cleaned[start - 4 : end] = b"free" + bytes(end - start)
        return bytes(cleaned)
    if content_type == MP3:
        start = _frames(data) or 0
        end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
        return data[start:end]
    return _ogg_without_comments(data)


def _ogg_without_comments(data: bytes) -> bytes:
    """The comments of Vorbis and Opus become spaces where they stand, and their pages get new checksums."""
    cleaned = bytearray(data)
    pages: list[tuple[int, int]] = []
    places: list[tuple[int, int, bool]] = []
    for page, parts in _ogg_pages(data):
        pages.append(page)
        places += parts
        if page[1] > _LONGEST_COMMENTS or sum(is_last for *_place, is_last in places) >= 2:
            break
    first_end = next((number for number, (*_place, is_last) in enumerate(places) if is_last), len(places))
    second: list[int] = []
    for start, end, is_last in places[first_end + 1 :]:
        second += range(start, end)
        if is_last:
            break
    packet = bytes(data[at] for at in second)
    prefix = next((each for each in (b"\x03vorbis", b"OpusTags") if packet.startswith(each)), None)
    if prefix is None:
        return data
    for start, end in _comments(packet, len(prefix)):
        for at in second[start:end]:
            cleaned[at] = ord(" ")
    for start, end in pages:
        cleaned[start + 22 : start + 26] = bytes(4)
        cleaned[start + 22 : start + 26] = _ogg_checksum(bytes(cleaned[start:end])).to_bytes(4, "little")
    return bytes(cleaned)


def _ogg_pages(data: bytes) -> Iterator[tuple[tuple[int, int], list[tuple[int, int, bool]]]]:
    """Each page of the first stream: where it is, and the pieces of packets in it, with whether one ends there."""
    at, serial = 0, data[14:18]
    while data[at : at + 4] == b"OggS" and at + 27 <= len(data):
        sizes = data[at + 27 : at + 27 + data[at + 26]]
        start = begun = at + 27 + len(sizes)
        pieces = []
        for number, size in enumerate(sizes):
            begun_here, start = begun, start + size
            if size < 255 or number == len(sizes) - 1:
                pieces.append((begun_here, start, size < 255))
                begun = start
        if start > len(data):
            return
        if data[at + 14 : at + 18] == serial:
            yield (at, start), pieces
        at = start


def _comments(packet: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Where what each comment says begins and ends, after its own name and «=»."""
    at += 4 + int.from_bytes(packet[at : at + 4], "little")  # what wrote the file
    count, at = int.from_bytes(packet[at : at + 4], "little"), at + 4
    for _number in range(min(count, len(packet))):
        size, at = int.from_bytes(packet[at : at + 4], "little"), at + 4
        if at + size > len(packet):
            return
        named = packet.find(b"=", at, at + size)
        yield (at if named < 0 else named + 1), at + size
        at += size


def _shifted(byte: int) -> int:
    result = byte << 24
    for _bit in range(8):
        result = result << 1 ^ (0x04C11DB7 if result & 0x80000000 else 0)
    return result & 0xFFFFFFFF


_CHECKSUMS = tuple(_shifted(byte) for byte in range(256))


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 as Ogg has it: polynomial 04C11DB7, nothing turned round (RFC 3533)."""
    result = 0
    for byte in page:
        result = (result << 8 ^ _CHECKSUMS[result >> 24 ^ byte]) & 0xFFFFFFFF
    return result


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The named parts of a WAV file."""
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each box of an MPEG-4 file, those inside others as well."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, name, header = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if size == 1:
            size, header = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            return
        yield name, start + header, start + size
        if name in _CONTAINERS:
            yield from _boxes(data, start + header, start + size)
        start += size


def _frames(data: bytes) -> int | None:
    """Where the first of two frames of MPEG sound in a row begins, after an ID3 tag if there is one."""
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size
    for at in range(start, min(start + 4096, len(data) - 4)):
        length = _frame_length(data, at)
        if length and _frame_length(data, at + length):
            return at
    return None


_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)  # MPEG-1 layer 3, kbit/s
_BITRATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)  # MPEG-2 and 2.5
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # samples a second, by version


def _frame_length(data: bytes, at: int) -> int:
    """Bytes of the frame of layer 3 that begins there; 0 when none does."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return 0
    version, rate = data[at + 1] >> 3 & 3, data[at + 2] >> 2 & 3
    if version == 1 or rate == 3:
        return 0
    kbits = (_BITRATES if version == 3 else _BITRATES_LOW)[data[at + 2] >> 4]
    return (
        (144 if version == 3 else 72) * kbits * 1000 // _RATES[version][rate] + (data[at + 2] >> 1 & 1) if kbits else 0
    )
