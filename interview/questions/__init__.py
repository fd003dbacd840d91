"""Questions: the interview's template, when each was asked and answered, and what that ties answers to."""
