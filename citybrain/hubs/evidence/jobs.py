"""The hub's housekeeping: waiting leaves are sealed every second."""

from __future__ import annotations

from citybrain.hubs.evidence.sealing import seal_waiting
from citybrain.kernel.jobs.pulses import pulse

pulse(key="evidence-seal", seconds=1.0)(seal_waiting)
