// The map below the text of a PointField, and the live answer to it; the text works without either.

import { loadOptional } from "./loader.js";
import { createMapView } from "./mapview/view.js";
import { answerParts, LatestRequest } from "./point-answer.js";
import { degreesText, parsePair } from "./position.js";

// Milliseconds without a keystroke after which the server is queried.
const PAUSE = 350;

for (const editor of document.querySelectorAll(".point-editor")) edit(editor);

async function edit(editor) {
  const text = editor.querySelector("input");
  const grid = editor.querySelector("select");
  const element = editor.querySelector(".point-editor-map");
  const buttons = editor.querySelector(".point-editor-buttons");
  const moved = editor.querySelector(".point-editor-moved");
  element.hidden = buttons.hidden = false;
  const view = createMapView(element, editor.dataset);

  // A click, a drag or a key.
  const setByMap = (at) => {
    text.value = degreesText(at);
    pin.show(at);
    setMethod(editor);
    requestAnswer();
  };
  const pin = view.editPosition(element.dataset.marker, setByMap, ({ direction, metres }) => {
    moved.textContent = moved.dataset.moved
      .replace("{metres}", metres)
      .replace("{direction}", moved.dataset[direction])
      .replace("{position}", text.value);
  });
  const showFromText = () => {
    const pair = parsePair(text.value);
    const at = pair && [pair.lng, pair.lat];
    pin.show(at);
    if (at) view.goTo(at, 12);
  };

  const requestAnswer = liveAnswer(editor, {
    text,
    grid,
    onPoint: (at) => {
      // Plain degrees are shown at once; what only the server understands is shown now.
      if (at && !parsePair(text.value)) {
        pin.show(at);
        view.goTo(at, 12);
      }
    },
  });
  text.addEventListener("input", () => {
    showFromText();
    requestAnswer();
  });
  grid.addEventListener("change", requestAnswer);
  editor.querySelector(".point-editor-clear").addEventListener("click", () => {
    text.value = "";
    pin.show(null);
    requestAnswer();
    text.focus();
  });
  editor.querySelector(".point-editor-centre").addEventListener("click", () => {
    setByMap(view.visibleCentre);
    pin.focus();
  });

  // Before the base map loads: a click in the meantime must not move the map again.
  showFromText();
  if (text.value) requestAnswer();

  const [base, outlines] = await Promise.all([
    loadOptional(editor.dataset.basemap),
    loadOptional(editor.dataset.outlines),
  ]);
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
}

/** Return a function that queries the meaning of the text after a pause, and displays it. */
function liveAnswer(editor, { text, grid, onPoint }) {
  const { answer: url, answerFields } = editor.dataset;
  if (!url) return () => {};
  const element = editor.querySelector(".point-editor-answer");
  const parts = editor.querySelector(".point-editor-parts").content;
  const form = editor.closest("form");
  const fields = Object.entries(JSON.parse(answerFields));
  const latest = new LatestRequest((query) => fetch(`${url}?${query}`));
  let timer = 0;

  const show = (answer) => {
    element.hidden = !answer;
    element.replaceChildren();
    if (!answer) return;
    const texts = parts.querySelector(".point-editor-texts").dataset;
    for (const { kind, lead, content, use } of answerParts(answer, texts)) {
      const part = parts.querySelector(`.point-editor-${kind}`).cloneNode(true);
      if (kind === "finding") {
        part.classList.add(`is-${use}`);
        part.querySelector("strong").textContent = lead;
        part.querySelector("span").textContent = content;
      } else part.textContent = content;
      if (kind === "suggestion") {
        part.addEventListener("click", () => {
          text.value = use.text;
          grid.value = use.epsg;
          text.dispatchEvent(new Event("input", { bubbles: true }));
          text.focus();
        });
      }
      element.append(part);
    }
  };
  const requestAnswer = async () => {
    if (!text.value.trim()) {
      latest.cancel();
      show(null);
      return;
    }
    const query = new URLSearchParams({ text: text.value, epsg: grid.value });
    for (const [parameter, name] of fields) {
      const value = form?.elements[name]?.value;
      if (value) query.set(parameter, value);
    }
    const answer = await latest.send(query);
    if (!answer) return;
    show(answer);
    onPoint(answer.point ?? null);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(requestAnswer, PAUSE);
  };
  // The units are chosen with Select2, whose events only jQuery sees.
  const jquery = window.django?.jQuery;
  for (const [, name] of fields) {
    const field = form?.elements[name];
    if (jquery && field) jquery(field).on("change", later);
    else field?.addEventListener("change", later);
  }
  return later;
}

/** Set how the position was obtained if the form states a vague method; its accuracy is gone. */
function setMethod(editor) {
  if (!editor.dataset.method) return;
  const { field, clicked, vague, accuracy } = JSON.parse(editor.dataset.method);
  const elements = editor.closest("form")?.elements;
  const select = elements?.[field];
  if (select && vague.includes(select.value)) select.value = clicked;
  if (accuracy && elements?.[accuracy]) elements[accuracy].value = "";
}
