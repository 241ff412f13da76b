import { ModelDatabase } from '@cloudhop/sdk/testing';

/** Call of the database, with its answer. */
export interface Recorded {
  readonly method: RecordedMethod;
  readonly args: readonly unknown[];
  readonly answer: unknown;
}

const methods = [
  'addUser',
  'addConversation',
  'beginSession',
  'endSession',
  'rename',
  'commit',
  'changeMembership',
  'changeRoomSettings',
  'raiseFloor',
  'markRead',
  'changeFriend',
  'changeBlock',
  'openDirect',
  'mark',
  'createGroup',
  'changeGroup',
  'writeDraft',
  'changePreferences',
  'unreadable',
  'mine',
  'head',
  'personalHead',
  'changesAfter',
  'personalChangesAfter',
  'page',
  'ownReactions',
] as const satisfies readonly (keyof ModelDatabase)[];
export type RecordedMethod = (typeof methods)[number];

/** A model that writes down what is asked of it from outside, to be asked of Postgres again. */
export function recordingDatabase(
  records: Recorded[],
  ...options: ConstructorParameters<typeof ModelDatabase>
): ModelDatabase {
  let depth = 0;
  class RecordingDatabase extends ModelDatabase {}
  for (const method of methods) {
    const { value: original } = Object.getOwnPropertyDescriptor(ModelDatabase.prototype, method) as {
      value: (...args: unknown[]) => unknown;
    };
    Object.defineProperty(RecordingDatabase.prototype, method, {
      value(this: ModelDatabase, ...args: unknown[]) {
        depth++;
        try {
          const answer = original.apply(this, args);
          if (depth === 1) records.push({ method, args, answer });
          return answer;
        } finally {
          depth--;
        }
      },
    });
  }
  return new RecordingDatabase(...options);
}
