"""How the built-in transcription model `earshot-ctc` is made. See train/README.md."""
