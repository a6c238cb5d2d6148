// The page that pays. Only the server's balance counts; events of browser and extension are hints to poll it.
import { decimal, localize, show } from './money.js';
import { setState } from './status.js';
import { enableCopying } from './copy.js';
import { follow } from './follow.js';
import { enter } from './enter.js';

const page = document.getElementById('page');
const { openAt, receipts, payments, reloadable, back, stays, sent } = page.dataset;
const root = document.documentElement;
const balance = document.getElementById('balance');
const progress = document.getElementById('progress');
const lasts = document.getElementById('lasts');
const others = document.getElementById('others');
const status = page.querySelector('.status');

// Undefined for the 402, which a visit got: there only the balance counts.
let standing = page.dataset.standing;
let funds = BigInt(page.dataset.funds);
let open = false;
let lost = false;
let hint = document.getElementById('state').textContent;

localize(document);
enableCopying(document);

const refresh = follow(page.dataset, state => {
  // What it says then is the host's own page, which follows nothing.
  if (state.standing === 'blocked' && reloadable === 'yes') location.reload();
  const before = funds;
  funds = BigInt(state.balance);
  show(balance, decimal(state.balance, state.balanceScale));
  const percent = funds * 100n / (BigInt(openAt) || 1n);
  progress.value = Number(percent > 100n ? 100n : percent);
  if (standing) stand(state);
  if (funds > before) {
    hint = !standing || standing === 'closed' ? 'A payment arrived; it is not enough yet.' : 'A payment arrived. Thank you.';
  }
  describe();
  if (!stays && funds >= BigInt(openAt)) letIn();
}, trouble => {
  const isBack = lost && !trouble;
  lost = trouble;
  describe();
  if (isBack && !open) offerAgain();
});

// Shows what a visit to the app would get now.
function stand(state) {
  const before = standing;
  standing = state.standing;
  for (const part of page.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== standing;
  lasts.textContent = state.lasts ?? '';
  lasts.parentElement.hidden = standing !== 'open' || !state.lasts;
  if (standing === 'failed') {
    document.getElementById('reason').textContent = state.reason;
    document.getElementById('cost').textContent = state.cost;
  }
  if (standing === before) return;
  const recommended = document.getElementById('recommended');
  if (standing === 'failed' && recommended && !recommended.contains(document.activeElement)) {
    document.getElementById('rest').prepend(recommended);
  }
  if (!open) document.getElementById('open').hidden = standing !== 'open' && standing !== 'low';
  hint = standing === 'closed' ? 'Waiting for a payment.' : '';
}

function describe() {
  if (!open) setState(lost ? 'The host does not answer right now. Trying again.' : hint);
}

function letIn() {
  if (open) return;
  open = true;
  status.classList.add('done');
  if (reloadable !== 'yes') {
    setState('It is paid. Go back and send your form again.');
  } else if (typing() || !enter({ to: back })) {
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

// --- a payment that the visitor's wallet accepted a moment ago -----------------------------------------------------

if (sent && !stays) {
  const before = funds;
  setTimeout(() => {
    if (open || funds > before) return;
    hint = 'The money has not arrived so far. Look into your wallet before you pay again.';
    describe();
  }, 30_000);
}

// A way to pay may be there soon; a page at an address of the gateway's own may be the answer to a form.
if (document.getElementById('unpayable') && back === undefined && reloadable === 'yes') setTimeout(() => location.reload(), 5000);

// --- a browser with Web Monetization -------------------------------------------------------------------------------

const legacy = document.monetization;
let link = document.querySelector('link[rel=monetization]');
let paying = false;

if (root.classList.contains('pays')) {
  // The browser is the way that is recommended; all others are behind the heading.
  const recommended = document.getElementById('recommended');
  if (recommended) document.getElementById('rest').prepend(recommended);
  if (!sent) hint = 'Your browser can pay by itself. Waiting for your wallet.';
  describe();
  setTimeout(showWays, 3000);
  setTimeout(() => {
    if (paying || open) return;
    hint = 'No payment from your browser so far: its wallet may not be connected, be out of funds, be paused, or not reach this host. '
      + 'There are other ways below.';
    others.open = !sent;
    describe();
    offerAgain();
  }, 10_000);
}

function showWays() {
  if (!paying) root.classList.remove('waiting-for-wallet');
}

function isPaying() {
  paying = true;
  hint = 'Your wallet is paying. Waiting for the money to arrive.';
  describe();
  refresh();
}

function isRefused() {
  hint = 'Your browser could not use the address of this app. Please pay in another way.';
  others.open = true;
  showWays();
  describe();
}

// An extension that could not reach the host does not try again by itself; a new link starts it anew.
function offerAgain() {
  if (!link) return;
  const fresh = link.cloneNode();
  link.removeEventListener('error', isRefused);
  fresh.addEventListener('error', isRefused);
  link.replaceWith(fresh);
  link = fresh;
}

// Today's extensions: a "monetization" event means that a payment was sent, not that it arrived.
document.addEventListener('monetization', event => {
  // Reading the payment makes the host look for its money at once.
  if (payments && event.incomingPayment?.startsWith(payments)) fetch(event.incomingPayment).catch(() => {});
  isPaying();
});
link?.addEventListener('error', isRefused);

// Web Monetization of 2020: each progress event may carry a receipt, which is credited once it is posted.
legacy?.addEventListener?.('monetizationstart', isPaying);
legacy?.addEventListener?.('monetizationstop', () => { paying = false; showWays(); });
legacy?.addEventListener?.('monetizationprogress', async event => {
  if (event.detail?.receipt) {
    try {
      await fetch(receipts, { method: 'POST', body: event.detail.receipt });
    } catch {
      // A lost receipt costs nothing: the next one carries the total.
    }
  }
  isPaying();
});
