import {buildContinued} from './build-continued.ts';
import {addCut} from './column-pieces.ts';
import type {Graph} from './graph.ts';
import {findKeptColumns, type KeptColumns} from './kept-columns.ts';
import {findReusableColumns, reusableShare, type ReuseQuestion} from './reusable-columns.ts';
import {tensorOf} from './tensor-of.ts';

/** A network that slides over time, as two that hand columns from one window on to a later one. */
export interface KeptStart {
  /** The network as it is; after its own outputs it gives the columns that a later window keeps. */
  readonly whole: Graph;
  /**
   * The same for a window whose predecessor is known. Inputs: the newest `shift` frames, then the kept columns, in the
   * order in which either network gives them; outputs as those of `whole`.
   */
  readonly continued: Graph;
}

/**
 * Splits a network so that a window computes only the columns that no earlier window has: its end, and what padding at
 * the end reaches. At its start the earlier window's columns stand, which saw real frames where the whole network has
 * padding: so this is not the same network (docs/decisions/0011), but in the columns that padding at the start does
 * not reach it is, to the bit in integers. Any thread; shares the constants with `graph`.
 * @param question.shift frames from the start of the window that gives the columns to that of the one that takes them.
 * @throws RangeError where the shift is not a whole number of at least 1, or the input is not whole frames.
 */
export function keepStart(graph: Graph, question: Omit<ReuseQuestion, 'start'>): KeptStart {
  const timed = findKeptColumns(graph, question);
  return {whole: giveKept(graph, timed.kept), continued: buildContinued(timed)};
}

/**
 * The shift at which windows that follow one another every `hopFrames` save most: several hops, where strides make one
 * no whole columns.
 * @returns the shift in frames, and the share of a window's multiply-adds that it saves, 0…1.
 * @throws RangeError as `keepStart`.
 */
export function findBestShift(
  graph: Graph,
  {frameCount, hopFrames}: {readonly frameCount: number; readonly hopFrames: number},
): {readonly shift: number; readonly savedShare: number} {
  const layersAt = (shift: number) => findReusableColumns(graph, {frameCount, shift, start: 'kept'});
  const periods = layersAt(hopFrames).map(({time}) => time?.framesPerColumn ?? 1);
  const choices = Array.from({length: Math.max(1, ...periods)}, (_, index) => {
    const shift = (index + 1) * hopFrames;
    return {shift, savedShare: reusableShare(layersAt(shift))};
  });
  return choices.reduce((best, choice) => (choice.savedShare > best.savedShare ? choice : best));
}

function giveKept(graph: Graph, kept: readonly KeptColumns[]): Graph {
  const built = {tensors: new Map(graph.tensors), nodes: [...graph.nodes]};
  const given = kept.map(({name, time, columns: {first, end}, step}) => {
    const piece = {of: tensorOf(graph, name), time, name, first: 0};
    return addCut(built, piece, {first: first + step, end: end + step}, `${name}/next`);
  });
  return {...graph, ...built, outputs: [...graph.outputs, ...given]};
}
