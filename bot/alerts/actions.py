"""Actions of buttons that lead from elsewhere to the alerts."""

PREFIX = "al"
ASK = f"{PREFIX}:ask"  # and the subscription or article asked about
WANT = f"{PREFIX}:want"  # and a rule that is previewed
