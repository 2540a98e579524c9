"""How the built-in pronunciation lexicon `earshot-lexicon` is made. See train/README.md."""
