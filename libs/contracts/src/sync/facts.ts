import * as z from 'zod';
import { User } from '../auth/resources';
import { fact } from '../fact-row';
import { Rev } from '../scalars';
import { PersonalChange } from './resources';

/** Facts of the personal feed. */
export const syncFacts = {
  'personal:changed': fact({
    summary: 'Changes in your personal feed. fromRev is exclusive.',
    payload: z.object({
      epoch: z.string(),
      fromRev: Rev,
      toRev: Rev,
      changes: z.array(PersonalChange),
      users: z.array(User),
    }),
  }),
} as const;
