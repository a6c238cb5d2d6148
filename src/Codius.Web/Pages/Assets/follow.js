// Follows the server's word on balance and app: an event stream, or questions where streams do not get through.

const slowest = 10_000;
const hiddenFor = 5 * 60_000;

/** Calls onState with each state and onTrouble(true or false) when the host is lost and found, until the signal; returns a function that asks at once. */
export function follow({ events, balance }, onState, onTrouble, signal) {
  let source = null;
  let poll = 0;
  let pause = 1000;
  let asleep = 0;

  const take = state => {
    pause = 1000;
    onTrouble(false);
    onState(state);
  };

  const ask = async () => {
    try {
      const answer = await fetch(balance, { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.statusText);
      take(await answer.json());
    } catch {
      onTrouble(true);
    }
  };

  const pollOn = () => {
    clearTimeout(poll);
    poll = setTimeout(async () => {
      await ask();
      pause = Math.min(pause * 1.5, slowest);
      if (!document.hidden) open();
    }, pause);
  };

  const open = () => {
    close();
    source = new EventSource(events);
    source.onmessage = event => take(JSON.parse(event.data));
    source.onerror = () => {
      onTrouble(true);
      // Connecting: the browser tries again by itself. Closed: it was refused, so ask instead, and try the stream later.
      if (source?.readyState === EventSource.CLOSED) pollOn();
    };
  };

  const close = () => {
    clearTimeout(poll);
    source?.close();
    source = null;
  };

  // A tab that came back, by the back button or from behind others, asks at once: what it knew may be old.
  addEventListener('pageshow', event => { if (event.persisted) { ask(); open(); } }, { signal });
  addEventListener('pagehide', close, { signal });
  signal?.addEventListener('abort', close);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(asleep);
    if (document.hidden) {
      asleep = setTimeout(close, hiddenFor);
    } else {
      ask();
      if (!source || source.readyState === EventSource.CLOSED) open();
    }
  }, { signal });

  open();
  return ask;
}
