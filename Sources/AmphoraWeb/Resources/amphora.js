"use strict";

// The pages are whole without this: it adds what only the reader's machine knows, or what happens under the pointer.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Elements that the page has not come with.
function own(element, content) {
  element.dataset.own = "";
  element.append(...content);
  return element;
}
const make = (name, properties, ...content) => own(Object.assign(document.createElement(name), properties), content);
function draw(name, attributes, ...content) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return own(element, content);
}
const search = (name, placeholder, ariaLabel, oninput) => make("input", { type: "search", name, placeholder, ariaLabel, oninput });
const button = (text, properties) => make("button", { type: "button", ...properties }, text);

// Moments, as long ago as they are now.
function ages() {
  const units = [["year", 31536000], ["month", 2628000], ["day", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  for (const time of all("time")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const [unit, length] = units.find(([, length]) => seconds >= length) || ["s", 1];
    const count = Math.max(0, Math.floor(seconds / length));
    const plural = unit.length > 3 && count !== 1 ? "s" : "";
    time.textContent = seconds < 10 ? "just now" : `${count} ${unit}${plural} ago`;
    time.title = new Date(time.dateTime).toLocaleString();
  }
}
setInterval(ages, 30000);

// How long it has been since then, for what goes on.
function durations() {
  for (const place of all("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    place.textContent = hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
  }
}
setInterval(durations, 1000);

// A run that goes on: its page is fetched again when it has changed.
const followed = document.querySelector("[data-events]");
if (followed) {
  let shown = document.querySelector("main").cloneNode(true);
  const refresh = async () => {
    const response = await fetch(location.href);
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
    const next = fresh.cloneNode(true);
    update(document.querySelector("main"), shown, fresh);
    shown = next;
    enliven();
  };
  const events = new EventSource(followed.dataset.events);
  let turn = Promise.resolve();
  events.addEventListener("change", event => {
    turn = turn.then(refresh).catch(() => {});
    if (event.data !== "running") events.close();
  });
}

// Changes what differs between two states of the page, and leaves all else as the reader has it: focus, scrolling, what is open or
// typed in, how far a graph is zoomed.
function update(live, old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const [mine, before, after] = [live, old, fresh].map(node => [...node.childNodes].filter(part =>
    part.dataset ? !("own" in part.dataset) : part.data.trim()));
  if (live.nodeName !== fresh.nodeName || mine.length !== before.length) return live.replaceWith(fresh);
  if (live.data) return live.data = fresh.data;
  for (const { name } of [...old.attributes, ...fresh.attributes]) {
    const value = fresh.getAttribute(name);
    if (value === null) live.removeAttribute(name);
    else if (value !== old.getAttribute(name)) live.setAttribute(name, value);
  }
  after.forEach((node, index) => mine[index] ? update(mine[index], before[index], node) : live.append(node));
  for (const part of mine.slice(after.length)) part.remove();
}

// Code that is to be used elsewhere can be copied, where browsers allow it.
for (const code of navigator.clipboard ? all("[data-copy]") : []) {
  const copy = button("Copy", { onclick: async () => {
    await navigator.clipboard.writeText(code.textContent);
    copy.textContent = "Copied";
    setTimeout(() => copy.textContent = "Copy", 2000);
  } });
  const frame = make("div", { className: "copyable" }, copy);
  code.replaceWith(frame);
  frame.prepend(code);
}

// Menus close when the reader goes elsewhere.
document.addEventListener("click", event => {
  for (const menu of all(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Small pictures are shown large, with their pixels; those that are larger than their place are better smooth.
const smooth = image => image.naturalWidth > 256 && image.classList.add("smooth");
document.addEventListener("load", event => smooth(event.target), true);
[...document.images].forEach(smooth);

// How many runs have been chosen.
const comparing = document.querySelector("[data-compare]");
if (comparing) {
  const count = () => {
    const chosen = comparing.form.querySelectorAll(":checked").length;
    comparing.disabled = chosen < 2;
    comparing.textContent = chosen < 2 ? "Compare: choose two or more" : `Compare ${chosen} runs`;
  };
  comparing.form.onchange = count;
  addEventListener("pageshow", count);
}

// The values of charts, under the pointer.
const cursor = draw("line", { class: "cursor", y1: 10, y2: 226 });
const reading = make("div", { className: "reading" });
document.onpointermove = document.onpointerdown = event => {
  const chart = event.target.closest?.(".chart");
  if (!chart) return [cursor, reading].forEach(element => element.remove());
  const box = chart.getBoundingClientRect();
  const x = (event.clientX - box.left) * chart.viewBox.baseVal.width / box.width;
  const lines = all("[data-values]", chart).map(line => {
    const places = (line.getAttribute("points") ?? `${line.getAttribute("cx")},0`).split(" ").map(parseFloat);
    const index = places.reduce((best, place, index) => Math.abs(place - x) < Math.abs(places[best] - x) ? index : best, 0);
    return { line, place: places[index], value: line.dataset.values.split(";")[index].split(" ") };
  });
  const first = lines.reduce((best, found) => Math.abs(found.place - x) < Math.abs(best.place - x) ? found : best);
  cursor.setAttribute("x1", first.place);
  cursor.setAttribute("x2", first.place);
  reading.replaceChildren(`${chart.dataset.axis} ${first.value[0]}`, ...lines.map(({ line, place, value }) => {
    const name = line.dataset.name;
    const swatch = draw("svg", { class: "swatch", width: 24, height: 4 },
      draw("line", { class: [...line.classList].pop(), x2: 24, y1: 2, y2: 2 }));
    const words = lines.length > 1 ? [swatch, name.length > 24 ? `${name.slice(0, 23)}…` : name] : [];
    // A line that has nothing near is not read there.
    return make("div", {}, ...words, make("b", {}, Math.abs(place - first.place) > 12 ? "–" : value[1]));
  }));
  chart.append(cursor);
  chart.after(reading);
  const frame = chart.parentElement.getBoundingClientRect();
  const left = event.clientX - frame.left;
  reading.style.left = `${left > frame.width / 2 ? left - reading.offsetWidth - 12 : left + 12}px`;
  reading.style.top = `${box.top - frame.top + 8}px`;
};

// On narrow screens the tab that is shown may be out of sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// The search field is a key away.
document.addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector(".menu[open]")?.removeAttribute("open");
  const field = document.querySelector("input[type=search]");
  if (event.key !== "/" || !field || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  field.focus();
});

// The graph: drag or scroll to move, buttons or Ctrl and the wheel to zoom, a field to find nodes, and what a node is linked to under
// the pointer.
function movable(graph) {
  const canvas = graph.parentElement;
  const tools = canvas.parentElement.querySelector("[data-graph-tools]");
  // A small one is looked at as it is; one that has changed stays as large as it was.
  if (!tools || graph.enlarge) return graph.enlarge?.();
  const size = graph.viewBox.baseVal;
  let zoom = 1;
  function setZoom(value = zoom, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const old = zoom;
    zoom = Math.min(4, Math.max(0.05, value));
    const left = (canvas.scrollLeft + x) * zoom / old - x;
    const top = (canvas.scrollTop + y) * zoom / old - y;
    graph.setAttribute("width", size.width * zoom);
    graph.setAttribute("height", size.height * zoom);
    canvas.scrollTo(left, top);
  }
  graph.enlarge = () => setZoom();
  const whole = () => Math.min(1, canvas.clientWidth / size.width, innerHeight * 0.78 / size.height);
  tools.append(button("+", { ariaLabel: "Zoom in", onclick: () => setZoom(zoom * 1.3) }),
    button("−", { ariaLabel: "Zoom out", onclick: () => setZoom(zoom / 1.3) }),
    button("Fit", { ariaLabel: "Show all", onclick: () => setZoom(whole()) }));
  let hits = [];
  let shown = 0;
  function show(index) {
    shown = (index + hits.length) % hits.length || 0;
    found.value = field.value && (hits.length ? `${shown + 1} of ${hits.length}` : "none");
    hits[shown]?.scrollIntoView({ block: "nearest", inline: "center" });
    const [box, frame] = [hits[shown], canvas].map(element => element?.getBoundingClientRect());
    if (box) canvas.scrollBy(0, box.top + box.height / 2 - frame.top - frame.height / 2);
  }
  const nodes = () => all(".node", graph);
  const clear = isDimmed => {
    graph.classList.toggle("dimmed", isDimmed);
    for (const hit of all(".hit", graph)) hit.classList.remove("hit");
  };
  const field = search("find", "Find in the graph", "Find in the graph", () => {
    const words = field.value.toLowerCase();
    clear(words !== "");
    hits = nodes().filter(node => words && [...node.children].some(part => part.textContent.toLowerCase().includes(words)));
    for (const hit of hits) hit.classList.add("hit");
    show(0);
  });
  const found = make("output", { className: "quiet" });
  tools.before(field, found);
  field.onkeydown = event => {
    if (event.key === "Enter") show(shown + (event.shiftKey ? -1 : 1));
  };
  graph.onpointerover = event => {
    const node = event.target.closest(".node");
    if (field.value) return;
    clear(!!node);
    node?.classList.add("hit");
    const edges = graph.querySelector(".edges");
    const [ends, places] = [edges.dataset.ends.split(" "), nodes()];
    [...edges.children].forEach((edge, index) => {
      const parts = [edge, places[ends[2 * index]], places[ends[2 * index + 1]]];
      if (parts.includes(node)) for (const part of parts) part.classList.add("hit");
    });
  };
  graph.onpointerleave = () => field.value || clear(false);
  canvas.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    setZoom(zoom * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  let start;
  canvas.onpointerdown = event => {
    if (event.pointerType !== "mouse" || event.target.closest("a")) return;
    start = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("panning");
  };
  canvas.onpointermove = event => start && canvas.scrollTo(start.x - event.clientX, start.y - event.clientY);
  canvas.onpointerup = canvas.onpointercancel = () => {
    start = undefined;
    canvas.classList.remove("panning");
  };
  // What would be too small to be read is not shown whole.
  if (whole() < 1) setZoom(Math.max(0.75, whole()));
  graph.querySelector(".centre")?.scrollIntoView({ block: "nearest", inline: "center" });
}

// Tables of pages without a server are sorted and filtered here.
for (const table of all("table[data-sorts]")) {
  const body = table.tBodies[0];
  if (body.rows.length > 12) {
    const field = search("filter", "Filter", `Filter: ${table.caption.textContent}`, () => {
      const words = field.value.toLowerCase().split(/\s+/);
      for (const row of body.rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
    });
    table.parentElement.before(make("p", { className: "filter" }, field));
  }
  for (const header of all("th[data-sortable]", table)) {
    header.append(make("button", { type: "button", className: "sort", onclick: () => {
      const old = header.getAttribute("aria-sort");
      const descends = old ? old === "ascending" : header.classList.contains("number");
      for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", descends ? "descending" : "ascending");
      const key = row => row.cells[header.cellIndex].dataset.key;
      const compare = (left, right) => {
        // What has no value comes last, whatever the direction.
        if (left === undefined || right === undefined) return (left === undefined) - (right === undefined);
        const order = isNaN(left) || isNaN(right) ? left.localeCompare(right) : left - right;
        return descends ? -order : order;
      };
      body.append(...[...body.rows].sort((left, right) => compare(key(left), key(right))));
    } }, ...header.childNodes));
  }
}

function enliven() {
  ages();
  durations();
  all(".graph").forEach(movable);
}
enliven();
