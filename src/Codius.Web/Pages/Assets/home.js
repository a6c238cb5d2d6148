// The host's page. A deploy token is generated here and stays here: only its hash, the account's id, leaves the browser.
import { decimal, localize, show } from './money.js';
import { setNote, setState } from './status.js';
import { enableCopying } from './copy.js';
import { follow } from './follow.js';

const maker = document.getElementById('maker');
const known = document.getElementById('known');
const field = document.getElementById('known-token');
const fault = document.getElementById('known-error');
let stop = followAccount();

localize(document);
enableCopying(document);
maker.hidden = false;

document.getElementById('make').addEventListener('click', async () => {
  const token = base64url(crypto.getRandomValues(new Uint8Array(32)));
  if (!await use(token)) return;
  document.getElementById('token').textContent = token;
  document.getElementById('made').hidden = false;
  document.getElementById('token-heading').focus();
  setNote('A deploy token was made. Copy it now.');
});

known.addEventListener('submit', async event => {
  event.preventDefault();
  // A token that is not valid in a header could be paid for, but never used.
  if (!/^[!-~]+$/.test(field.value)) return void refuse('A deploy token is one word of plain letters, digits and signs.');
  if (!await use(field.value)) return;
  document.getElementById('account-heading').focus();
  setNote('This is the account of your deploy token.');
});

async function use(token) {
  refuse('');
  if (!crypto.subtle) return refuse('Your browser makes hashes on pages with https only. Open this page with https.');
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  const address = `/?account=t-${base32(hash)}`;
  try {
    const answer = await fetch(address, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('account');
    document.getElementById('account').replaceWith(fresh);
  } catch {
    return refuse('The host does not answer right now. Try again.');
  }
  history.replaceState(null, '', address);
  const account = document.getElementById('account');
  localize(account);
  enableCopying(account);
  for (const place of document.querySelectorAll('.token')) place.textContent = token;
  stop();
  stop = followAccount();
  return true;
}

function refuse(text) {
  fault.textContent = text;
  field.setAttribute('aria-invalid', text ? 'true' : 'false');
  return false;
}

function followAccount() {
  const place = document.getElementById('following');
  if (!place) return () => {};
  const balance = document.getElementById('balance');
  const left = new AbortController();
  follow(place.dataset, state => show(balance, decimal(state.balance, state.balanceScale)),
    trouble => setState(trouble ? 'The host does not answer right now. Trying again.' : ''), left.signal);
  return () => left.abort();
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

// RFC 4648, lower case, without padding: the form of an account's id.
function base32(bytes) {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g).map(five => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)]).join('');
}
