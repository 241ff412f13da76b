// What makes a new epoch, so that every client takes a fresh snapshot.

/** The statement after which the server makes a new epoch: at its next start, or within two seconds while it runs. */
export const forgetEpoch = 'delete from timelines';

/** File of the data folder that tells the cluster which ran last from its copies; without it the next start makes a new epoch. */
export const identityFile = 'postgres-identity.json';
