import {openAsBlob} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {withTemporaryFolder} from '../../src/cli/file-access.ts';
import {FolderSink} from '../../src/cli/folder-sink.ts';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import type {Model} from '../../src/engine/engine.ts';
import {openOnnxFiles} from '../../src/engine/engines.ts';
import {MODEL_FILE, WEIGHTS_FILE, writeOnnxFiles} from '../../src/formats/onnx/write-onnx-files.ts';
import type {Graph} from '../../src/graph/graph.ts';
import type {Precision} from '../../src/graph/precision.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';

/** Writes a graph into a folder for the moment, and opens it as an imported network is opened. */
export async function openWrittenGraph(graph: Graph, precision: Precision): Promise<Model> {
  return await withTemporaryFolder(async (folder) => {
    const sink = new FolderSink(folder);
    await writeOnnxFiles(graph, {precision, sink});
    await sink.commit();
    const valueOf = (name: string) => tensorOf(graph, name);
    return await openOnnxFiles(
      {
        name: graph.name,
        inputs: graph.inputs.map(valueOf),
        outputs: graph.outputs.map(valueOf),
        model: await readFile(join(folder, MODEL_FILE)),
        externalData: [{path: WEIGHTS_FILE, data: await openAsBlob(join(folder, WEIGHTS_FILE))}],
      },
      {numerics: precision === 'int8' ? 'int8-dynamic' : 'float32', assets: nodeEngineAssets()},
    );
  });
}
