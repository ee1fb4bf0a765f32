"""Other sites that people may sign in through. What is known of each stands in a module of its own."""
