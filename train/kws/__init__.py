"""How the built-in keyword model `earshot-kws` is made. See train/README.md."""
