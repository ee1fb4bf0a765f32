"""The pages that editors write: front page, standard pages, the journal, the newsletter."""
