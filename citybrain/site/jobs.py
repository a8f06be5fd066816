"""What the worker does for every room: imported once, its jobs, pulses and listeners are known to who imports this."""

# A job is known when the module that declares it was imported.
import citybrain.centre.appraisal.jobs
import citybrain.centre.appraisal.ledger
import citybrain.centre.events.jobs
import citybrain.centre.events.learning
import citybrain.centre.events.ledger
import citybrain.centre.intake.jobs
import citybrain.centre.understanding.jobs
import citybrain.hubs.evidence.jobs
import citybrain.hubs.messages.jobs
import citybrain.kernel.records.checks
import citybrain.kernel.records.jobs
import citybrain.rehearsal.story.jobs
import citybrain.warehouse.jobs  # noqa: F401
from citybrain.kernel.registry.registry import parts

parts("jobs")  # and those of applications
