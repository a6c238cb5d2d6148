// How long the visitor has waited, and how long it usually takes: beside the live region, since nobody wants each second announced.

/** Writes it anew each second while isWaiting() says so; returns a function that ends it. */
export function tellWait({ waited, usual }, place, isWaiting) {
  const start = performance.now() - Number(waited) * 1000;
  const expected = Number(usual ?? 0);
  const timer = setInterval(() => {
    if (isWaiting()) place.textContent = words(Math.floor((performance.now() - start) / 1000), expected);
  }, 1000);
  return () => { clearInterval(timer); place.textContent = ''; };
}

function words(soFar, expected) {
  const waiting = `Waiting for ${soFar === 1 ? '1 second' : `${soFar} seconds`}`;
  return expected ? `${waiting}; it usually takes about ${expected}.` : `${waiting}.`;
}
