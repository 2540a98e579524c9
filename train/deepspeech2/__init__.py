"""How a narrow DeepSpeech2 of MLPerf's architecture is made. See train/README.md."""
