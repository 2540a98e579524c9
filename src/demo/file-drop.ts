/** Tells of the file that the visitor drops, anywhere on the page; of several, of the first. */
export function connectFileDrop(onFile: (file: File) => void): void {
  const {documentElement: page} = document;
  document.addEventListener('dragover', (event) => {
    event.preventDefault(); // else the browser leaves the page and opens the file
    page.classList.add('dragging');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) page.classList.remove('dragging');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    page.classList.remove('dragging');
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  });
}
