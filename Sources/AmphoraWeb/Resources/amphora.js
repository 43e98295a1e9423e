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
ages();
setInterval(ages, 30000);

// The values of charts, under the pointer.
for (const chart of document.querySelectorAll(".chart")) {
  const lines = [...chart.querySelectorAll("polyline[data-values]")].map(line => ({
    name: line.dataset.name,
    places: line.getAttribute("points").split(" ").map(point => point.split(",").map(Number)),
    values: line.dataset.values.split(";").map(pair => pair.split(" ")),
  }));
  if (!lines.length) continue;
  const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
  cursor.setAttribute("class", "cursor");
  cursor.setAttribute("y1", 10);
  cursor.setAttribute("y2", 226);
  const reading = document.createElement("div");
  reading.className = "reading";
  reading.hidden = true;
  chart.after(reading);
  chart.addEventListener("pointermove", event => {
    const box = chart.getBoundingClientRect();
    const x = (event.clientX - box.left) * chart.viewBox.baseVal.width / box.width;
    const nearest = lines.map(line => {
      const index = line.places.reduce((best, place, index) =>
        Math.abs(place[0] - x) < Math.abs(line.places[best][0] - x) ? index : best, 0);
      return { place: line.places[index], value: line.values[index], name: line.name };
    });
    cursor.setAttribute("x1", nearest[0].place[0]);
    cursor.setAttribute("x2", nearest[0].place[0]);
    chart.append(cursor);
    reading.textContent = `${chart.dataset.axis} ${nearest[0].value[0]}: `
      + nearest.map(found => lines.length > 1 ? `${found.name} ${found.value[1]}` : found.value[1]).join(", ");
    reading.hidden = false;
    const left = event.clientX - box.left + chart.offsetLeft;
    reading.style.left = `${Math.min(left + 12, chart.offsetLeft + box.width - reading.offsetWidth)}px`;
    reading.style.top = `${chart.offsetTop + 8}px`;
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
      ages();
    }
    if (event.data !== "running") events.close();
  });
}

// The search field is a key away.
document.addEventListener("keydown", event => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const field = document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
