import { parseArgs } from 'node:util';
import { writeTable } from '../tables';
import { absence } from './absence';
import { history } from './history';
import { hostile } from './hostile';
import { idle } from './idle';
import { logIns } from './log-ins';
import { nodes } from './nodes';
import { pairs } from './pairs';
import { previews } from './previews';
import { generatorCore, pin } from './processes';
import { describeMachine } from './report';
import { render } from './render';
import { rest } from './rest';
import { room } from './room';
import { search } from './search';
import { together } from './together';

const page = 'docs/performance.md';
const scenarios = [
  'room',
  'pairs',
  'idle',
  'history',
  'log-ins',
  'hostile',
  'absence',
  'together',
  'nodes',
  'search',
  'rest',
  'previews',
  'render',
] as const;
type Scenario = (typeof scenarios)[number];

export const loadUsage = `load [--scenario room|pairs|idle|history|log-ins|hostile|absence|together|nodes|search|rest|previews|render|all] [--write]
    Cost and speed beside bare servers that store nothing; room and pairs when no scenario is named.
    --write puts the tables into ${page}
    --seconds 3              of each measure
    --members 100,1000       sizes of the room
    --first 10000            deliveries/s with which the room's doubling begins
    --before <main.js>       an earlier build that hostile measures too
    --clients 2000           of the node that nodes kills
    --pairs 200  --connections 5000  --messages 10000,100000,1000000
    --profile <folder>       V8 writes a CPU profile of the API there`;

/** The benchmark: each scenario measures Cloudhop and the bare servers in one run, on the same cores. */
export async function load(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: {
      scenario: { type: 'string' },
      write: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '3' },
      members: { type: 'string' },
      first: { type: 'string', default: '10000' },
      pairs: { type: 'string', default: '200' },
      connections: { type: 'string', default: '5000' },
      clients: { type: 'string', default: '2000' },
      messages: { type: 'string', default: '10000,100000,1000000' },
      profile: { type: 'string' },
      before: { type: 'string' },
    },
  });
  const wanted = chosen(values.scenario);
  const members = values.members ?? (values.scenario === undefined ? '100' : '100,1000');
  const seconds = Number(values.seconds);
  const run: Record<Scenario, () => Promise<string[]>> = {
    room: () =>
      room({
        members: numbers(members),
        seconds,
        firstDeliveries: Number(values.first),
        profileFolder: values.profile,
      }),
    pairs: () => pairs({ pairs: Number(values.pairs), seconds, profileFolder: values.profile }),
    idle: () => idle({ connections: Number(values.connections) }),
    history: () => history({ sizes: numbers(values.messages), requests: 1_000 }),
    'log-ins': () => logIns({ members: 20, seconds: Math.max(5, seconds) }),
    together: () =>
      together({ people: 1_000, friends: 100, typers: 200, readers: 1_000, seconds: Math.max(5, seconds) }),
    nodes: () => nodes({ seconds: Math.max(5, seconds), clients: Number(values.clients) }),
    search: () => search({ messages: numbers(values.messages).at(-1)!, conversations: 20, requests: 500 }),
    rest: () => rest({ atOnce: 64, listeners: 1_000, seconds: Math.max(5, seconds), profileFolder: values.profile }),
    previews: () => previews({ links: 60, repeats: 60, seconds: Math.max(5, seconds) }),
    render: () => render({ messages: 100, slowdown: 4 }),
    hostile: () =>
      hostile({
        others: 30,
        conversations: 200,
        messages: 100,
        bytes: 4_096,
        seconds: Math.max(10, seconds),
        before: values.before,
      }),
    absence: () => absence({ conversations: 500, busy: 50, messages: 5, rounds: 100 }),
  };
  pin([process.pid], generatorCore);
  for (const scenario of wanted) {
    const lines = await run[scenario]();
    process.stdout.write(`\n## ${scenario}\n\n${lines.join('\n')}`);
    if (values.write) writeTable(page, `load:${scenario}`, lines.slice(0, -1));
  }
  // Known only now: whether the processes could be pinned.
  const machine = await describeMachine();
  process.stdout.write(`\n${machine}\n`);
  if (values.write) writeTable(page, 'load:machine', [machine]);
}

function chosen(scenario: string | undefined): Scenario[] {
  if (scenario === undefined) return ['room', 'pairs'];
  if (scenario === 'all') return [...scenarios];
  const known = scenarios.find((name) => name === scenario);
  if (known === undefined) throw new Error(`--scenario is one of ${scenarios.join(', ')} and all`);
  return [known];
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}
