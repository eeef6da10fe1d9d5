"""Draws `icon.png`: a golden thread through a dark cloth. `python3 icon.py` writes it anew."""

import math
import pathlib
import struct
import zlib

SIZE = 192  # Pixels: connectors take squares of 100 to 230.
CLOTH, WEAVE, THREAD = (0x1F, 0x3A, 0x4D), (0x2B, 0x4C, 0x62), (0xE3, 0xB2, 0x3C)
SAMPLES = 3  # Each pixel is the mean of so many squared points, so that edges are smooth.


def colour(x: float, y: float) -> tuple[int, int, int]:
    """What is at a point of the unit square."""
    wave = 0.5 + 0.22 * math.sin(2 * math.pi * x)
    # The thread goes under the cloth twice, as a stitch does.
    stitched = not any(abs(x - gap) < 0.06 for gap in (0.25, 0.75))
    if 0.08 < x < 0.92 and stitched and abs(y - wave) < 0.045:
        return THREAD
    return WEAVE if (int(x * 24) + int(y * 24)) % 2 else CLOTH


def pixel(column: int, row: int) -> bytes:
    points = [
        colour((column + (a + 0.5) / SAMPLES) / SIZE, (row + (b + 0.5) / SAMPLES) / SIZE)
        for a in range(SAMPLES)
        for b in range(SAMPLES)
    ]
    return bytes(round(sum(point[part] for point in points) / len(points)) for part in range(3))


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png() -> bytes:
    rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


if __name__ == "__main__":
    pathlib.Path(__file__).with_name("icon.png").write_bytes(png())
