import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Plugin, Rolldown} from 'vite';

const FILE_NAME = 'third-party-licences.md';

/** What is said of a package that brings no text of its licence. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  'Apache-2.0': 'The text of this licence is in the LICENSE file of Earshot, which is under the same one.',
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};

/** Who holds the rights in such a package, where its package.json does not say it fully, and what else is in its files. */
const REMARKS: Readonly<Record<string, string>> = {
  'onnxruntime-web':
    'Copyright (c) Microsoft Corporation. Its WebAssembly holds further libraries, whose notices are in ThirdPartyNotices.txt of https://github.com/microsoft/onnxruntime at the same version.',
  '@tensorflow/tfjs-backend-wasm': 'Copyright Google LLC. Its WebAssembly holds XNNPACK (BSD-3-Clause).',
};

/** The parts of a package.json that a licence needs. */
interface PackageFacts {
  readonly version: string;
  readonly license: string;
  readonly author?: string | {readonly name: string};
}

/** Plugins that belong together: one for a build, one for each of its workers. */
export interface LicencePlugins {
  readonly main: Plugin;
  readonly worker: () => Plugin;
}

/**
 * Writes third-party-licences.md beside the build: of every package that has code or files in it, in its workers too,
 * which Vite's own `build.license` leaves out.
 */
export function thirdPartyLicences(): LicencePlugins {
  const packages = new Map<string, string>(); // by name: the folder
  const collect = (bundle: Rolldown.OutputBundle): void => {
    for (const source of Object.values(bundle).flatMap(sourcesOf)) {
      const [folder, name] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
      if (folder !== undefined && name !== undefined) packages.set(name, folder);
    }
  };
  const collector: Plugin = {
    name: 'earshot:collect-licences',
    generateBundle: (_options, bundle) => {
      collect(bundle);
    },
  };
  return {
    main: {
      name: 'earshot:third-party-licences',
      // the workers have been built by then: the page's code names their files
      generateBundle(_options, bundle) {
        collect(bundle);
        const sections = [...packages].sort(([left], [right]) => (left < right ? -1 : 1)).map(describe);
        const source = ['# Packages that are in these files', ...sections, ''].join('\n\n');
        this.emitFile({type: 'asset', fileName: FILE_NAME, source});
      },
    },
    worker: () => collector,
  };
}

function sourcesOf(output: Rolldown.OutputAsset | Rolldown.OutputChunk): readonly string[] {
  return output.type === 'chunk' ? output.moduleIds : output.originalFileNames;
}

function describe([name, folder]: readonly [string, string]): string {
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFacts;
  const title = `## ${name} ${facts.version} (${facts.license})`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? withoutText(name, facts) : readFileSync(join(folder, file), 'utf8').trim();
  return [title, text].join('\n\n');
}

/** @throws Error where nothing is known to say: a person must then look the licence up. */
function withoutText(name: string, {license, author}: PackageFacts): string {
  const text = WITHOUT_TEXT[license];
  if (text === undefined)
    throw new Error(`${name}: got ${license} without its text, expected a LICENSE file`);
  const holder = typeof author === 'string' ? author : author?.name;
  const remark = REMARKS[name] ?? (holder === undefined ? undefined : `Copyright ${holder}.`);
  return remark === undefined ? text : `${remark}\n\n${text}`;
}
