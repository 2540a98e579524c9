/** What editors and catalogues are told about the elements: the public face only. `npm run manifest` writes it. */
export default {
  globs: [
    'src/components/session-element.ts',
    'src/components/kws-listener.ts',
    'src/components/live-transcript.ts',
    'src/define.ts',
  ],
  litelement: true,
  packagejson: false, // else each run writes its output folder into package.json
  plugins: [{name: 'public-members-only', packageLinkPhase: keepPublicMembers}],
};

/** @param {{customElementsManifest: {modules: {declarations?: {members?: Member[]}[]}[]}}} context */
function keepPublicMembers({customElementsManifest}) {
  for (const {declarations = []} of customElementsManifest.modules) {
    for (const declaration of declarations) {
      if (declaration.members) declaration.members = declaration.members.filter(isPublic);
    }
  }
}

/**
 * @typedef {object} Member
 * @property {string} name
 * @property {boolean} [static]
 * @property {'public' | 'protected' | 'private'} [privacy]
 */

/** @param {Member} member */
function isPublic({name, privacy = 'public', static: isStatic = false}) {
  return privacy === 'public' && !isStatic && !name.startsWith('#');
}
