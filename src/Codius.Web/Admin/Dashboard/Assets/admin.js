// Keeps the page up to date: the gateway sends the parts of it that changed, as it rendered them, and their times grow older here.
import { drawPlots } from './plots.js';

document.documentElement.classList.add('scripts');
const live = document.getElementById('live');

drawPlots();
age();
setInterval(age, 5000);
if (live) follow(live.dataset.events);

function follow(url) {
  let source = null;
  let silence = 0;
  const heard = () => {
    clearTimeout(silence);
    // Longer than the gateway's heartbeat: a connection that is dead says nothing.
    silence = setTimeout(() => { show(false); connect(); }, 30_000);
    show(true);
  };
  const connect = () => {
    source?.close();
    source = new EventSource(url);
    source.addEventListener('part', event => {
      heard();
      const part = JSON.parse(event.data);
      replace(document.querySelector(`[data-part="${CSS.escape(part.name)}"]`), part.html);
    });
    source.addEventListener('alive', heard);
    source.addEventListener('plots', () => drawPlots());
    source.addEventListener('signed-out', () => location.reload());
    source.onerror = () => {
      show(false);
      clearTimeout(silence);
      // The browser reconnects by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) silence = setTimeout(connect, 5000);
    };
  };
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', event => { if (event.persisted) connect(); });
  connect();
}

function show(on) {
  live.toggleAttribute('data-on', on);
  live.textContent = on ? 'Live' : 'Reconnecting';
}

// What has the focus keeps it: the same link in the new part.
function replace(place, html) {
  if (!place) return;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = place.querySelector('.feed')?.scrollTop ?? 0;
  const known = new Set([...place.querySelectorAll('[data-key]')].map(item => item.dataset.key));
  place.innerHTML = html;
  for (const item of place.querySelectorAll('[data-key]')) item.classList.toggle('new', !known.has(item.dataset.key));
  if (scrolled) place.querySelector('.feed').scrollTop = scrolled;
  if (focused) same(place, focused)?.focus({ preventScroll: true });
  age(place);
}

function same(place, focused) {
  if (focused.id) return place.querySelector(`#${CSS.escape(focused.id)}`);
  const href = focused.getAttribute('href');
  return href && [...place.querySelectorAll('a')].find(link => link.getAttribute('href') === href);
}

function age(root = document) {
  for (const time of root.querySelectorAll('time[data-age]')) {
    const text = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

function ago(seconds) {
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${Math.floor(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
