/**
 * The files of models that come with Earshot, by their path below the folder of models: beside the SDK, or wherever the
 * bundler of the site has moved them, which looks for URLs written in this form, and for no other.
 */
export const builtInFiles = {
  'earshot-ctc/earshot-ctc.safetensors': new URL(
    '../../public/models/earshot-ctc/earshot-ctc.safetensors',
    import.meta.url,
  ).href,
  'earshot-kws/earshot-kws.safetensors': new URL(
    '../../public/models/earshot-kws/earshot-kws.safetensors',
    import.meta.url,
  ).href,
  'earshot-lexicon/earshot-lexicon.txt': new URL(
    '../../public/models/earshot-lexicon/earshot-lexicon.txt',
    import.meta.url,
  ).href,
  'earshot-lm/earshot-lm.bin': new URL('../../public/models/earshot-lm/earshot-lm.bin', import.meta.url).href,
} as const;
