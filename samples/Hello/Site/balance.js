// The host serves each app's balance on the app's own origin, for free.
const balance = document.getElementById('balance');
const asset = document.getElementById('asset');
const level = document.getElementById('level');
const prices = document.getElementById('prices');
const notice = document.getElementById('notice');

let most = 0n;

// Amounts are whole units as text; a number of the browser's would round them.
function decimal(units, scale) {
  const digits = units.padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return digits.slice(0, -scale) + (fraction ? '.' + fraction : '');
}

function show(state) {
  const units = BigInt(state.balance);
  const price = BigInt(state.price);
  if (units > most) most = units;
  balance.value = decimal(state.balance, state.balanceScale);
  asset.textContent = state.assetCode;
  level.style.transform = `scaleX(${most === 0n ? 0 : Number(units * 1000n / most) / 1000})`;
  prices.textContent = `A request costs ${decimal(state.price, state.balanceScale)} ${state.assetCode}, an hour awake `
    + `${decimal(state.pricePerRunningHour, state.balanceScale)} ${state.assetCode}. `
    + (price > 0n ? `That is enough for ${units / price} more requests.` : '');
  notice.textContent = units < price ? 'The money has run out, so the app goes to sleep. Load the page again to pay for more.'
    : state.state === 'asleep' ? 'The app is asleep. The next request wakes it.'
    : '';
}

const events = new EventSource('/.well-known/codius/events');
events.onmessage = event => show(JSON.parse(event.data));
events.onerror = () => {
  if (events.readyState === EventSource.CLOSED) prices.textContent = 'No host tells a balance here: the app runs on its own.';
};
