"""What is kept: schema, repository, migrations."""
