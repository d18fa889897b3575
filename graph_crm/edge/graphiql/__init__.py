"""GraphiQL, served by ourselves: nothing of it comes from another host."""
