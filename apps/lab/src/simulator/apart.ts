import { type Simulation, simulate } from './simulate';

/** Runs in a process of its own, see simulate-apart.ts: what is asked for as its argument, the result as its output. */
process.stdout.write(JSON.stringify(simulate(JSON.parse(process.argv[2]!) as Simulation)));
