/** A file that a page makes for the visitor. */
export interface TextFile {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
}

/** By then the browser has read the file; a blob that nobody revokes stays in memory as long as the page. */
const REVOKE_AFTER_MS = 60_000;

/**
 * Has the browser save a file, as if the visitor had followed a link to it. Works under a policy that allows nothing
 * but the page's own origin: a download is no fetch, so no directive is asked.
 */
export function saveFile({name, type, text}: TextFile): void {
  const url = URL.createObjectURL(new Blob([text], {type: `${type};charset=utf-8`}));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, REVOKE_AFTER_MS);
}

/**
 * Puts text on the visitor's clipboard.
 * @returns what to tell the visitor: that it is there, or why it is not and what to do instead.
 */
export async function copyText(text: string): Promise<string> {
  if (!isSecureContext)
    return 'Not copied: browsers let only secure pages (https) copy. Select the text instead.';
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return 'Not copied: this browser does not let the page copy. Select the text instead.';
  }
}
