"""Whose voices are in the applicant's room: the officer's echo told apart from people who are there."""
