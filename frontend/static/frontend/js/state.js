// What people search and filter by, and its place in the address.

/** The filters of which several values may be chosen at once. */
export const LISTS = ["huyen", "nhom", "sao", "trang-thai"];

/** The state that the query part of an address, or the entries of a form, stand for. */
export function readState(from) {
  const parameters = new URLSearchParams(from);
  const state = {
    q: (parameters.get("q") ?? "").trim(),
    "bao-ho": parameters.get("bao-ho") ?? "",
  };
  for (const name of LISTS) state[name] = [...new Set(parameters.getAll(name))].sort();
  return state;
}

/** The query part for that state, "" when nothing is chosen; the same state gives the same. */
export function writeState(state) {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set("q", state.q);
  for (const name of LISTS) {
    for (const value of state[name]) parameters.append(name, value);
  }
  if (state["bao-ho"]) parameters.set("bao-ho", state["bao-ho"]);
  return parameters.size ? `?${parameters}` : "";
}

/** The choices of a state one by one: [name, value]. */
export function choices(state) {
  return [...new URLSearchParams(writeState(state))];
}

/** The state without one choice. */
export function without(state, name, value) {
  return LISTS.includes(name)
    ? { ...state, [name]: state[name].filter((one) => one !== value) }
    : { ...state, [name]: "" };
}
