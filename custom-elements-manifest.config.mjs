/** How `npm run manifest` describes the elements. Without `packagejson: false` the tool rewrites package.json. */
export default {
  globs: ['src/components/**/*.ts'],
  litelement: true,
  packagejson: false,
};
