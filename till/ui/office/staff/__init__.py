"""The office's page of the staff: people, roles, PINs and cards."""
