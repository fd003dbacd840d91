"""The media edge: encoded packets between applicant, officer, recorder and analysis. Nothing here decodes."""
