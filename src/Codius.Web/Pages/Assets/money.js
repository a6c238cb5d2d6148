// Amounts stay text from the ledger to the reader: whole units, then decimal digits, never a floating point number.

/** Units such as "200000" at scale 9 as decimal text: "0.0002". */
export function decimal(units, scale) {
  const digits = units.padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return digits.slice(0, -scale) + (fraction && '.' + fraction);
}

/** Decimal text in the reader's own notation; currencies the browser does not know keep their code. */
export function spoken(text, currency) {
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 12 }).format(text);
  } catch {
    return `${text} ${currency}`;
  }
}

/** Rewrites every amount on the page (or in a part of it). */
export function beautify(root) {
  for (const data of root.querySelectorAll('data.money')) data.textContent = spoken(data.value, data.dataset.currency);
  // An option holds text alone: its amount stands before the comma.
  for (const option of root.querySelectorAll('option[data-amount]')) option.textContent = option.textContent.replace(/^[^,]*/, spoken(option.dataset.amount, option.dataset.currency));
}

/** Shows a new amount in a place that has one already. */
export function show(data, text) {
  if (data.value === text) return;
  data.value = text;
  data.textContent = spoken(text, data.dataset.currency);
}
