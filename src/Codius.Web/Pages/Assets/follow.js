// Follows the state of balance and app: by an event stream, or by polling where streams do not get through.

const slowest = 10_000;
const hiddenFor = 5 * 60_000;

/**
 * Calls onState with each state, and onTrouble(true or false) when the host stops and starts answering, until the signal.
 * Returns a function that polls at once.
 */
export function follow({ events, balance }, onState, onTrouble, signal) {
  let source = null;
  let poll = 0;
  let pause = 1000;
  let asleep = 0;

  const apply = state => {
    pause = 1000;
    onTrouble(false);
    onState(state);
  };

  const request = async () => {
    try {
      const answer = await fetch(balance, { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.statusText);
      apply(await answer.json());
    } catch {
      onTrouble(true);
    }
  };

  const pollOn = () => {
    clearTimeout(poll);
    poll = setTimeout(async () => {
      await request();
      pause = Math.min(pause * 1.5, slowest);
      if (!document.hidden) open();
    }, pause);
  };

  const open = () => {
    close();
    source = new EventSource(events);
    source.onmessage = event => apply(JSON.parse(event.data));
    source.onerror = () => {
      onTrouble(true);
      // Connecting: the browser reconnects by itself. Closed: the stream was refused, so poll, and try the stream later.
      if (source?.readyState === EventSource.CLOSED) pollOn();
    };
  };

  const close = () => {
    clearTimeout(poll);
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
  return request;
}
