// Draws the plots: a figure with data-plot names the JSON with times, labels and series. Its table stays for those who prefer one.

const uPlot = globalThis.uPlot;
const drawn = new Map();

/** Draws each plot that is not drawn yet, or draws it anew if its data may be newer. */
export async function drawPlots(root = document) {
  if (!uPlot) return;
  for (const [place, plot] of drawn) {
    if (place.isConnected) continue;
    plot.chart.destroy();
    drawn.delete(place);
  }
  await Promise.all([...root.querySelectorAll('[data-plot]')].map(draw));
}

async function draw(place) {
  let data;
  try {
    const answer = await fetch(place.dataset.plot, { cache: 'no-store' });
    if (!answer.ok) return;
    data = await answer.json();
  } catch {
    return;
  }
  drawn.get(place)?.chart.destroy();
  drawn.set(place, { chart: make(place, data), data });
}

function make(place, data) {
  if (data.series.every(series => series.values.every(value => value === 0))) return blank(place);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const over = document.createElement('p');
  over.className = 'over';
  over.hidden = true;
  place.replaceChildren(over);
  const colours = [colour('--accent'), colour('--sun')];
  const axis = {
    stroke: colour('--quiet'), font: '12px system-ui, sans-serif', ticks: { show: false }, gap: 8,
    grid: { stroke: colour('--line'), width: 1 },
  };
  const bars = uPlot.paths.bars({ size: [data.series.length > 1 ? 0.42 : 0.66, 48], radius: 0.2, align: data.series.length > 1 ? -1 : 0 });
  const second = uPlot.paths.bars({ size: [0.42, 48], radius: 0.2, align: 1 });
  return new uPlot({
    width: place.clientWidth,
    height: Math.max(190, Math.min(260, place.clientWidth * .3)),
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: true, range: (_, from, until) => [from - data.step * .6, until + data.step * .6] },
      y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, size: 30, grid: { show: false }, values: (_, times) => times.map(time => label(time, data.step)), space: 64 },
      {
        ...axis, space: 44, values: (_, splits) => splits.map(short),
        size: (_, values) => 16 + 7 * Math.max(3, ...(values ?? []).map(value => value.length)),
      },
    ],
    series: [
      {},
      ...data.series.map((series, index) => ({
        label: series.label, fill: colours[index], stroke: colours[index], width: 0, paths: index ? second : bars, points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [chart => {
        const at = chart.cursor.idx;
        over.hidden = at == null || chart.cursor.left < 0;
        if (over.hidden) return;
        const amounts = data.series.map(series => `${series.label} ${series.texts[at]}`);
        over.textContent = `${label(data.times[at], data.step, true)}: ${amounts.join(', ')} ${data.code}`;
        const middle = chart.cursor.left + chart.bbox.left / devicePixelRatio - over.offsetWidth / 2;
        over.style.left = `${Math.max(0, Math.min(place.clientWidth - over.offsetWidth, middle))}px`;
      }],
    },
  }, [data.times, ...data.series.map(series => series.values)], place);
}

/** Axes without a bar say less than a sentence. */
function blank(place) {
  const text = document.createElement('p');
  text.className = 'empty';
  text.textContent = place.dataset.empty;
  place.replaceChildren(text);
  return { destroy: () => text.remove() };
}

function label(seconds, step, long = false) {
  const time = new Date(seconds * 1000);
  if (step >= 86_400) {
    // Days are those of UTC, as the books have them.
    return time.toLocaleDateString(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short', weekday: long ? 'short' : undefined });
  }
  const hour = time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return long ? `${time.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })} ${hour}` : hour;
}

function short(value) {
  const notation = value >= 10_000 ? 'compact' : 'standard';
  return value === 0 ? '0' : value.toLocaleString(undefined, { maximumSignificantDigits: 3, notation });
}

const redraw = () => {
  for (const [place, plot] of drawn) {
    plot.chart.destroy();
    plot.chart = make(place, plot.data);
  }
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
let resized = 0;
addEventListener('resize', () => {
  clearTimeout(resized);
  resized = setTimeout(redraw, 150);
});
