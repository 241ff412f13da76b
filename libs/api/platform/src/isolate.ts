import type { EventLog } from './event-log';

/**
 * Runs work whose errors nobody handles: that of a timer, a listener or one step of a loop. Logs what it throws under
 * `event`, so that an error neither ends the process nor stops the other listeners.
 */
export function isolate(log: EventLog, event: string, work: () => unknown): void {
  const failed = (error: unknown) => log.error(event, error);
  try {
    const result = work();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
