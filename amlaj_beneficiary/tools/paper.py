"""Turns the HTML of a printed form into PDF with WeasyPrint, and its QR code into an image.

Pure Python, no ORM. Nothing here imports :mod:`weasyprint` at load time: a server without Pango's
libraries must still start, only printing fails there, and says why.
"""

import logging
import mimetypes
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

STATIC_DIR = (Path(__file__).parent.parent / 'static').resolve()
STATIC_PREFIX = '/amlaj_beneficiary/static/'
# Never resolved: ".invalid" is reserved. It only gives relative addresses a root to stand on.
BASE_URL = 'https://paper.invalid/'

# The height of a roll is that of what is printed on it, known after a first rendering.
ROLL_HEIGHT = re.compile(r'--roll-height')
ROLL_FIRST_HEIGHT = '2000mm'
ROLL_END = 'paper-end'
ROLL_MARGIN_PX = 24
PX_PER_MM = 96 / 25.4


def static_path(url):
    """The file of this addon's static folder that ``url`` names.

    :raise ValueError: for every other address, and for a path that climbs out of the folder
    """
    parts = urlsplit(url)
    root = urlsplit(BASE_URL)
    path = unquote(parts.path)
    if (parts.scheme, parts.netloc) != (root.scheme, root.netloc) or not path.startswith(STATIC_PREFIX):
        raise ValueError("A paper loads nothing but its own files")
    target = (STATIC_DIR / path.removeprefix(STATIC_PREFIX)).resolve()
    if not target.is_relative_to(STATIC_DIR) or not target.is_file():
        raise ValueError("A paper loads nothing but its own files")
    return target


@cache
def fetcher_class():
    """The class of the fetcher, made once WeasyPrint can be imported."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PaperFetcher(URLFetcher):
        """Gives ``data:`` addresses and the addon's own static files, and refuses all else.

        What people type ends up in papers, so neither a file of the server nor an address of its
        network may be reachable from a paper, whatever the HTML says.
        """

        def __init__(self):
            super().__init__(allowed_protocols=('data',), allow_redirects=False)

        def fetch(self, url, headers=None):
            """The content behind ``url``.

            :raise ValueError: where the address is not allowed
            """
            if url.startswith('data:'):
                return super().fetch(url, headers)
            path = static_path(url)
            mimetype = mimetypes.guess_type(path.name)[0] or 'application/octet-stream'
            return URLFetcherResponse(url, path.read_bytes(), {'Content-Type': mimetype})

    return PaperFetcher


def render_pdf(html):
    """The PDF of one paper, as bytes.

    A paper on a roll is rendered twice: once on an endless page to learn its height, once to cut
    it there, so that a receipt printer feeds no blank paper.

    :raise OSError: where the libraries of WeasyPrint are missing on this machine
    """
    from weasyprint import HTML

    # six lines for every page would bury the server's log
    logging.getLogger('weasyprint.progress').setLevel(logging.WARNING)

    def render(height):
        text = ROLL_HEIGHT.sub(height, html)
        return HTML(string=text, base_url=BASE_URL, url_fetcher=fetcher_class()()).render()

    document = render(ROLL_FIRST_HEIGHT)
    if ROLL_HEIGHT.search(html):
        end = document.pages[0].anchors.get(ROLL_END)
        if end:
            document = render(f'{(end[1] + ROLL_MARGIN_PX) / PX_PER_MM:.1f}mm')
    return document.write_pdf()


def qr_data_uri(text):
    """A QR code as a ``data:`` address of an SVG: sharp on every printer, and made without any image library."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    cells = ''.join(
        f'M{column} {row}h1v1h-1z'
        for row in range(size) for column in range(size) if code.isDark(row, column)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {size + 4} {size + 4}">'
        f'<rect x="-2" y="-2" width="{size + 4}" height="{size + 4}" fill="#fff"/>'
        f'<path d="{cells}"/></svg>'
    )
    return 'data:image/svg+xml;base64,' + b64encode(svg.encode()).decode()


def image_data_uri(raw):
    """An image's bytes as a ``data:`` address; its type is read from the content, never from a name."""
    kinds = {b'\x89PNG': 'image/png', b'\xff\xd8\xff': 'image/jpeg', b'GIF8': 'image/gif', b'RIFF': 'image/webp'}
    kind = next((mimetype for start, mimetype in kinds.items() if raw.startswith(start)), 'image/svg+xml')
    return f'data:{kind};base64,{b64encode(raw).decode()}'
