"""Makes the coded pictures beside it: one line of words in every coding that fax machines and office scanners use.

    python3 make.py        needs Pillow (with libtiff) and, for the mixed fax coding, `tiffcp` (libtiff-tools)
    python3 make.py check  has `jbig2dec` decode what was made, and compares

The JBIG2 forms are coded here (ITU-T T.88, annexes A and E), for no packaged encoder writes all three: arithmetic, fax
(MMR), and symbols in a dictionary of their own, as scanners share it between pages.
"""

import io
import pathlib
import struct
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

HERE = pathlib.Path(__file__).parent
WORDS = "Ada reads ten words a day."

# The states of the arithmetic coder: probability, next after the likely, next after the unlikely, whether it turns round.
STATES = [
    (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0),
    (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0),
    (0x2401, 23, 20, 0), (0x2201, 24, 21, 0), (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0),
    (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0), (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0),
    (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0), (0x0221, 37, 34, 0),
    (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0),
]


class Coder:
    """The arithmetic coder of annex E."""

    def __init__(self):
        self.a, self.c, self.count, self.bytes, self.contexts = 0x8000, 0, 12, [0], {}

    def bit(self, context, bit):
        state, likely = self.contexts.get(context, (0, 0))
        probability, after_likely, after_unlikely, turns = STATES[state]
        self.a -= probability
        if bit == likely:
            if self.a & 0x8000:
                self.c += probability
                return
            if self.a < probability:
                self.a = probability
            else:
                self.c += probability
            self.contexts[context] = (after_likely, likely)
        else:
            if self.a < probability:
                self.c += probability
            else:
                self.a = probability
            self.contexts[context] = (after_unlikely, likely ^ turns)
        while True:
            self.a <<= 1
            self.c <<= 1
            self.count -= 1
            if self.count == 0:
                self.put()
            if self.a & 0x8000:
                return

    def put(self):
        if self.bytes[-1] != 0xFF and self.c >= 0x8000000:
            self.bytes[-1] += 1
            self.c &= 0x7FFFFFF
        if self.bytes[-1] == 0xFF:
            self.bytes.append(self.c >> 20)
            self.c, self.count = self.c & 0xFFFFF, 7
        else:
            self.bytes.append(self.c >> 19)
            self.c, self.count = self.c & 0x7FFFF, 8

    def end(self):
        top = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= top:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.count
            self.put()
        if self.bytes[-1] != 0xFF:
            self.bytes.append(0xFF)
        return bytes(self.bytes[1:] + [0xAC])

    def number(self, name, value):
        """A number by annex A; none is the end of a row."""
        before = 1

        def put(bit):
            nonlocal before
            self.bit((name, before), bit)
            before = before << 1 | bit if before < 256 else (before << 1 | bit) & 511 | 256

        put(1 if value is None or value < 0 else 0)
        size = abs(value or 0)
        for ones, (least, bits) in enumerate([(0, 2), (4, 4), (20, 6), (84, 8), (340, 12), (4436, 32)]):
            if size < least + (1 << bits):
                break
        for one in [1] * ones + ([0] if ones < 5 else []):
            put(one)
        for at in reversed(range(bits)):
            put(size - least >> at & 1)

    def id(self, length, value):
        before = 1
        for at in reversed(range(length)):
            bit = value >> at & 1
            self.bit(("id", before), bit)
            before = before << 1 | bit

    def picture(self, rows):
        """A picture by template 0 with its usual four places."""
        dark = lambda x, y: rows[y][x] if 0 <= y and 0 <= x < len(rows[y]) else 0
        places = [(-1, 0), (-2, 0), (-3, 0), (-4, 0)] + [(x, -1) for x in range(3, -4, -1)] + [(x, -2) for x in range(2, -3, -1)]
        for y, row in enumerate(rows):
            for x, bit in enumerate(row):
                self.bit(("picture", tuple(dark(x + dx, y + dy) for dx, dy in places)), bit)


PLACES = bytes([3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE])


def segment(number, kind, data, refers=(), page=1):
    return struct.pack(">IBB", number, kind, len(refers) << 5) + bytes(refers) + struct.pack(">BI", page, len(data)) + data


def page(width, height):
    return segment(1, 48, struct.pack(">IIIIBH", width, height, 0, 0, 0, 0))


def region(width, height):
    return struct.pack(">IIIIB", width, height, 0, 0, 0)


def arithmetic(rows):
    coder = Coder()
    coder.picture(rows)
    width, height = len(rows[0]), len(rows)
    return page(width, height) + segment(2, 38, region(width, height) + b"\0" + PLACES + coder.end())


def fax_inside(rows, group4):
    width, height = len(rows[0]), len(rows)
    return page(width, height) + segment(2, 38, region(width, height) + b"\1" + group4)


