"use strict";

// The pages are whole without this: it adds what only the reader's machine knows, or what happens under the pointer.

// Moments, as long ago as they are now.
function ages() {
  const units = [["year", 31536000], ["month", 2628000], ["day", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  for (const time of document.querySelectorAll("time")) {
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
  for (const place of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    place.textContent = hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
  }
}
setInterval(durations, 1000);

// Code that is to be used elsewhere can be copied, where browsers allow it.
for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const frame = document.createElement("div");
  const button = document.createElement("button");
  frame.className = "copyable";
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
    setTimeout(() => button.textContent = "Copy", 2000);
  });
  code.replaceWith(frame);
  frame.append(code, button);
}

// Menus close when the reader goes elsewhere.
document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Small pictures are shown large, with their pixels; those that are larger than their place are better smooth.
document.addEventListener("load", event => {
  if (event.target.naturalWidth > 256) event.target.classList.add("smooth");
}, true);
for (const image of document.images) image.classList.toggle("smooth", image.complete && image.naturalWidth > 256);

// How many runs have been chosen.
const comparing = document.querySelector("[data-compare]");
if (comparing) {
  const count = () => {
    const chosen = comparing.form.querySelectorAll(":checked").length;
    comparing.disabled = chosen < 2;
    comparing.textContent = chosen < 2 ? "Compare: choose two or more" : `Compare ${chosen} runs`;
  };
  comparing.form.addEventListener("change", count);
  addEventListener("pageshow", count);
}

// The values of charts, under the pointer.
function readable(chart) {
  const lines = [...chart.querySelectorAll("[data-values]")].map(line => ({
    name: line.dataset.name,
    style: line.classList[line.classList.length - 1],
    places: (line.getAttribute("points") ?? `${line.getAttribute("cx")},0`).split(" ").map(point => Number(point.split(",")[0])),
    values: line.dataset.values.split(";").map(pair => pair.split(" ")),
  }));
  if (!lines.length) return;
  const svg = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const cursor = svg("line", { class: "cursor", y1: 10, y2: 226 });
  const reading = document.createElement("div");
  reading.className = "reading";
  reading.hidden = true;
  chart.after(reading);
  chart.addEventListener("pointermove", event => {
    const box = chart.getBoundingClientRect();
    const x = (event.clientX - box.left) * chart.viewBox.baseVal.width / box.width;
    const nearest = lines.map(line => {
      const index = line.places.reduce((best, place, index) =>
        Math.abs(place - x) < Math.abs(line.places[best] - x) ? index : best, 0);
      return { line, place: line.places[index], value: line.values[index] };
    });
    const first = nearest.reduce((best, found) => Math.abs(found.place - x) < Math.abs(best.place - x) ? found : best);
    cursor.setAttribute("x1", first.place);
    cursor.setAttribute("x2", first.place);
    chart.append(cursor);
    reading.replaceChildren(`${chart.dataset.axis} ${first.value[0]}`, ...nearest.map(found => {
      const row = document.createElement("div");
      const value = document.createElement("b");
      // A line that has nothing near is not read there.
      value.textContent = Math.abs(found.place - first.place) > 12 ? "–" : found.value[1];
      if (lines.length > 1) {
        const swatch = svg("svg", { class: "swatch", width: 24, height: 4 });
        swatch.append(svg("line", { class: found.line.style, x2: 24, y1: 2, y2: 2 }));
        const name = found.line.name;
        row.append(swatch, name.length > 24 ? `${name.slice(0, 23)}…` : name);
      }
      row.append(value);
      return row;
    }));
    reading.hidden = false;
    const frame = chart.parentElement.getBoundingClientRect();
    const left = event.clientX - frame.left;
    reading.style.left = `${left > frame.width / 2 ? left - reading.offsetWidth - 12 : left + 12}px`;
    reading.style.top = `${box.top - frame.top + 8}px`;
  });
  chart.addEventListener("pointerleave", () => {
    reading.hidden = true;
    cursor.remove();
  });
}

// A run that goes on: its page is fetched again when it has changed.
const followed = document.querySelector("[data-events]");
if (followed) {
  const events = new EventSource(followed.dataset.events);
  events.addEventListener("change", async event => {
    const response = await fetch(location.href);
    if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      document.querySelector("main").replaceWith(fresh.querySelector("main"));
      enliven();
    }
    if (event.data !== "running") events.close();
  });
}

// On narrow screens the tab that is shown may be out of sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// The search field is a key away.
document.addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector(".menu[open]")?.removeAttribute("open");
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const field = document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

