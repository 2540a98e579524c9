/** An element with a text. */
export function createText<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  textContent: string,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), {textContent});
}

/** A button that looks like a link; its name says what it is for, since there are several. */
export function createButton(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const button = createText('button', text);
  button.type = 'button';
  button.className = 'link';
  button.ariaLabel = `${text}: ${title}`;
  button.addEventListener('click', onClick);
  return button;
}
