// The page's one live region. Saying the same again changes nothing, so nothing is announced twice.

const state = document.getElementById('state');
const note = document.getElementById('note');

/** Where things stand. */
export function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

/** What the reader just did. */
export function remark(text) {
  note.textContent = text;
}
