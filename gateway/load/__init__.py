"""Back-record conversion: whole files of an agency's records, resumable at any point."""
