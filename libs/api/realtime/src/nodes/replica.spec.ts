import * as fc from 'fast-check';
import { OwnState, PeerStates, type StateChange, type StateMessage } from './replica';

const value = (text: string) => ({ text });
/** Bytes of a message that holds one or two entries. */
const maxBytes = 40;
const askMs = 1_000;

/** Creates a node that records what its listeners would know of the others. */
function aNode(id: string) {
  const known = new Map<string, object>();
  return {
    id,
    own: new OwnState(id),
    truth: new Map<string, object>(),
    peers: new PeerStates(() => 1_000),
    known,
    /** Applies changes as a listener does. Each value before must be the one that the listener knows. */
    listen(of: string, changes: readonly StateChange[]) {
      for (const { key, value, before } of changes) {
        expect(known.get(`${of} ${key}`)).toEqual(before);
        if (value) known.set(`${of} ${key}`, value);
        else known.delete(`${of} ${key}`);
      }
    },
  };
}

test('whatever is lost, late or doubled, and whoever dies: once it is quiet and asked for, each node knows the truth', () => {
  const node = fc.integer({ min: 0, max: 2 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), node, key: fc.constantFrom(...'abcdef') }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('unset' as const), node, key: fc.constantFrom(...'abcdef') }),
    },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('publish' as const), node }) },
    { weight: 9, arbitrary: fc.record({ kind: fc.constant('deliver' as const), at: fc.nat(), isCopy: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('lose' as const), at: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask' as const), node }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), node, other: node }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const all = ['x', 'y', 'z'].map(aNode);
      const flying: { to: number; message: StateMessage }[] = [];
      let rev = 0;
      const publish = (from: number) => {
        const message = all[from]!.own.next(maxBytes);
        if (message) for (const to of [0, 1, 2]) if (to !== from) flying.push({ to, message });
        return message !== undefined;
      };
      const deliver = ({ to, message }: (typeof flying)[number]) =>
        all[to]!.listen(message.node, all[to]!.peers.accept(message, 0));
      for (const each of steps) {
        switch (each.kind) {
          case 'set':
          case 'unset': {
            const { own, truth } = all[each.node]!;
            const next = each.kind === 'set' ? value(`${each.key}${++rev}`) : undefined;
            own.set(each.key, next);
            if (next) truth.set(each.key, next);
            else truth.delete(each.key);
            break;
          }
          case 'publish':
            publish(each.node);
            break;
          case 'deliver': {
            const at = each.at % Math.max(1, flying.length);
            const one = each.isCopy ? flying[at] : flying.splice(at, 1)[0];
            if (one) deliver(one);
            break;
          }
          case 'lose':
            flying.splice(each.at % Math.max(1, flying.length), 1);
            break;
          case 'ask':
            all[each.node]!.own.askFull();
            break;
          case 'forget': {
            // A lease ran out, or the other node died: it is a new one from then on.
            const [one, other] = [all[each.node]!, all[each.other]!];
            one.listen(other.id, one.peers.remove(other.id));
          }
        }
      }
      // The network is quiet: heartbeats tell the counts, and whoever is behind asks until it is not.
      flying.splice(0);
      for (let round = 1; round <= 3; round++) {
        for (const [from, { own }] of all.entries()) while (own.isWaiting) publish(from);
        for (const one of flying.splice(0)) deliver(one);
        for (const one of all)
          for (const other of all) if (one !== other) one.peers.noticeCount(other.id, other.own.count);
        for (const { peers } of all)
          for (const id of peers.toAsk(round * askMs, askMs)) all.find((one) => one.id === id)!.own.askFull();
      }
      for (const one of all) {
        expect(one.peers.isBehind).toBe(false);
        const others = all.filter((other) => other !== one);
        const expected = others.flatMap(({ id, truth }) => [...truth].map(([key, each]) => [`${id} ${key}`, each]));
        expect([...one.known].sort()).toEqual(expected.sort());
        for (const key of 'abcdef')
          expect(
            one.peers
              .valuesOf(key)
              .map((each) => JSON.stringify(each))
              .sort(),
          ).toEqual(
            others
              .flatMap(({ truth }) => truth.get(key) ?? [])
              .map((each) => JSON.stringify(each))
              .sort(),
          );
      }
    }),
    { numRuns: 300 },
  );
});

test('a full state is spread over messages, interleaved with changes, and ends what is no longer in it', () => {
  const [own, peers] = [new OwnState('x'), new PeerStates(() => 100)];
  const deliver = (message: StateMessage | undefined) => peers.accept(message!, 0);
  for (const key of 'abcd') own.set(key, value(key));
  while (own.isWaiting) deliver(own.next(maxBytes));
  own.set('a', undefined);
  own.next(maxBytes); // Lost.
  own.askFull();
  const first = own.next(maxBytes)!;
  expect([first.isFirst, first.isLast]).toEqual([true, undefined]);
  deliver(first);
  own.set('e', value('e'));
  own.set('d', undefined);
  expect(peers.isBehind).toBe(true);
  while (own.isWaiting) deliver(own.next(maxBytes));
  expect(peers.isBehind).toBe(false);
  expect([...'abcde'].filter((key) => peers.valuesOf(key).length > 0)).toEqual(['b', 'c', 'e']);
});

test('a node that does not answer is asked once in a while, and one that does not at all while its answer arrives', () => {
  const [own, peers] = [new OwnState('x'), new PeerStates(() => 100)];
  for (const key of 'abcdef') own.set(key, value(key));
  while (own.isWaiting) own.next(maxBytes);
  peers.noticeCount('x', own.count);
  expect([0, 500, 999, 1_000].map((now) => peers.toAsk(now, askMs))).toEqual([['x'], [], [], ['x']]);
  own.askFull();
  peers.accept(own.next(maxBytes)!, 1_900);
  expect(peers.toAsk(2_500, askMs)).toEqual([]);
  while (own.isWaiting) peers.accept(own.next(maxBytes)!, 2_600);
  expect(peers.toAsk(9_999, askMs)).toEqual([]);
});

test('a copy has a bounded number of entries', () => {
  const [own, peers] = [new OwnState('x'), new PeerStates(() => 3)];
  for (const key of 'abcdef') own.set(key, value(key));
  while (own.isWaiting) peers.accept(own.next(maxBytes)!, 0);
  expect([...'abcdef'].filter((key) => peers.valuesOf(key).length > 0)).toEqual(['a', 'b', 'c']);
});
