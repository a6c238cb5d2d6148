// Lets the visitor in. Should the door turn out to be shut again and again, it stops knocking and leaves a button.

const key = 'codius-entries';
const most = 4;
const within = 60_000;

/** Loads the page again unless that was tried too often of late; returns whether it did. */
export function enter() {
  const now = Date.now();
  const recent = JSON.parse(sessionStorage.getItem(key) ?? '[]').filter(at => now - at < within);
  if (recent.length >= most) return false;
  sessionStorage.setItem(key, JSON.stringify([...recent, now]));
  location.reload();
  return true;
}
