"""What a post must carry to see the gallery."""

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="gallery:view", title=_("See the gallery of page parts"))
