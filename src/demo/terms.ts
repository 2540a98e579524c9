/** Fills a `<dl>` with these terms and what they are; texts that did not change are left alone. */
export function showTerms(list: HTMLDListElement, terms: Readonly<Record<string, string>>): void {
  const entries = Object.entries(terms).flat();
  if (list.children.length === entries.length) {
    entries.forEach((text, index) => {
      const item = list.children[index];
      if (item && item.textContent !== text) item.textContent = text;
    });
    return;
  }
  list.replaceChildren(
    ...entries.map((text, index) => {
      const item = document.createElement(index % 2 === 0 ? 'dt' : 'dd');
      item.textContent = text;
      return item;
    }),
  );
}
