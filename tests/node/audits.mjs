// Prints the outcome of each GraphQL over HTTP audit of the server at the given address, as JSON.
import { createRequire } from "node:module";

const [modules, url] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { auditServer } = require("graphql-http");

const outcomes = [];
for (const result of await auditServer({ url })) {
  outcomes.push({ id: result.id, name: result.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify(outcomes));
