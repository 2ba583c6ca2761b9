"""Tables, from the first on."""
