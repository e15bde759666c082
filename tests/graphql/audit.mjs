// The official audits of GraphQL over HTTP against a running server: node audit.mjs URL KEY, prints JSON.
import { auditServer } from 'graphql-http';

const [url, key] = process.argv.slice(2);
const fetchFn = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...options.headers, authorization: `Bearer ${key}` } });
const results = await auditServer({ url, fetchFn });
console.log(JSON.stringify(results.map(({ name, status, reason }) => ({ name, status, reason }))));
