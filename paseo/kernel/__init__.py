"""Floor 0: values and rules that know neither Django nor a database, a network or the time of day."""
