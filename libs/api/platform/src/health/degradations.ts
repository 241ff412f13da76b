import type { BusProblem, Degradation, DegradationCode } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { eventLog } from '../event-log';

/** Returns true while the service is degraded. It runs for each new status, so it must cost next to nothing. */
export type DegradationCheck = () => boolean | Promise<boolean>;

/** Cause of a degradation, with a sentence for operators. */
export interface DegradationCause {
  code: BusProblem;
  sentence: string;
}

const log = eventLog('status');

/** Sentences for people: the consequence, and what happens next. */
const sentences: Record<DegradationCode, string> = {
  bus_interrupted:
    'This server serves alone until it is right: messages from people on other servers arrive a few seconds late, and who is online there does not show.',
  database_unavailable: 'The database doesn’t answer. Messages wait, and are sent once it does.',
  overloaded: 'This server is overloaded and refuses some requests. They are sent again after a moment.',
  draining: 'This server is shutting down. Its connections move to another one, and nothing is lost.',
};

/** Conditions under which the service runs with limits. Each part of the server registers its own. */
@Injectable()
export class Degradations {
  readonly #checks = new Map<DegradationCode, [DegradationCheck, () => DegradationCause | undefined]>();

  /** Registers a condition, and the source of its cause. A second check of the same code replaces the first. */
  add(
    code: DegradationCode,
    check: DegradationCheck,
    cause: () => DegradationCause | undefined = () => undefined,
  ): void {
    this.#checks.set(code, [check, cause]);
  }

  /** Returns the conditions that hold now, by the order of their registration. Never rejects. */
  async current(): Promise<Degradation[]> {
    const found = await Promise.all([...this.#checks].map(([code, [check, cause]]) => this.#check(code, check, cause)));
    return found.filter((each) => each !== undefined);
  }

  async #check(
    code: DegradationCode,
    check: DegradationCheck,
    cause: () => DegradationCause | undefined,
  ): Promise<Degradation | undefined> {
    try {
      if (!(await check())) return undefined;
      const known = cause();
      if (!known) return { code, sentence: sentences[code] };
      return { code, reason: known.code, sentence: `${known.sentence} ${sentences[code]}` };
    } catch (error) {
      log.error('check_failed', error, { code });
      return undefined;
    }
  }
}
