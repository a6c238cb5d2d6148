import { setNote } from './status.js';

/** Shows the Copy buttons below root and makes them work; the result is shown and announced. */
export function enableCopying(root) {
  for (const button of root.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      const done = await copy(source);
      setNote(done ? 'Copied.' : 'Your browser did not allow copying. The text is selected: copy it with your keyboard.');
      button.textContent = done ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; setNote(''); }, 4000);
    });
  }
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    // No clipboard without https, or permission denied: fall back to execCommand, which leaves the text selected if it fails too.
    const selection = getSelection();
    selection.selectAllChildren(source);
    const done = document.execCommand('copy');
    if (done) selection.removeAllRanges();
    return done;
  }
}
