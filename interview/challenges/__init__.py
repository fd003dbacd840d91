"""Challenges: what the applicant's page is asked to show and do live, paced and checked by the server."""
