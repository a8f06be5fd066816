"""Static files under names that say their content; scripts import one another by those names too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):
    """Puts names in `import … from "./x.js"` right: under two names a module would run twice, and send no form."""

    support_js_module_import_aggregation = True
