"""Static files under names that say their content; scripts import one another by those names too."""

from __future__ import annotations

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class QuickCompressor(Compressor):
    """Brotli one step below its best: a tenth larger, and a twelfth of the time an installation waits for it."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """`data` (bytes of one file) as a Brotli stream."""
        return bytes(brotli.compress(data, quality=9))


class Hashed(CompressedManifestStaticFilesStorage):
    """Puts names in `import … from "./x.js"` right: under two names a module would run twice, and send no form."""

    support_js_module_import_aggregation = True

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """What WhiteNoise compresses every file with."""
        return QuickCompressor(**kwargs)
