import { faint, say } from './terminal.mjs';

/**
 * Turns the signals that end a terminal session into one request to stop. Asking again changes nothing: stopping in
 * order is what keeps messages.
 */
export function haltOnSignals() {
  const abort = new AbortController();
  const requested = new Promise((resolve) => abort.signal.addEventListener('abort', () => resolve(undefined)));
  const request = () => {
    if (abort.signal.aborted) say(faint('Still stopping: messages on their way are being stored.'));
    else abort.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, request);
  return {
    /** For steps that can be given up. */
    signal: abort.signal,
    /** Resolves with the first signal. */
    requested,
    get isRequested() {
      return abort.signal.aborted;
    },
    release: () => signals.forEach((signal) => process.removeListener(signal, request)),
  };
}
