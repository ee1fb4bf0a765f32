"""YooKassa, to the letter of its documents."""
