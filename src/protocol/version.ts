/** This version of Earshot, as in package.json. */
export const EARSHOT_VERSION = '0.1.0';
