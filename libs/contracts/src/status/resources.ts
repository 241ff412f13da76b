import * as z from 'zod';
import { Time } from '../scalars';

const nodeName = z
  .string()
  .meta({ description: 'Short public name of one run of a server process. It tells nothing of its host.' });

/** Node of the servers that act as one. */
export const StatusNode = z
  .object({
    name: nodeName,
    startedAt: Time,
    messagesPerMinute: z.int().min(0),
    isThis: z.literal(true).optional().meta({ description: 'Present on the node that sent this answer.' }),
  })
  .meta({ id: 'StatusNode' });
export type StatusNode = z.infer<typeof StatusNode>;

/** Node that holds a connection. */
export const ConnectionNode = z.object({ name: nodeName, startedAt: Time }).meta({ id: 'ConnectionNode' });
export type ConnectionNode = z.infer<typeof ConnectionNode>;

/** Limits under which a service may run. */
export const degradationCodes = ['bus_interrupted', 'database_unavailable', 'overloaded', 'draining'] as const;
export type DegradationCode = (typeof degradationCodes)[number];

/** Reasons why the bus between nodes is interrupted. */
export const busProblems = [
  'unreachable',
  'password_missing',
  'password_wrong',
  'not_permitted',
  'too_old',
  'read_only',
  'loading',
  'wrong_kind',
  'certificate',
] as const;
export type BusProblem = (typeof busProblems)[number];

export const Degradation = z
  .object({
    code: z.enum(degradationCodes),
    reason: z.enum(busProblems).optional().meta({ description: 'Why the bus between nodes is interrupted.' }),
    sentence: z.string().meta({ description: 'Says in English what people notice, and what happens next.' }),
  })
  .meta({ id: 'Degradation' });
export type Degradation = z.infer<typeof Degradation>;

export const ServerStatus = z
  .object({
    now: Time,
    version: z.string(),
    node: ConnectionNode.meta({ description: 'Node that sent this answer.' }),
    nodes: z.array(StatusNode).meta({ description: 'Nodes that act as one server, by the time of their start.' }),
    people: z.object({
      online: z.int().min(0),
      isAtLeast: z
        .literal(true)
        .optional()
        .meta({ description: 'Present while other nodes can’t be heard: only those who are known here are counted.' }),
    }),
    messagesPerMinute: z.int().min(0),
    degraded: z.array(Degradation).meta({ description: 'Empty while all is well.' }),
  })
  .meta({ id: 'ServerStatus' });
export type ServerStatus = z.infer<typeof ServerStatus>;
