"""Checkpoints in the form of MLPerf's: a dictionary around the weights, in torch's stream of before 2020."""
from pathlib import Path

import torch

from .model import DeepSpeech2
from .settings import CACHE, HIDDEN_LAYERS, LABELS, SAMPLE_RATE_HZ

PREFIX = 'module.'  # of a network that was trained on several devices, as the published one
AUDIO_CONF = {'sample_rate': SAMPLE_RATE_HZ, 'window_size': 0.02, 'window_stride': 0.01, 'window': 'hamming'}


def package_file(run: str) -> Path:
    """Where the package of a run is."""
    return CACHE / f'{run}.pth'


def write_package(net: DeepSpeech2, file: Path) -> None:
    """Writes the network as MLPerf's training does."""
    state = net.state_dict()
    for name in list(state):
        state[PREFIX + name] = state.pop(name).contiguous()
    package = {'version': '0.0.1', 'hidden_size': net.hidden_size, 'hidden_layers': HIDDEN_LAYERS, 'rnn_type': 'gru',
               'audio_conf': AUDIO_CONF, 'labels': LABELS, 'state_dict': state}
    unfinished = file.with_suffix('.pth.new')  # not the name that train.py writes to
    torch.save(package, unfinished, _use_new_zipfile_serialization=False)
    unfinished.rename(file)


def read_package(file: Path) -> DeepSpeech2:
    """The network of a package, for listening."""
    package = torch.load(file, map_location='cpu')
    net = DeepSpeech2(package['hidden_size'])
    net.load_state_dict({name.removeprefix(PREFIX): value for name, value in package['state_dict'].items()})
    return net.eval()
