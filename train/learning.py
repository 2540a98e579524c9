"""What the trainings have in common."""
import math

import torch
from torch import nn


def learning_rate(peak: float, step: int, steps: int, warm_up_steps: int) -> float:
    """Linear warm-up, then a half cosine to zero."""
    if step < warm_up_steps:
        return peak * (step + 1) / warm_up_steps
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm_up_steps) / (steps - warm_up_steps)))


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, step: int, average_steps: int) -> None:
    """Moves a moving average of the weights towards those after `step` steps."""
    pace = max(1 / average_steps, 1 / (1 + step))
    averaged, learning = average.state_dict(), net.state_dict()
    for name, value in averaged.items():
        if value.is_floating_point():
            value.lerp_(learning[name], pace)
