"""DeepSpeech2 as MLPerf has it: two convolutions, uni-directional GRUs, a linear layer; names as in its checkpoints."""
import torch
from torch import nn
from torch.nn import functional

from .settings import HIDDEN_LAYERS, HIDDEN_SIZE, LABELS, SPECTROGRAM

CHANNELS = 32
KERNELS, STRIDES = ((41, 11), (21, 11)), ((2, 2), (2, 1))  # (bins, frames), without pads
RECEPTIVE_FRAMES, SUBSAMPLING = 31, 2


def output_count(frames: int) -> int:
    """Steps of the network for so many frames of the spectrogram; at least 31."""
    return (frames - RECEPTIVE_FRAMES) // SUBSAMPLING + 1


class Recurrence(torch.autograd.Function):
    """The part of a GRU that goes step by step.

    The gradient of the recurrent weights is one product over all steps here, where torch adds up one for each: the
    three layers take two thirds of the time. Products are computed in the type `product`, all else in float32.
    """

    @staticmethod
    def forward(context, inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor,
                product: torch.dtype) -> torch.Tensor:
        """`inputs` [steps, batch, 3 · size] is what the input adds to the gates r, z, n; gives [steps, batch, size]."""
        steps, batch, width = inputs.shape
        size = width // 3
        transposed, offset = weight.t().to(product).contiguous(), bias.to(product)
        gates, hidden_part = torch.empty_like(inputs), inputs.new_empty(steps, batch, size)
        states = inputs.new_zeros(steps + 1, batch, size)
        for step in range(steps):
            from_state = torch.addmm(offset, states[step].to(product), transposed).float()
            gate, entering = gates[step], inputs[step]
            both = torch.add(entering[:, :2 * size], from_state[:, :2 * size]).sigmoid_()
            gate[:, :2 * size] = both
            hidden_part[step] = from_state[:, 2 * size:]
            new = torch.addcmul(entering[:, 2 * size:], both[:, :size], from_state[:, 2 * size:]).tanh_()
            gate[:, 2 * size:] = new
            torch.lerp(new, states[step], both[:, size:], out=states[step + 1])
        context.save_for_backward(weight.to(product), gates, hidden_part, states)
        return states[1:]

    @staticmethod
    def backward(context, gradient: torch.Tensor):
        weight, gates, hidden_part, states = context.saved_tensors
        reset, update, new = gates.chunk(3, 2)
        size = new.shape[2]
        new_slope = (1 - update) * (1 - new * new)
        update_slope = (states[:-1] - new) * update * (1 - update)
        reset_slope = hidden_part * reset * (1 - reset)
        entering, recurrent = torch.empty_like(gates), torch.empty_like(gates)
        later = torch.zeros_like(new[0])
        for step in reversed(range(len(gates))):
            at_state = later + gradient[step]
            at_new = at_state * new_slope[step]
            row = recurrent[step]
            torch.mul(at_new, reset_slope[step], out=row[:, :size])
            torch.mul(at_state, update_slope[step], out=row[:, size:2 * size])
            torch.mul(at_new, reset[step], out=row[:, 2 * size:])
            entering[step, :, 2 * size:] = at_new
            later = torch.addcmul((row.to(weight.dtype) @ weight).float(), at_state, update[step])
        entering[:, :, :2 * size] = recurrent[:, :, :2 * size]
        flat = recurrent.flatten(0, 1)
        weight_gradient = flat.to(weight.dtype).t() @ states[:-1].flatten(0, 1).to(weight.dtype)
        return entering, weight_gradient.float(), flat.sum(0), None


class Clip(nn.Module):
    """Hardtanh from 0 to 20; torch's own has no gradient in bfloat16."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clamp(0, 20)


class BatchRnn(nn.Module):
    """A GRU over [steps, batch, features]."""

    def __init__(self, input_size: int, hidden_size: int, product: torch.dtype):
        super().__init__()
        self.product = product  # the type of products in training
        self.rnn = nn.GRU(input_size, hidden_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return self.rnn(x)[0]
        rnn, product = self.rnn, self.product
        inputs = functional.linear(x.to(product), rnn.weight_ih_l0.to(product), rnn.bias_ih_l0.to(product))
        return Recurrence.apply(inputs.float(), rnn.weight_hh_l0, rnn.bias_hh_l0, product)


class SequenceWise(nn.Module):
    """A module for [items, features] over [steps, batch, features]."""

    def __init__(self, module: nn.Module):
        super().__init__()
        self.module = module

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.module(x.flatten(0, 1)).unflatten(0, x.shape[:2])


class DeepSpeech2(nn.Module):
    """Spectrograms [batch, frames, 161] to logits [steps, batch, 29]; frames after the end of one change none before."""

    def __init__(self, hidden_size: int = HIDDEN_SIZE, product: torch.dtype = torch.float32):
        super().__init__()
        self.hidden_size = hidden_size
        self.product = product  # the type of the convolutions and, in training, of the products of the GRUs
        layers, channels, bins = [], 1, SPECTROGRAM['binCount']
        for kernel, stride in zip(KERNELS, STRIDES):
            layers += [nn.Conv2d(channels, CHANNELS, kernel, stride), nn.BatchNorm2d(CHANNELS), Clip()]
            channels, bins = CHANNELS, (bins - kernel[0]) // stride[0] + 1
        self.conv = nn.Sequential(*layers)
        sizes = [CHANNELS * bins] + [hidden_size] * HIDDEN_LAYERS
        self.rnns = nn.Sequential(*(BatchRnn(*pair, product) for pair in zip(sizes, sizes[1:])))
        self.fc = nn.Sequential(SequenceWise(nn.Sequential(
            nn.BatchNorm1d(hidden_size), nn.Linear(hidden_size, len(LABELS), bias=False))))

    def forward(self, spectrograms: torch.Tensor) -> torch.Tensor:
        images = spectrograms.transpose(1, 2).unsqueeze(1)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=self.product == torch.bfloat16):
            maps = self.conv(images)
        return self.fc(self.rnns(maps.float().flatten(1, 2).permute(2, 0, 1).contiguous()))
