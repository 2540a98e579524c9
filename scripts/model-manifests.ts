import type {Plugin} from 'vite';
import {catalogueModels} from '../src/models/catalogue-model.ts';

/** Version of the form that is written here. */
const FORMAT = 1;

/**
 * Puts a manifest beside each built-in model of a build, so that a site that hosts the models elsewhere can see what belongs
 * there and whether it arrived whole: `models/<id>/manifest.json`. Pages do not read it; their cards say the same.
 */
export function modelManifests(): Plugin {
  return {
    name: 'earshot-model-manifests',
    apply: 'build',
    generateBundle() {
      for (const {id, isBuiltIn, accepted, locate} of catalogueModels) {
        if (!isBuiltIn) continue;
        const {name} = locate({modelBase: 'https://models.invalid/'}).file;
        const files = accepted.map(({bytes, sha256}) => ({path: name, bytes, sha256}));
        const source = `${JSON.stringify({format: FORMAT, model: id, files}, null, 2)}\n`;
        this.emitFile({type: 'asset', fileName: `models/${id}/manifest.json`, source});
      }
    },
  };
}
