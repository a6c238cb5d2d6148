import { remark } from './status.js';

/** Shows the Copy buttons below root and makes them work; the result is seen and spoken. */
export function enableCopying(root) {
  for (const button of root.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      const done = await copy(source);
      remark(done ? 'Copied.' : 'Your browser did not allow copying. The text is selected: copy it with your keyboard.');
      button.textContent = done ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; remark(''); }, 4000);
    });
  }
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    // No clipboard without https, or it was refused: the old way, which leaves the text selected if it fails as well.
    const selection = getSelection();
    selection.selectAllChildren(source);
    const done = document.execCommand('copy');
    if (done) selection.removeAllRanges();
    return done;
  }
}
