// Refreshes balance and payments while the page is visible: fetches the page again and replaces the parts that changed.

const quick = 700;
const slow = 4000;
let timer = 0;

async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.ok) replaceChanged(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // The gateway is unreachable for now; the next round retries.
  }
  plan();
}

function replaceChanged(fresh) {
  for (const part of document.querySelectorAll('.live')) {
    const now = fresh.getElementById(part.id);
    // The focus must not be lost: a part with the focused element stays.
    if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = now.innerHTML;
  }
  const status = document.getElementById('status');
  if (!status) return;
  const message = fresh.getElementById('status').textContent;
  // A running payment shows in the list; only its end is announced to screen readers.
  if (message !== status.textContent && !message.startsWith('Paying')) status.textContent = message;
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, document.querySelector('.running') ? quick : slow);
}

document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
plan();
