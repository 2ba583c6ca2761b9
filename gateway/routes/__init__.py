"""The HTTP surface: one file per resource. Routes declare and fetch; the pipeline does the rest."""
