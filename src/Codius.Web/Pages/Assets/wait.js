// The 503 page: opens the app once it is awake, and shows the reason if it cannot start.
import { setState } from './status.js';
import { follow } from './follow.js';
import { enter } from './enter.js';
import { tellWait } from './waited.js';

const page = document.getElementById('page');
const again = document.getElementById('again');
let shown = page.dataset.state;
let said;
let lost = false;
let done = false;
let latest = null;
const stopTelling = tellWait(page.dataset, document.getElementById('waited'), () => shown === 'waking');

follow(page.dataset, take, trouble => {
  const isBack = lost && !trouble;
  lost = trouble;
  if (shown !== 'waking' || done) return;
  if (trouble) setState('The host does not answer right now. Trying again.');
  else if (isBack) setState(said ?? 'Starting.');
});

function take(state) {
  latest = state;
  if (done || (state.state === shown && state.reason === said)) return;
  if (state.state === 'failed') fail(state);
  else if (state.state === 'awake') letIn('It is awake.', 'Opening it.');
  // Asleep again (out of money, or no visit was waiting): only a request of the page wakes it.
  else if (state.state === 'asleep' && shown === 'waking') letIn('It is asleep again.', 'Asking again.');
  else if (state.state === 'waking' && shown !== 'failed') setState(state.reason ?? 'Starting.');
  shown = state.state;
  said = state.reason;
}

function letIn(is, does) {
  done = true;
  const seen = latest.state;
  // Of several gateways one may not have seen it yet, and says so meanwhile: then the page goes on waiting.
  const still = () => {
    if (latest.state === seen) return true;
    done = false;
    shown = 'waking';
    setState('Starting.');
    take(latest);
    return false;
  };
  if (page.dataset.reloadable !== 'yes') {
    done = false;
    setState(`${is} Go back and send your form again.`);
  } else if (enter({ still })) {
    setState(`${is} ${does}`);
  } else {
    done = false;
    setState(`${is} Open it when you are ready.`);
    again.hidden = false;
    again.querySelector('a').textContent = `Open ${page.dataset.app}`;
  }
}

function fail({ reason, cost }) {
  stopTelling();
  document.getElementById('waking').hidden = true;
  document.getElementById('failed').hidden = false;
  document.getElementById('reason').textContent = reason;
  document.getElementById('cost').textContent = cost;
  document.title = `${page.dataset.app} could not start`;
  page.dataset.state = 'failed';
  if (again) again.hidden = false;
  setState('The app could not start.');
  document.getElementById('failed-heading').focus();
}
