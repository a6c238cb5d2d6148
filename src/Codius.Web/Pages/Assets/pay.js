// The 402 page. Only the server's balance counts; events of browser and extension are hints to poll it.
import { decimal, localize, show } from './money.js';
import { setState } from './status.js';
import { enableCopying } from './copy.js';
import { follow } from './follow.js';
import { enter } from './enter.js';

const page = document.getElementById('page');
const { openAt, receipts, reloadable } = page.dataset;
const scale = Number(page.dataset.scale);
const root = document.documentElement;
const balance = document.getElementById('balance');
const progress = document.getElementById('progress');
const status = page.querySelector('.status');

let funds = BigInt(page.dataset.funds);
let open = false;
let lost = false;
let hint = '';

localize(document);
enableCopying(document);

const refresh = follow(page.dataset, state => {
  const before = funds;
  funds = BigInt(state.balance);
  show(balance, decimal(state.balance, state.assetScale));
  const percent = funds * 100n / (BigInt(openAt) || 1n);
  progress.value = Number(percent > 100n ? 100n : percent);
  if (funds > before) hint = 'A payment arrived; it is not enough yet.';
  describe();
  if (funds >= BigInt(openAt)) letIn();
}, trouble => {
  lost = trouble;
  describe();
});

function describe() {
  if (open) return;
  setState(lost ? 'The host does not answer right now. Trying again.' : hint || 'Waiting for a payment.');
}

function letIn() {
  if (open) return;
  open = true;
  status.classList.add('done');
  if (reloadable !== 'yes') {
    setState('It is paid. Go back and send your form again.');
  } else if (typing() || !enter()) {
    setState('It is paid. Open it when you are ready.');
    document.getElementById('open').hidden = false;
  } else {
    setState('Paid. Opening the app.');
  }
}

// No reload while the visitor is typing.
function typing() {
  const active = document.activeElement;
  return active instanceof HTMLInputElement && active.value !== '';
}

// --- a browser with Web Monetization -------------------------------------------------------------------------------

const link = document.querySelector('link[rel=monetization]');
const legacy = document.monetization;
let paying = false;

if (root.classList.contains('pays')) {
  hint = 'Your browser can pay by itself. Waiting for your wallet.';
  describe();
  setTimeout(showWays, 3000);
  setTimeout(() => {
    if (paying || open) return;
    hint = 'No payment from your browser so far: its wallet may not be connected, be out of funds, be paused, or not reach this host. '
      + 'There are other ways below.';
    describe();
  }, 10_000);
}

function showWays() {
  if (!paying) root.classList.remove('waiting-for-wallet');
}

function sent() {
  paying = true;
  hint = 'Your wallet is paying. Waiting for the money to arrive.';
  describe();
  refresh();
}

// Today's extensions: a "monetization" event means that a payment was sent, not that it arrived.
document.addEventListener('monetization', sent);
link.addEventListener('error', () => {
  hint = 'Your browser could not use the address of this app. Please pay in another way.';
  showWays();
  describe();
});

// Web Monetization of 2020: each progress event may carry a receipt, which is credited once it is posted.
legacy?.addEventListener?.('monetizationstart', sent);
legacy?.addEventListener?.('monetizationstop', () => { paying = false; showWays(); });
legacy?.addEventListener?.('monetizationprogress', async event => {
  if (event.detail?.receipt) {
    try {
      await fetch(receipts, { method: 'POST', body: event.detail.receipt });
    } catch {
      // A lost receipt costs nothing: the next one carries the total.
    }
  }
  sent();
});
