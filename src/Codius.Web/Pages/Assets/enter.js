// Opens the app by a reload. A gateway that has not seen yet that the app is paid or awake shows the page again: each further try waits
// longer, and after a few the page leaves a button.

const key = 'codius-entries';
const waits = [0, 1000, 2000, 4000];
const within = 60_000;

/**
 * Opens the app, or another address of it, after a wait that grows with each recent try; returns whether it will. Meanwhile the reason may
 * have gone: still() is called right before.
 */
export function enter({ to, still = () => true } = {}) {
  const now = Date.now();
  const recent = JSON.parse(sessionStorage.getItem(key) ?? '[]').filter(at => now - at < within);
  if (recent.length >= waits.length) return false;
  setTimeout(() => {
    if (!still()) return;
    sessionStorage.setItem(key, JSON.stringify([...recent, Date.now()]));
    if (to) location.assign(to);
    else location.reload();
  }, waits[recent.length]);
  return true;
}
