"""Finds where each letter of the training sentences is spoken, by the built-in transcriber's output of letters.

Command: /usr/bin/python3 -m train.deepspeech2.align --run second     (2 minutes; needs train.ctc's features and run)
Writes CACHE/aligned.json: for each sentence, in the order of prepare.py, the frame (10 ms) of each character.
"""
import argparse
import json

import numpy as np
import torch

from train.ctc.augment import Recordings
from train.ctc.features import log_mel
from train.ctc.model import STEM, CtcNet
from train.ctc.settings import CACHE as CTC_CACHE
from train.ctc.settings import LETTERS, encode_letters

from .settings import CACHE, SENTENCES

# Output t of the transcriber is centred on its frame 3t + 4, whose window is centred 1.25 frames after its beginning.
CENTRE_FRAMES = 5.25


def best_path(log_probs: np.ndarray, tokens: list[int], blank: int) -> list[float]:
    """The middle, in outputs, of the stretch of each token on the likeliest CTC path of [outputs, labels]."""
    states = np.full(2 * len(tokens) + 1, blank)
    states[1::2] = tokens
    may_skip = np.zeros(len(states), bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    scores = np.full(len(states), -np.inf)
    scores[:2] = log_probs[0, states[:2]]
    came_from = np.zeros((len(log_probs), len(states)), np.int8)
    candidates = np.full((3, len(states)), -np.inf)
    for output in range(1, len(log_probs)):
        candidates[0] = scores
        candidates[1, 1:] = scores[:-1]
        candidates[2, 2:] = np.where(may_skip[2:], scores[:-2], -np.inf)
        came_from[output] = candidates.argmax(0)
        scores = candidates.max(0) + log_probs[output, states]
    state = len(states) - 1 - int(scores[-2] > scores[-1])
    outputs = [[] for _ in tokens]
    for output in reversed(range(len(log_probs))):
        if state % 2:
            outputs[state // 2].append(output)
        state -= came_from[output, state]
    return [sum(stretch) / len(stretch) for stretch in outputs]


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True, help='of train.ctc.train')
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = CtcNet().eval()
    net.load_state_dict(torch.load(CTC_CACHE / f'{options.run}.pt')['net'])
    recordings, places = Recordings(), []
    for row in sorted(recordings.train + recordings.held_out, key=lambda row: row['places'][0][0]):
        if row['set'] not in SENTENCES:
            continue
        features = log_mel(recordings.power(row, 0))
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = net(features[None]).letters[0]
        log_probs = logits.float().log_softmax(1).numpy()
        middles = best_path(log_probs, encode_letters(row['text']), len(LETTERS) - 1)
        places.append([round(STEM['stride'] * middle + CENTRE_FRAMES, 1) for middle in middles])
    (CACHE / 'aligned.json').write_text(json.dumps(places))
    print(f'{len(places)} sentences')


if __name__ == '__main__':
    main()
