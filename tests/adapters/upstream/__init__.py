"""Payloads made from the upstream systems' own OpenAPI files, where those lie beside the house."""
