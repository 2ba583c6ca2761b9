"""From mapped payloads to stored versions: whose they are, what is new, what readers now get."""
