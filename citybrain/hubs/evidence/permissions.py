"""What may be done with the ledger; views refer to this symbol. Heads and hashes of its trees are everybody's."""

from __future__ import annotations

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="evidence:view", title=_("See the evidence ledger"))
