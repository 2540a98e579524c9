"""CTC-CRF: what is said must be likelier than all else that could be said, with trigrams of phones for how likely that
is. Lattice-free MMI (Povey et al. 2016) with CTC's topology.

Source: Xiang and Ou 2019, CRF-based single-stage acoustic modeling with CTC topology.
"""
import torch

from .settings import PHONES

LABELS = len(PHONES) - 1  # phones and the space; behind them, in outputs the blank, in histories the start
DISCOUNT = 0.5


def trigrams(sentences: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """P(label | two before) [41, 41, 40] and P(end | two before) [41, 41]; index 40 of a history is the start.

    Interpolated absolute discounting (Ney, Essen and Kneser 1994).
    """
    counts = torch.zeros(LABELS + 1, LABELS + 1, LABELS + 1, dtype=torch.float64)  # the last label is the end
    for sentence in sentences:
        padded = [LABELS, LABELS, *sentence, LABELS]
        for first, second, third in zip(padded, padded[1:], padded[2:]):
            counts[first, second, third] += 1
    lower = torch.full((LABELS + 1,), 1 / (LABELS + 1), dtype=torch.float64)
    for level in (counts.sum((0, 1)), counts.sum(0), counts):
        total = level.sum(-1, keepdim=True)
        kept = (level > 0).sum(-1, keepdim=True)
        share = torch.where(total > 0, DISCOUNT * kept / total.clamp(min=1), torch.ones_like(total))
        lower = (level - DISCOUNT).clamp(min=0) / total.clamp(min=1) + share * lower
    return lower[..., :LABELS].float().contiguous(), lower[..., LABELS].float().contiguous()


class LogDenominator(torch.autograd.Function):
    """ln of the sum over all label sequences of P(sequence) · P(outputs | sequence), for each utterance of a batch."""

    @staticmethod
    def forward(ctx, log_probs: torch.Tensor, transitions: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
        """`log_probs` [batch, T, 41]; `transitions` and `ends` of `trigrams`.

        A state is the last label, the one before it, and whether a blank has followed: [last, batch, before] for each
        of the two, so that a step is one batched product.
        """
        probs = log_probs.exp().transpose(0, 1).contiguous()  # [T, batch, 41]
        frames, batch, _ = probs.shape
        size = LABELS + 1
        onward = transitions.transpose(0, 1).contiguous()  # [last, before, next]
        repeat = torch.zeros(size, 1, size)  # P(last | before, last)
        repeat[:LABELS, 0] = transitions[:, torch.arange(LABELS), torch.arange(LABELS)].T
        index = torch.arange(LABELS)
        alphas = torch.empty(frames, 2, size, batch, size)
        alphas[:, 0, LABELS] = 0
        scales = torch.zeros(frames, batch)
        label = torch.zeros(size, batch, size)
        blank = torch.zeros(size, batch, size)
        blank[LABELS, :, LABELS] = 1.0
        for frame in range(frames):
            entered = torch.bmm(label + blank, onward)  # [last, batch, next]
            entered[index, :, index] -= (label * repeat).sum(2)[:LABELS]
            now = probs[frame]
            next_label, next_blank = alphas[frame]
            # the last label becomes the one before it: [next, batch, last]
            torch.add(entered.permute(2, 1, 0), label[:LABELS], out=next_label[:LABELS])
            next_label[:LABELS] *= now[:, :LABELS].T.unsqueeze(2)
            torch.add(label, blank, out=next_blank)
            next_blank *= now[None, :, LABELS:]
            scale = next_label.sum((0, 2)) + next_blank.sum((0, 2))
            alphas[frame] /= scale[None, None, :, None]
            scales[frame] = scale
            label, blank = alphas[frame]
        finish = ends.T.unsqueeze(1)  # [last, 1, before]
        last = ((label + blank) * finish).sum((0, 2))
        ctx.save_for_backward(probs, alphas, scales, onward, repeat, finish, last)
        return scales.log().sum(0) + last.log()

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        probs, alphas, scales, onward, repeat, finish, last = ctx.saved_tensors
        frames, batch, size = probs.shape
        index = torch.arange(LABELS)
        occupancy = torch.zeros(frames, batch, size)
        back = onward.transpose(1, 2).contiguous()  # [last, next, before]
        label = (finish / last[None, :, None]).expand(size, batch, size).clone()
        blank = label.clone()
        for frame in range(frames - 1, -1, -1):
            alpha_label, alpha_blank = alphas[frame]
            occupancy[frame, :, :LABELS] = (alpha_label * label).sum(2)[:LABELS].T
            occupancy[frame, :, LABELS] = (alpha_blank * blank).sum((0, 2))
            if frame == 0:
                break
            now = probs[frame] / scales[frame][:, None]
            given = label[:LABELS] * now[:, :LABELS].T.unsqueeze(2)  # [next, batch, last]
            onwards = torch.bmm(given.permute(2, 1, 0), back)  # [last, batch, before]
            blank = blank * now[None, :, LABELS:] + onwards
            label = blank.clone()
            label[:LABELS] += given
            label[:LABELS] -= repeat[:LABELS] * given[index, :, index].unsqueeze(2)
        return occupancy.transpose(0, 1) * gradient[:, None, None], None, None
