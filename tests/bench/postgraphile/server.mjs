// PostGraphile 5 as its manual sets it up for production, over the schema that schema.sql makes.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.BENCH_URL, schemas: ["bench"], poolConfig: { max: 8 } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, maxRequestLength: 20_000_000 },
  grafast: {
    explain: false,
    context: (request) => ({
      pgSettings: { role: "bench_member", "app.tenant_id": request.node.req.headers["x-tenant"] ?? "" },
    }),
  },
};

const server = createServer();
const served = postgraphile(preset).createServ(grafserv);
await served.addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
