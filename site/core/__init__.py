"""What every page and app stands on. Imports no app of ours."""
