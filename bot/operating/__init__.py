"""What the operator sees and does: state, sources, messages to all, people who are not answered, reports of errors."""
