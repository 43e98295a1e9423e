"use strict";

// What the tests ask of a page: where something is, and whether everybody can use it. Says what is wrong as a list of sentences.
globalThis.page = (() => {
  const clickable = ":is(a[href], button, input:not([type=hidden]), select, textarea, summary):not(:disabled)";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = text => text.replace(/\s+/g, " ").trim();
  const told = element => {
    const text = words(element.textContent).slice(0, 40);
    return `<${element.localName}${element.getAttribute("class") ? ` class="${element.getAttribute("class")}"` : ""}> ${text}`;
  };
  const isShown = element => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest(".hidden");

  // The first thing to click on of that name, as a screen reader tells it or as it is seen.
  function find(name, area) {
    for (const root of all(area)) {
      const things = all(clickable, root).filter(isShown);
      const found = things.find(thing => thing.computedName === name || words(thing.textContent) === name)
        || things.find(thing => thing.computedName.startsWith(name) || words(thing.textContent).startsWith(name));
      if (found) return found;
    }
    throw new Error(`'${name}' is not in ${area} of ${location.href}: ${all(clickable).map(thing => words(thing.computedName)).join(" | ")}`);
  }

  // Where to click on something, having scrolled there.
  function place(element) {
    if (!element) throw new Error(`not on ${location.href}`);
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = element.getClientRects()[0];
    const point = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const top = document.elementFromPoint(point.x, point.y);
    if (!top || !(element.contains(top) || top.contains(element) || element.labels && [...element.labels].some(label => label.contains(top)))) {
      throw new Error(`${told(element)} is covered by ${top ? told(top) : "nothing: it is outside"} on ${location.href}`);
    }
    return point;
  }

  // Waits until something is so.
  const until = condition => new Promise(resolve => {
    if (condition()) return resolve(true);
    const observer = new MutationObserver(() => {
      if (!condition()) return;
      observer.disconnect();
      resolve(true);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });

  // Colours, as WCAG 2 compares them.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  }
  const over = (front, back) => [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
  const luminance = colour => colour.slice(0, 3).map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }
  function background(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      // In a picture the shapes before a text are what is behind it.
      const shape = at.ownerSVGElement && all(":scope > rect", at).at(-1);
      layers.push(rgba(shape && shape !== element ? getComputedStyle(shape).fill : getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const base = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((back, front) => over(front, back), base);
  }
  function opacity(element) {
    let value = 1;
    for (let at = element; at; at = at.parentElement) value *= Number(getComputedStyle(at).opacity);
    return value;
  }
  function faint() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const owners = new Set();
    while (walker.nextNode()) if (walker.currentNode.data.trim()) owners.add(walker.currentNode.parentElement);
    const found = [];
    for (const owner of owners) {
      if (["title", "script", "style", "option"].includes(owner.localName) || !isShown(owner) || owner.closest(".skip, :disabled")) continue;
      const style = getComputedStyle(owner);
      const size = parseFloat(style.fontSize);
      const wanted = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700 ? 3 : 4.5;
      const back = background(owner);
      const ink = rgba(owner.ownerSVGElement ? style.fill : style.color).slice();
      ink[3] *= opacity(owner);
      const ratio = contrast(over(ink, back), back);
      if (ratio < wanted) found.push(`contrast ${ratio.toFixed(2)}: ${told(owner)}`);
    }
    for (const field of all("input[placeholder]").filter(isShown)) {
      const style = getComputedStyle(field, "::placeholder");
      const back = background(field);
      const ink = rgba(style.color).slice();
      ink[3] *= Number(style.opacity);
      if (contrast(over(ink, back), back) < 4.5) found.push(`contrast of the hint in ${field.computedName}`);
    }
    return found;
  }

  // Links that nothing but their colour tells from the text around them.
  function blended() {
    return all("p a, dd a, dt a, .prose a, li a, span a").filter(link => {
      const style = getComputedStyle(link);
      const around = link.closest("p, dd, dt, .prose, li, span");
      const isAlone = words(around.textContent) === all("a", around).map(other => words(other.textContent)).join(" ");
      return isShown(link) && !link.ariaCurrent && !link.ownerSVGElement && !isAlone && style.textDecorationLine === "none" && style.borderStyle === "none"
        && [around, link.parentElement].some(part => [...part.childNodes].some(node => node.nodeType === 3 && words(node.data)))
        && contrast(rgba(style.color), rgba(getComputedStyle(around).color)) < 3;
    }).map(link => `a link like the text around it: ${told(link)}`);
  }

  // What is scrolled sideways and cannot be with the keyboard.
  const stuck = () => all("*").filter(element => isShown(element) && element.scrollWidth > element.clientWidth + 1
      && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
      && element.tabIndex < 0 && !element.querySelector(clickable))
    .map(element => `cannot be scrolled with the keyboard: ${told(element)}`);

  function structure() {
    const found = [];
    const wrong = (isWrong, text) => isWrong && found.push(text);
    wrong(!document.documentElement.lang, "no language");
    wrong(!document.title.trim(), "no title");
    wrong(document.compatMode !== "CSS1Compat", "quirks");
    wrong(all("main").length !== 1, `${all("main").length} main parts`);
    wrong(all("h1").length !== 1, `${all("h1").length} headings of the first level`);
    const levels = all("h1, h2, h3, h4, h5, h6").filter(isShown);
    levels.reduce((before, heading) => {
      const level = Number(heading.localName[1]);
      wrong(level > before + 1, `a level of headings is left out before ${told(heading)}`);
      wrong(!words(heading.textContent), `an empty heading: ${told(heading)}`);
      return level;
    }, 0);
    const landmarks = {};
    for (const part of all("header, nav, main, aside, footer, form, section, search, [role]")) {
      if (["banner", "navigation", "main", "complementary", "contentinfo", "region", "search", "form"].includes(part.computedRole)
        && isShown(part)) (landmarks[part.computedRole] ??= []).push(part);
    }
    for (const [role, parts] of Object.entries(landmarks)) {
      const names = parts.map(part => part.computedName);
      wrong(parts.length > 1 && new Set(names).size < names.length, `parts of the role ${role} of the same name: ${names.join(", ")}`);
      wrong(parts.length > 1 && names.includes(""), `a part of the role ${role} without a name`);
    }
    for (const thing of all(`${clickable}, [role=img], [role=region], [role=group], iframe`).filter(isShown)) {
      wrong(!thing.computedName.trim(), `without a name: ${told(thing)}`);
      wrong(thing.tabIndex > 0, `out of order for the keyboard: ${told(thing)}`);
      wrong(thing.matches(clickable) && thing.tabIndex < 0, `out of reach of the keyboard: ${told(thing)}`);
      wrong(thing.matches(clickable) && thing.closest("[aria-hidden=true]"), `hidden from screen readers: ${told(thing)}`);
      wrong(thing.matches(`:is(${clickable}) :is(${clickable})`), `within another one: ${told(thing)}`);
    }
    for (const image of all("img")) {
      wrong(!image.hasAttribute("alt"), `an image without words: ${image.src}`);
      wrong(image.complete && !image.naturalWidth && image.getClientRects().length, `an image that does not come: ${image.src}`);
    }
    for (const image of all("svg")) wrong(!image.computedName && !image.closest("[aria-hidden=true]"), `a drawing without words`);
    const ids = all("[id]").map(element => element.id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) found.push(`two are called ${id}`);
    for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "list"]) {
      for (const element of all(`[${name}]`)) {
        for (const id of element.getAttribute(name).split(" ")) wrong(!document.getElementById(id), `${name} leads to no ${id}`);
      }
    }
    for (const link of all("a[href^='#']")) wrong(!document.getElementById(link.hash.slice(1)), `nothing is at ${link.hash}`);
    for (const head of all("th")) wrong(!["col", "row", "colgroup", "rowgroup"].includes(head.scope), `a head of a table without a scope: ${told(head)}`);
    for (const head of all("th").filter(isShown)) wrong(!words(head.textContent), "an empty head of a table");
    for (const table of all("table")) {
      const isPlain = ["none", "presentation"].includes(table.computedRole);
      wrong(!isPlain && !table.querySelector("th"), `a table without heads: ${told(table)}`);
      wrong(!isPlain && !table.computedName && !table.closest("section, [role=region]"), `a table without a name: ${told(table)}`);
    }
    for (const list of all("dl > div")) wrong(!list.querySelector("dt") || !list.querySelector("dd"), `a term without words: ${told(list)}`);
    for (const list of all("ul, ol")) wrong([...list.children].some(child => child.localName !== "li"), `not of a list: ${told(list)}`);
    return found;
  }

  // What moves sideways as a whole, or cannot be hit with a finger.
  function reach() {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = all("main *, header *").filter(element => element.getBoundingClientRect().right > clientWidth + 1
        && !element.closest(".scroll, .tabs, pre, .canvas, .hidden"));
      found.push(`the page is ${scrollWidth} wide in ${clientWidth}: ${wide.slice(0, 3).map(told).join(", ")}`);
    }
    for (const thing of all(clickable).filter(isShown)) {
      if (thing.closest(".skip")) continue;
      try { place(thing); } catch (error) { found.push(error.message); }
    }
    scrollTo(0, 0);
    return found;
  }

  // Things to be hit with a finger that are too small (WCAG 2.2: 24 pixels, but for links within text) and have no room around.
  function cramped() {
    const things = all(clickable).filter(thing => isShown(thing) && !thing.closest(".skip"));
    const boxes = things.map(thing => {
      const box = (thing.labels?.[0] ?? thing).getBoundingClientRect();
      return { thing, box, x: box.left + box.width / 2, y: box.top + box.height / 2, isSmall: box.width < 24 || box.height < 24 };
    });
    return boxes.filter(({ thing, x, y, isSmall }) => isSmall && !thing.closest("p, .prose, dd, li")
      && boxes.some(other => other.thing !== thing && (other.isSmall
        ? Math.hypot(other.x - x, other.y - y) < 24
        : Math.hypot(Math.max(other.box.left - x, 0, x - other.box.right), Math.max(other.box.top - y, 0, y - other.box.bottom)) < 12)))
      .map(({ thing, box }) => `${Math.round(box.width)}×${Math.round(box.height)} is small for a finger: ${told(thing)}`);
  }

  // Follows all links from here, but those of pages that answer a question, and tells how many there are and which lead nowhere.
  async function links() {
    const met = new Set([location.origin + location.pathname]);
    const dead = [];
    async function linked(address) {
      const response = await fetch(address);
      if (!response.ok) dead.push(`${response.status} ${address}`);
      const isPage = response.headers.get("content-type")?.startsWith("text/html");
      const body = await response.text();
      if (!isPage || new URL(address).search) return [];
      const content = new DOMParser().parseFromString(body, "text/html");
      return all("[href], [src], [action]", content).map(element =>
        new URL(element.getAttribute("href") ?? element.getAttribute("src") ?? element.getAttribute("action"), address));
    }
    for (let next = [...met]; next.length;) {
      const found = [];
      while (next.length) found.push(...await Promise.all(next.splice(0, 6).map(linked)));
      for (const url of found.flat()) {
        if (url.origin !== location.origin) dead.push(`elsewhere: ${url}`);
        url.hash = "";
        if (met.has(url.href)) continue;
        met.add(url.href);
        next.push(url.href);
      }
    }
    return { count: met.size, dead };
  }

  // Where the keyboard is, and whether that is seen.
  function focus() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hasRing = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return {
      name: element.computedName, index: all("*").indexOf(element),
      isSeen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight
        && (hasRing || !!element.ownerSVGElement),
    };
  }
  const stops = () => all(clickable).filter(isShown).map(element => [all("*").indexOf(element), told(element)]);

  // What a picture of the page is to show, when all images are there.
  async function whole() {
    await Promise.all([...document.images].map(image => { image.loading = "eager"; return image.decode(); }));
    const end = document.querySelector("main").lastElementChild.getBoundingClientRect().bottom + 24;
    return { x: 0, y: 0, width: innerWidth, height: Math.min(innerHeight, Math.ceil(end)), scale: 1 };
  }

  // How a picture looks: how many colours it has, and how light it is from 0 to 1.
  async function seen(png) {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const lightness = pixels.reduce((sum, pixel) => sum + (pixel & 255) + (pixel >> 8 & 255) + (pixel >> 16 & 255), 0);
    return { colours: new Set(pixels).size, lightness: lightness / pixels.length / 765, width: image.width, height: image.height };
  }

  return {
    find, place, until, links, focus, stops, whole, seen,
    problems: isPhone => [...structure(), ...blended(), ...stuck(), ...faint(), ...reach(), ...(isPhone ? cramped() : [])],
  };
})();
undefined;
