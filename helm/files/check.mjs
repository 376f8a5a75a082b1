// What `helm test` asks: each line is a promise of the chart.
const { PUBLIC, INTERNAL, ROUTER_SECRET } = process.env;
let failed = 0;

async function check(what, url, expected, init) {
  let got;
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    got = `${answer.status} ${await answer.text()}`;
  } catch (error) {
    got = error.cause?.code ?? error.name;
  }
  const holds = expected.test(got);
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}${holds ? '' : `: got ${got.slice(0, 200)}`}`);
  failed += holds ? 0 : 1;
}

const ask = (query, headers = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
});
const asRouter = ROUTER_SECRET ? { 'router-authorization': ROUTER_SECRET } : {};

await check('REST answers', `${PUBLIC}/v0.1/servers?limit=1`, /^200 \{"servers":/);
await check(
  'GraphQL answers',
  `${PUBLIC}/graphql`,
  /^200 \{"data":\{"registry":\{"revision":\d+/,
  ask('{ registry { revision } }'),
);
await check('the pods are ready', `${INTERNAL}/health/ready`, /^200 /);
await check('Prometheus is answered', `${INTERNAL}/metrics`, /^200 [^]*mcp_registry_revision \d/);
await check(
  'the subgraph answers',
  `${INTERNAL}/graphql`,
  /^200 \{"data":\{"_service"/,
  ask('{ _service { sdl } }', asRouter),
);
await check('metrics are not for the world', `${PUBLIC}/metrics`, /^404 /);
await check('health is not for the world', `${PUBLIC}/health/ready`, /^404 /);
await check(
  'the subgraph is not for the world',
  `${PUBLIC}/graphql`,
  /^400 |^200 \{"errors"/,
  ask('{ _service { sdl } }'),
);
process.exitCode = failed > 0 ? 1 : 0;
