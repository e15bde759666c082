"""What must be on the machine before a PDF can be made, and the question whether it is there."""

import ctypes
import ctypes.util

from hengjian.platform.pdf.errors import PdfPartMissingError

REQUIRED_FONT = "Noto Sans CJK SC"
"""Family that the reports and their charts are set in."""

_LIBRARIES = (
    ("pango-1.0", "libpango-1.0-0"),
    ("pangoft2-1.0", "libpangoft2-1.0-0"),
    ("fontconfig", "libfontconfig1"),
    ("harfbuzz-subset", "libharfbuzz-subset0"),
)


def require_parts() -> None:
    """Refuses to start without the libraries and the Chinese font.

    Without harfbuzz-subset the fonts are cut by fontTools, and a report takes minutes instead of a second;
    without the font every Chinese character becomes a box, and nothing says so.

    Raises:
        PdfPartMissingError: names the part and the Debian package that brings it.
    """
    for library, package in _LIBRARIES:
        if ctypes.util.find_library(library) is None:
            raise PdfPartMissingError.of(f"the library {library}", package)
    if matching_family(REQUIRED_FONT) != REQUIRED_FONT:
        raise PdfPartMissingError.of(f"the font {REQUIRED_FONT}", "fonts-noto-cjk")


def matching_family(family: str) -> str:
    """The family that fontconfig would draw with when asked for `family`; the same name when it is installed."""
    fontconfig = ctypes.CDLL(ctypes.util.find_library("fontconfig"))
    for name in ("FcInitLoadConfigAndFonts", "FcNameParse", "FcFontMatch"):
        getattr(fontconfig, name).restype = ctypes.c_void_p
    config = ctypes.c_void_p(fontconfig.FcInitLoadConfigAndFonts())
    pattern = ctypes.c_void_p(fontconfig.FcNameParse(family.encode()))
    fontconfig.FcConfigSubstitute(config, pattern, 0)
    fontconfig.FcDefaultSubstitute(pattern)
    result = ctypes.c_int(0)
    match = ctypes.c_void_p(fontconfig.FcFontMatch(config, pattern, ctypes.byref(result)))
    try:
        return _first_family(fontconfig, match)
    finally:
        for owned in (match, pattern):
            fontconfig.FcPatternDestroy(owned)
        fontconfig.FcConfigDestroy(config)


def _first_family(fontconfig: ctypes.CDLL, match: ctypes.c_void_p) -> str:
    if not match.value:
        return ""
    found = ctypes.c_char_p()
    if fontconfig.FcPatternGetString(match, b"family", 0, ctypes.byref(found)) != 0 or found.value is None:
        return ""
    return found.value.decode()