// The graph: drag or scroll to move, buttons or Ctrl and the wheel to zoom, a field to find nodes, and what a node is linked to under
// the pointer.
function movable(graph) {
  const canvas = graph.parentElement;
  const tools = canvas.parentElement.querySelector("[data-graph-tools]");
  // A small one is looked at as it is.
  if (!tools) return;
  const size = { width: graph.viewBox.baseVal.width, height: graph.viewBox.baseVal.height };
  let zoom = 1;
  function setZoom(value, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const old = zoom;
    zoom = Math.min(4, Math.max(0.05, value));
    const left = (canvas.scrollLeft + x) * zoom / old - x;
    const top = (canvas.scrollTop + y) * zoom / old - y;
    graph.setAttribute("width", size.width * zoom);
    graph.setAttribute("height", size.height * zoom);
    canvas.scrollTo(left, top);
  }
  const whole = () => Math.min(1, canvas.clientWidth / size.width, innerHeight * 0.78 / size.height);
  for (const [text, label, act] of [["+", "Zoom in", () => setZoom(zoom * 1.3)], ["−", "Zoom out", () => setZoom(zoom / 1.3)],
      ["Fit", "Show all", () => setZoom(whole())]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    tools.append(button);
  }
  const field = document.createElement("input");
  field.type = "search";
  field.name = "find";
  field.placeholder = "Find in the graph";
  field.setAttribute("aria-label", "Find in the graph");
  const found = document.createElement("output");
  found.className = "quiet";
  tools.before(field, found);
  let hits = [];
  let shown = 0;
  function show(index) {
    shown = (index + hits.length) % hits.length || 0;
    found.value = field.value && (hits.length ? `${shown + 1} of ${hits.length}` : "none");
    hits[shown]?.scrollIntoView({ block: "nearest", inline: "center" });
    const [box, frame] = [hits[shown], canvas].map(element => element?.getBoundingClientRect());
    if (box) canvas.scrollBy(0, box.top + box.height / 2 - frame.top - frame.height / 2);
  }
  const nodes = [...graph.querySelectorAll(".node")];
  // What each edge leads from and to.
  const edges = graph.querySelector(".edges");
  const ends = edges.dataset.ends.split(" ").map(index => nodes[index]);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase();
    graph.classList.toggle("dimmed", words !== "");
    for (const edge of edges.querySelectorAll(".hit")) edge.classList.remove("hit");
    hits = nodes.filter(node => node.classList.toggle("hit", words !== ""
      && [...node.children].some(part => part.textContent.toLowerCase().includes(words))));
    show(0);
  });
  field.addEventListener("keydown", event => {
    if (event.key === "Enter") show(shown + (event.shiftKey ? -1 : 1));
  });
  graph.addEventListener("pointerover", event => {
    const node = event.target.closest(".node");
    if (field.value) return;
    graph.classList.toggle("dimmed", !!node);
    for (const hit of graph.querySelectorAll(".hit")) hit.classList.remove("hit");
    if (!node) return;
    node.classList.add("hit");
    [...edges.children].forEach((edge, index) => {
      const parts = [edge, ...ends.slice(2 * index, 2 * index + 2)];
      if (parts.includes(node)) for (const part of parts) part.classList.add("hit");
    });
  });
  graph.addEventListener("pointerleave", () => field.value || graph.classList.remove("dimmed"));
  canvas.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    setZoom(zoom * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  let start;
  canvas.addEventListener("pointerdown", event => {
    if (event.pointerType === "mouse" && !event.target.closest("a")) {
      start = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
      canvas.setPointerCapture(event.pointerId);
      canvas.classList.add("panning");
    }
  });
  canvas.addEventListener("pointermove", event => {
    if (start) canvas.scrollTo(start.x - event.clientX, start.y - event.clientY);
  });
  for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => {
    start = undefined;
    canvas.classList.remove("panning");
  });
  // What would be too small to be read is not shown whole.
  if (whole() < 1) setZoom(Math.max(0.75, whole()));
  graph.querySelector(".centre")?.scrollIntoView({ block: "nearest", inline: "center" });
}

// Tables of pages without a server are sorted and filtered here.
for (const table of document.querySelectorAll("table[data-sorts]")) {
  const body = table.tBodies[0];
  if (body.rows.length > 12) {
    const field = document.createElement("input");
    field.type = "search";
    field.name = "filter";
    field.placeholder = "Filter";
    field.setAttribute("aria-label", `Filter: ${table.caption.textContent}`);
    const line = document.createElement("p");
    line.className = "filter";
    line.append(field);
    table.parentElement.before(line);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/);
      for (const row of body.rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
    });
  }
  for (const header of table.querySelectorAll("th[data-sortable]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const old = header.getAttribute("aria-sort");
      const descends = old ? old === "ascending" : header.classList.contains("number");
      for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", descends ? "descending" : "ascending");
      const key = row => row.cells[header.cellIndex].dataset.key;
      const compare = (left, right) => {
        // What has no value comes last, whatever the direction.
        if (left === undefined || right === undefined) return (left === undefined) - (right === undefined);
        const order = isNaN(left) || isNaN(right) ? left.localeCompare(right) : left - right;
        return descends ? -order : order;
      };
      body.append(...[...body.rows].sort((left, right) => compare(key(left), key(right))));
    });
  }
}

function enliven() {
  ages();
  durations();
  document.querySelectorAll(".chart").forEach(readable);
  document.querySelectorAll(".graph").forEach(movable);
}
enliven();
