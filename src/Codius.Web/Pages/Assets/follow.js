// Follows the state of balance and app: by an event stream, and by polling while the stream says nothing. Some proxies hold streams back,
// from the start or later, and a host that hangs closes nothing: silence is the only sign of either.

const silence = 3000;
// Longer than the host's usual heartbeat; a host with a slower one is polled between its heartbeats.
const quiet = 20_000;
const patience = 5000;
const soonest = 1000;
const slowest = 8000;
const hiddenFor = 5 * 60_000;

/**
 * Calls onState with each state, and onTrouble(true or false) when the host stops and starts answering, until the signal.
 * Returns a function that polls at once.
 */
export function follow({ events, balance }, onState, onTrouble, signal) {
  let source = null;
  let timer = 0;
  let pause = soonest;
  let asleep = 0;
  let said = 0;
  let spoke = false;

  const apply = text => {
    onTrouble(false);
    onState(JSON.parse(text));
  };

  const request = async () => {
    const before = said;
    try {
      const answer = await fetch(balance, { cache: 'no-store', signal: AbortSignal.timeout(patience) });
      if (!answer.ok) throw new Error(answer.statusText);
      const text = await answer.text();
      // What the stream said meanwhile is newer.
      if (said === before) apply(text);
    } catch {
      if (said === before) onTrouble(true);
    }
  };

  const pollAfter = wait => {
    clearTimeout(timer);
    timer = setTimeout(poll, wait);
  };

  const poll = async () => {
    const before = said;
    await request();
    if (said !== before || !source) return;
    // Connecting: the browser reconnects by itself. Closed: the stream was refused. Silent after it spoke: its connection may be dead.
    if (source.readyState === EventSource.CLOSED || spoke) connect();
    pollAfter(pause);
    pause = Math.min(pause * 1.5, slowest);
  };

  const heard = () => {
    said++;
    spoke = true;
    pause = soonest;
    pollAfter(quiet);
  };

  const connect = () => {
    source?.close();
    spoke = false;
    source = new EventSource(events);
    source.onmessage = event => {
      heard();
      apply(event.data);
    };
    source.addEventListener('alive', () => {
      heard();
      onTrouble(false);
    });
    source.onerror = () => pollAfter(Math.min(pause, soonest));
  };

  const open = () => {
    connect();
    // The stream of a host that is well begins with the state.
    pause = soonest;
    pollAfter(silence);
  };

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };

  // A tab that is shown again polls at once: its state may be stale.
  addEventListener('pageshow', event => { if (event.persisted) { request(); open(); } }, { signal });
  addEventListener('pagehide', close, { signal });
  signal?.addEventListener('abort', close);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(asleep);
    if (document.hidden) {
      asleep = setTimeout(close, hiddenFor);
    } else {
      request();
      if (!source || source.readyState === EventSource.CLOSED) open();
    }
  }, { signal });

  open();
  return () => { pause = soonest; return request(); };
}
