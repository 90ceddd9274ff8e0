"""What every worker would load over its first piece of work: the fork server loads it once for all of them.

pyarrow looks for pandas, and loads all of it where it is installed, at the first list that it is given.
"""

import pyarrow as pa

pa.array([()])
