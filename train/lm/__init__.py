"""How the built-in language model `earshot-lm` is made. See train/README.md."""
