// The 402 page. Only the server's balance counts; what browser and extension say are hints to ask for it.
import { decimal, beautify, show } from './money.js';
import { say } from './status.js';
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

beautify(document);
enableCopying(document);

const ask = follow(page.dataset, state => {
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
  say(lost ? 'The host does not answer right now. Trying again.' : hint || 'Waiting for a payment.');
}

function letIn() {
  if (open) return;
  open = true;
  status.classList.add('done');
  if (reloadable !== 'yes') {
    say('It is paid. Go back and send your form again.');
  } else if (typing() || !enter()) {
    say('It is paid. Open it when you are ready.');
    document.getElementById('open').hidden = false;
  } else {
    say('Paid. Opening the app.');
  }
}

// A page that is being written in is not taken away.
function typing() {
  const active = document.activeElement;
  return active instanceof HTMLInputElement && active.value !== '';
}

// --- a browser that pays by itself -------------------------------------------------------------------------------

const link = document.querySelector('link[rel=monetization]');
const legacy = document.monetization;
let paying = false;

if (root.classList.contains('pays')) {
  hint = 'Your browser can pay by itself. Waiting for your wallet.';
  describe();
  setTimeout(showWays, 3000);
  setTimeout(() => {
    if (paying || open) return;
    hint = 'No payment from your browser so far: its wallet may not be connected, be out of funds, be paused, or not reach this host. There are other ways below.';
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
  ask();
}

// Today's extensions: "monetization" says that a payment was made, not that it arrived.
document.addEventListener('monetization', sent);
link.addEventListener('error', () => {
  hint = 'Your browser could not use the address of this app. Please pay in another way.';
  showWays();
  describe();
});

// The generation of 2020: each progress may carry a receipt, which is worth money once it is posted.
legacy?.addEventListener?.('monetizationstart', sent);
legacy?.addEventListener?.('monetizationstop', () => { paying = false; showWays(); });
legacy?.addEventListener?.('monetizationprogress', async event => {
  if (event.detail?.receipt) {
    try {
      await fetch(receipts, { method: 'POST', body: event.detail.receipt });
    } catch {
      // The next receipt carries the total: one that is lost is made good by it.
    }
  }
  sent();
});
