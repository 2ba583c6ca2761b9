"""Tables, queries and the executors that run them. Nothing here decides who may see what."""
