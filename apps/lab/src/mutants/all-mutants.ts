import { authMutants } from './auth-mutants';
import { clientMutants } from './client-mutants';
import { databaseMutants } from './database-mutants';
import { edgeMutants } from './edge-mutants';
import { feedMutants } from './feed-mutants';
import type { Mutant } from './mutant';
import { roomsMutants } from './rooms-mutants';
import { serverMutants } from './server-mutants';
import { togetherMutants } from './together-mutants';

export const allMutants: readonly Mutant[] = [
  ...authMutants,
  ...databaseMutants,
  ...serverMutants,
  ...feedMutants,
  ...clientMutants,
  ...togetherMutants,
  ...roomsMutants,
  ...edgeMutants,
];
