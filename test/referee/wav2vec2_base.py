"""Logits of wav2vec2 networks with seeded weights by torchaudio's implementation, which shares no code with this
project: the goldens of test/golden/wav2vec2-base.test.ts. Debian's python3-torch 1.13 and python3-torchaudio 0.13; one
or two minutes, 1.5 GB.

    /usr/bin/python3 test/referee/wav2vec2_base.py test/goldens/wav2vec2-base
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
import torchaudio

from seeded import seeded_tensor, seeded_values

KERNELS = [10, 3, 3, 3, 3, 2, 2]
STRIDES = [5, 2, 2, 2, 2, 2, 2]
LABEL_COUNT = 32
HEAD_SIZE = 64

NETWORKS = {
    'small': {
        'channels': [48, 40, 32, 32, 32, 32, 24],
        'hidden': 128,
        'layerCount': 2,
        'inner': 192,
        'lengths': [400, 719, 720, 5477, 16000, 30480],
    },
    'base': {'channels': [512] * 7, 'hidden': 768, 'layerCount': 12, 'inner': 3072, 'lengths': [30480]},
}

# logits that hardly vary from step to step would agree whatever the network did before its last bias
LEAST_VARIATION = 0.05


def torchaudio_network(channels, hidden, layerCount, inner, **_):
    return torchaudio.models.wav2vec2_model(
        extractor_mode='group_norm',
        extractor_conv_layer_config=list(zip(channels, KERNELS, STRIDES)),
        extractor_conv_bias=False,
        encoder_embed_dim=hidden,
        encoder_projection_dropout=0.0,
        encoder_pos_conv_kernel=128,
        encoder_pos_conv_groups=16,
        encoder_num_layers=layerCount,
        encoder_num_heads=hidden // HEAD_SIZE,
        encoder_attention_dropout=0.0,
        encoder_ff_interm_features=inner,
        encoder_ff_interm_dropout=0.0,
        encoder_dropout=0.0,
        encoder_layer_norm_first=False,
        encoder_layer_drop=0.0,
        aux_num_out=LABEL_COUNT,
    ).eval()


def published_name(name):
    """The name in Wav2Vec2ForCTC's state dictionary of a parameter of torchaudio's network."""
    for pattern, replacement in [
        (r'^aux\.', 'lm_head.'),
        (r'^feature_extractor\.', 'wav2vec2.feature_extractor.'),
        (r'^encoder\.feature_projection\.', 'wav2vec2.feature_projection.'),
        (r'^encoder\.transformer\.', 'wav2vec2.encoder.'),
    ]:
        name = re.sub(pattern, replacement, name)
    return name


def fill(network):
    """Gives all parameters their seeded values; the names and shapes of what was filled."""
    shapes = {}
    for own_name, parameter in network.named_parameters():
        name = published_name(own_name)
        shapes[name] = list(parameter.shape)
        parameter.copy_(torch.from_numpy(seeded_tensor(name, shapes[name])))
    return shapes


def audio(length):
    """Noise whose loudness changes every 25 ms, so that steps differ; mean 0 and variance 1."""
    loudness = np.repeat(seeded_values('loudness', -(-length // 400), 0.5, 0.5).astype(np.float64), 400)[:length]
    samples = loudness * seeded_values('audio', length)
    return ((samples - samples.mean()) / samples.std()).astype(np.float32)


def logits_of(network, length):
    logits = network(torch.from_numpy(audio(length))[None])[0][0].numpy()
    variation = logits.std(axis=0).mean() / np.ptp(logits)
    if len(logits) > 8 and variation < LEAST_VARIATION:
        raise ValueError(f'got logits that vary by {variation} of their range, expected {LEAST_VARIATION} or more')
    return logits


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_grad_enabled(False)
    index = []
    for title, config in NETWORKS.items():
        network = torchaudio_network(**config)
        shapes = fill(network)
        sizes = {key: config[key] for key in ('channels', 'hidden', 'layerCount', 'inner')}
        runs = []
        for length in config['lengths']:
            logits = logits_of(network, length)
            file = f'{title}-{length}.f32'
            logits.astype('<f4').tofile(folder / file)
            runs.append({'samples': length, 'file': file, 'steps': len(logits)})
        parameters = sum(int(np.prod(shape)) for shape in shapes.values())
        index.append({'title': title, 'sizes': sizes, 'parameterCount': parameters, 'shapes': shapes, 'runs': runs})
    (folder / 'index.json').write_text(json.dumps(index, indent=1) + '\n')


if __name__ == '__main__':
    main()
