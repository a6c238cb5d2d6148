// The page's one live region. Setting the same text again changes nothing, so nothing is announced twice.

const state = document.getElementById('state');
const note = document.getElementById('note');

/** Shows the state of the page. */
export function setState(text) {
  if (state.textContent !== text) state.textContent = text;
}

/** Shows the result of the reader's last action. */
export function setNote(text) {
  note.textContent = text;
}
