"""How does a file become records? Probe it, cut it into tasks, map each task, give the results back in order.

``probe(path)`` finds container, encoding and source; ``read(plan)`` gives one ``Mapped`` per task, in file order,
mapped in worker processes when the file is large. Nothing is lost: every record of the file is in exactly one
``Mapped``, as rows or as a quarantined record with its reason.
"""

from .deciding import decided
from .probe import SAMPLE_ROWS, Plan, probe, resampled
from .read import TASK_BYTES, TASK_ROWS, read
from .remarks import remarks
from .task import remap

__all__ = ["SAMPLE_ROWS", "TASK_BYTES", "TASK_ROWS", "Plan", "decided", "probe", "read", "remap", "remarks", "resampled"]
