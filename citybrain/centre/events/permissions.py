"""What people may do with events; `event:edit` and `event:export` come with the record type."""

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="event:view", title=_("See events"))
REPORT = Permission(key="event:report", title=_("Report events"))
"""上报: bring a signal in (hotline agents, grid workers, staff)."""
ACCEPT = Permission(key="event:accept", title=_("Verify and accept events"))
"""受理立案."""
DISPATCH = Permission(key="event:dispatch", title=_("Dispatch events"))
"""派遣."""
ASSIGN = Permission(key="event:assign", title=_("Assign events to colleagues"))
"""指派: which of the body's people does what the body was given."""
HANDLE = Permission(key="event:handle", title=_("Handle events"))
"""处置."""
CHECK = Permission(key="event:check", title=_("Check and close events"))
"""核查结案."""
SUPERVISE = Permission(key="event:supervise", title=_("Supervise events"))
"""督办, 裁决."""
INSPECT = Permission(key="event:inspect", title=_("Say what patrols missed"))
"""督查抽查, 漏报认定."""
ANSWER_FOR = Permission(key="reporter:disclose", title=_("See who reported"))
"""A reporter's name and telephone, for a stated purpose."""
APPRAISAL = Permission(key="appraisal:view", title=_("See the appraisal"))
"""考核评价."""
