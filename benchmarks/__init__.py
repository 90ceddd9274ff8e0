"""How fast it is, as ratios against bare SimPy and bare Python measured in the same run."""
