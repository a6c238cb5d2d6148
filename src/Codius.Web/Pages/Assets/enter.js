// Opens the app by reloading. If the page keeps coming back, it stops after a few reloads and leaves a button.

const key = 'codius-entries';
const most = 4;
const within = 60_000;

/** Reloads the page unless that was done too often recently; returns whether it did. */
export function enter() {
  const now = Date.now();
  const recent = JSON.parse(sessionStorage.getItem(key) ?? '[]').filter(at => now - at < within);
  if (recent.length >= most) return false;
  sessionStorage.setItem(key, JSON.stringify([...recent, now]));
  location.reload();
  return true;
}
