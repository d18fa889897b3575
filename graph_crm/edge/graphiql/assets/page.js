"use strict";

// The key of the demo is in the page's settings only where the service runs the demo on this very machine.
const settings = JSON.parse(document.getElementById("page-settings").textContent);
const authorization = settings.key ? { Authorization: `Bearer ${settings.key}` } : {};
const keyText = settings.key ? JSON.stringify(authorization, null, 2) : undefined;
const DAY = 24 * 60 * 60 * 1000;

function daysAgo(days) {
  return new Date(Date.now() - days * DAY).toISOString().replace(/\.\d+Z$/, "Z");
}

// The ids that the examples name, looked up once; without them the examples are still there to read.
async function lookedUp() {
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...authorization },
      body: JSON.stringify({ query: settings.lookup }),
    });
    return (await response.json()).data ?? {};
  } catch {
    return {};
  }
}

function variablesOf(names, found) {
  const values = { today: daysAgo(0), ninetyOneDaysAgo: daysAgo(91) };
  for (const [name, record] of Object.entries(found)) {
    values[`${name}Id`] = record?.id;
  }
  const chosen = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
  return names.length > 0 ? JSON.stringify(chosen, null, 2) : undefined;
}

// Tabs are remembered by the browser under the version of the examples: new examples replace old tabs.
const storage = {
  getItem: (name) => localStorage.getItem(`${settings.version}:${name}`),
  setItem: (name, value) => localStorage.setItem(`${settings.version}:${name}`, value),
  removeItem: (name) => localStorage.removeItem(`${settings.version}:${name}`),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

async function open() {
  const found = settings.key ? await lookedUp() : {};
  const tabs = settings.examples.map((example) => ({
    query: example.query,
    variables: variablesOf(example.variables, found),
    headers: keyText,
  }));
  const page = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql", headers: authorization }),
    defaultTabs: tabs,
    defaultHeaders: keyText,
    defaultEditorToolsVisibility: settings.key ? "variables" : "headers",
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    storage,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

open();
