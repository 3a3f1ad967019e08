"""Terraform: text, expressions, modules, and what they say of functions and tables."""