def letters(rows):
    """The parts between empty columns: where each begins, and its rows."""
    columns = [any(row[x] for row in rows) for x in range(len(rows[0]))]
    edges = [x for x in range(len(columns) + 1) if (columns + [False])[x] != ([False] + columns)[x]]
    for left, right in zip(edges[::2], edges[1::2]):
        yield left, tuple(tuple(row[left:right]) for row in rows)


def symbols(rows):
    """A dictionary of letters, and a page that is made of them."""
    placed = list(letters(rows))
    known = sorted({letter for _, letter in placed}, key=lambda letter: len(letter[0]))
    coder, width = Coder(), 0
    coder.number("height", len(rows))
    for letter in known:
        coder.number("width", len(letter[0]) - width)
        width = len(letter[0])
        coder.picture(letter)
    coder.number("width", None)
    coder.number("exported", 0)
    coder.number("exported", len(known))
    dictionary = segment(0, 0, b"\0\0" + PLACES + struct.pack(">II", len(known), len(known)) + coder.end(), page=0)
    coder, at = Coder(), None
    length = max(1, (len(known) - 1).bit_length())
    coder.number("strip", 0)
    coder.number("strip", 0)
    for left, letter in placed:
        if at is None:
            coder.number("first", left)
        else:
            coder.number("step", left - at)
        coder.id(length, known.index(letter))
        at = left + len(letter[0]) - 1
    coder.number("step", None)
    size = (len(rows[0]), len(rows))
    text = region(*size) + struct.pack(">HI", 1 << 4, len(placed)) + coder.end()
    return dictionary, page(*size) + segment(2, 6, text, refers=(0,))


def drawn():
    """The words, their ink as ones, which is what fax machines and JBIG2 call black."""
    font = ImageFont.load_default(size=22)
    picture = Image.new("1", (320, 40), 0)
    ImageDraw.Draw(picture).text((12, 6), WORDS, fill=1, font=font)
    return picture, [[1 if picture.getpixel((x, y)) else 0 for x in range(320)] for y in range(40)]


def strip(file):
    """The bytes of a TIFF file's one strip."""
    picture = Image.open(file)
    tags, whole = picture.tag_v2, pathlib.Path(file).read_bytes()
    (start,), (length,) = tags[273], tags[279]
    assert tags.get(266, 1) == 1, "the first bit is the highest"
    return whole[start : start + length]


def faxes(picture):
    with tempfile.TemporaryDirectory() as folder:
        plain = f"{folder}/plain.tif"
        picture.save(plain, compression="group4")
        for name, coding in [("fax-3", "g3:1d"), ("fax-3-mixed", "g3:2d"), ("fax-4", "g4")]:
            out = f"{folder}/{name}.tif"
            subprocess.run(["tiffcp", "-c", coding, "-f", "msb2lsb", "-r", "100000", plain, out], check=True)
            yield name, strip(out)


def photos(picture):
    """The same as files of their own; in the last one the ground shines through."""
    ink = picture.convert("L")
    paper = ink.point(lambda dark: 255 - dark)
    clear = Image.merge("RGBA", [Image.new("L", ink.size)] * 3 + [ink])
    forms = {"grey": paper, "colour": paper.convert("RGB"), "palette": paper.convert("P"), "clear": clear}
    for name, form in forms.items():
        form.save(HERE / f"{name}.png", optimize=True)
    paper.convert("RGB").save(HERE / "photo.jpg", quality=85)
    paper.convert("RGB").save(HERE / "progressive.jpg", quality=85, progressive=True)


def main():
    picture, rows = drawn()
    photos(picture)
    files = {"plain": bytes(byte ^ 0xFF for byte in picture.tobytes()), **dict(faxes(picture))}
    dictionary, text = symbols(rows)
    files |= {
        "jbig2-arithmetic": arithmetic(rows),
        "jbig2-fax": fax_inside(rows, files["fax-4"]),
        "jbig2-symbols": text,
        "jbig2-dictionary": dictionary,
    }
    for name, data in files.items():
        (HERE / f"{name}.bin").write_bytes(data)
        print(name, len(data))


def check():
    plain = (HERE / "plain.bin").read_bytes()
    for name, shared in [("jbig2-arithmetic", []), ("jbig2-fax", []), ("jbig2-symbols", ["jbig2-dictionary"])]:
        files = [str(HERE / f"{one}.bin") for one in [*shared, name]]
        with tempfile.NamedTemporaryFile(suffix=".pbm") as out:
            subprocess.run(["jbig2dec", "--embedded", "-t", "pbm", "-o", out.name, *files], check=True)
            got = Image.open(io.BytesIO(pathlib.Path(out.name).read_bytes())).tobytes()
        # The decoder writes ink as noughts, as a PDF has it.
        print(name, "is the same" if got == plain else "DIFFERS")


if __name__ == "__main__":
    check() if sys.argv[1:] == ["check"] else main()
