import * as fc from 'fast-check';
import { NodeLeases, type NodeMessage, type Stance, mergedStatus } from './node-leases';

type Lease = Extract<NodeMessage, { kind: 'lease' }>;

const stances: (Stance | null)[] = [
  null,
  { status: 'online', showsLastSeen: true },
  { status: 'idle', showsLastSeen: true },
  { status: 'online', showsLastSeen: false },
];

test('whatever is lost, who is heard again is known again, and whoever changed was said to have', () => {
  const step = fc.record({
    node: fc.constantFrom('a', 'b'),
    user: fc.constantFrom('x', 'y', 'z'),
    stance: fc.constantFrom(...stances),
    isLost: fc.boolean(),
    isBeat: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const leases = new NodeLeases();
      const nodes = new Map(['a', 'b'].map((id) => [id, { n: 0, people: new Map<string, Stance>() }]));
      const known = new Map<string, string>();
      const hear = (word: Lease) => {
        const { changed, isBehind } = leases.accept(word, 0);
        for (const userId of changed) known.set(userId, JSON.stringify(mergedStatus(leases.of(userId))));
        // Every change is reported.
        for (const [userId, told] of known) expect(JSON.stringify(mergedStatus(leases.of(userId)))).toBe(told);
        return isBehind;
      };
      const all = (id: string): Lease => {
        const { n, people } = nodes.get(id)!;
        return { kind: 'lease', node: id, n, isAll: true, people: [...people] };
      };
      for (const { node: id, user, stance, isLost, isBeat } of steps) {
        const node = nodes.get(id)!;
        if (!isBeat) {
          node.n++;
          if (stance) node.people.set(user, stance);
          else node.people.delete(user);
        }
        if (isLost) continue;
        const people: Lease['people'] = isBeat ? [] : [[user, stance]];
        if (hear({ kind: 'lease', node: id, n: node.n, isAll: false, people }))
          for (const each of nodes.keys()) hear(all(each));
      }
      // The next beat of each node reveals a lost message.
      for (const [id, { n }] of nodes)
        if (hear({ kind: 'lease', node: id, n, isAll: false, people: [] })) hear(all(id));
      for (const userId of ['x', 'y', 'z']) {
        const expected = [...nodes.values()].flatMap(({ people }) => people.get(userId) ?? []);
        expect(mergedStatus(leases.of(userId))).toEqual(mergedStatus(expected));
      }
    }),
  );
});

test('a node that falls silent holds nobody after its lease', () => {
  const leases = new NodeLeases();
  leases.accept({ kind: 'lease', node: 'a', n: 1, isAll: true, people: [['x', stances[1]!]] }, 1_000);
  expect(leases.expire(19_000, 18_000)).toEqual([]);
  expect(leases.expire(19_001, 18_000)).toEqual(['x']);
  expect(leases.of('x')).toEqual([]);
});
