const answer = document.getElementById('answer');
for (const button of document.querySelectorAll('[data-request]')) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    answer.textContent = 'Asking…';
    const start = performance.now();
    try {
      const response = await fetch(button.dataset.request, { cache: 'no-store' });
      const text = response.headers.get('content-type')?.startsWith('text/plain') ? await response.text() : '';
      answer.textContent = `${response.status} after ${Math.round(performance.now() - start)} ms. ${text}`;
    } catch {
      answer.textContent = 'The host cannot be reached.';
    }
    button.disabled = false;
  });
}

const words = document.getElementById('words');
const echoes = document.getElementById('echoes');
let socket;

function log(text) {
  const line = document.createElement('li');
  line.textContent = text;
  echoes.append(line);
  while (echoes.children.length > 5) echoes.firstChild.remove();
}

function connect() {
  const opened = new WebSocket(location.origin.replace(/^http/, 'ws') + '/echo');
  opened.onmessage = message => log(message.data);
  opened.onclose = event => {
    log(event.code === 1001 ? 'The app said goodbye (1001) and sleeps.' : `Closed (${event.code}).`);
    socket = undefined;
  };
  return new Promise(resolve => { opened.onopen = () => resolve(opened); });
}

document.getElementById('echo').addEventListener('submit', async event => {
  event.preventDefault();
  socket ??= connect();
  (await socket).send(words.value);
});

const toggle = document.getElementById('clock-toggle');
const clock = document.getElementById('clock');
let stream;

function stop(text) {
  stream?.close();
  stream = undefined;
  toggle.setAttribute('aria-pressed', 'false');
  toggle.textContent = 'Follow the clock';
  clock.textContent = text;
}

toggle.addEventListener('click', () => {
  if (stream) {
    stop('Not followed.');
    return;
  }
  stream = new EventSource('/clock');
  toggle.setAttribute('aria-pressed', 'true');
  toggle.textContent = 'Stop following';
  clock.textContent = 'Connecting…';
  stream.onmessage = event => { clock.textContent = event.data; };
  // A browser would connect again by itself, and so wake and pay: here the visitor decides.
  stream.onerror = () => stop('The stream ended.');
});
