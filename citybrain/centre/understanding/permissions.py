"""What people may do with the model that reads texts."""

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="understanding:view", title=_("See and try how texts are read"))
TEACH = Permission(key="understanding:teach", title=_("Have the model of texts trained"))
