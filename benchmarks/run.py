"""How fast is it all? Every claim of speed, measured again; docs/performance.md written.

Run: ``python benchmarks/run.py`` on a quiet machine with 4 GB of free disk; about ten minutes.
"""

import amplification
import audit
import ingest

if __name__ == "__main__":
    ingest.main()
    audit.main()
    amplification.main()
