"""Behaviour by question: answers, what is measured in each, and how far one is from the applicant's own neutral answers."""
