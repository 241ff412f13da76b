import { faint, say } from './terminal.mjs';

/** A second Ctrl-C sooner than this is the same one: npm passes it on, and the terminal has sent it to everybody. */
const insistAfterMs = 500;

/**
 * Turns the signals that end a terminal session into one request to stop. Asking again changes nothing, since stopping in
 * order is what keeps messages, unless there is `onInsist`.
 * @param {() => void} [onInsist] called when Ctrl-C is pressed again
 */
export function haltOnSignals(onInsist) {
  const abort = new AbortController();
  const requested = new Promise((resolve) => abort.signal.addEventListener('abort', () => resolve(undefined)));
  let requestedAt = 0;
  const request = (/** @type {string} */ signal) => {
    if (!abort.signal.aborted) {
      requestedAt = Date.now();
      abort.abort();
    } else if (!onInsist) say(faint('Still stopping: messages on their way are being stored.'));
    else if (signal === 'SIGINT' && Date.now() - requestedAt >= insistAfterMs) onInsist();
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
