// Amounts stay text from the ledger to the reader: integer units, then decimal digits, never a floating point number.

/** Units such as "200000" at scale 9 as decimal text: "0.0002". */
export function decimal(units, scale) {
  const digits = units.padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return digits.slice(0, -scale) + (fraction && '.' + fraction);
}

/** Decimal text in the reader's own notation; currencies the browser does not know keep their code. */
export function formatted(text, currency) {
  try {
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: 12 };
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, ...digits }).format(text);
  } catch {
    return `${text} ${currency}`;
  }
}

/** Rewrites every amount on the page (or in a part of it). */
export function localize(root) {
  for (const data of root.querySelectorAll('data.money')) data.textContent = formatted(data.value, data.dataset.currency);
  // An option holds text only: its amount is before the comma.
  for (const option of root.querySelectorAll('option[data-amount]')) {
    const amount = formatted(option.dataset.amount, option.dataset.currency);
    option.textContent = option.textContent.replace(/^[^,]*/, amount);
  }
}

/** Replaces the amount of a data element. */
export function show(data, text) {
  if (data.value === text) return;
  data.value = text;
  data.textContent = formatted(text, data.dataset.currency);
}
