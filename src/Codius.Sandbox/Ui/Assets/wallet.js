// Keeps balance and payments fresh while someone looks: the page itself, asked again, put in place of what changed.

const quick = 700;
const slow = 4000;
let timer = 0;

async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // The gateway is away for a moment; the next time tells.
  }
  plan();
}

function take(fresh) {
  for (const part of document.querySelectorAll('.live')) {
    const now = fresh.getElementById(part.id);
    // Not under the reader's hands: a button that has the focus stays.
    if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = now.innerHTML;
  }
  const status = document.getElementById('status');
  const said = fresh.getElementById('status').textContent;
  // A payment that goes on is seen in the list; only its end is said again.
  if (said !== status.textContent && !said.startsWith('Paying')) status.textContent = said;
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, document.querySelector('.running') ? quick : slow);
}

document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
plan();
