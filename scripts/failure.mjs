/** A reason to stop that the person at the terminal can act on: one sentence that says what to do. */
export class Failure extends Error {
  name = 'Failure';
}

/** Signs of a full disk, in an error of ours or in another program's output. */
const fullDisk = /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/;

/**
 * True for an error of ours, or a sentence of another program, that a full disk is the reason of.
 * @param {unknown} error
 */
export function isFullDisk(error) {
  return fullDisk.test(textOf(error));
}

/** @param {unknown} error */
function textOf(error) {
  return error instanceof Error
    ? `${/** @type {{ code?: string }} */ (error).code ?? ''} ${error.message}`
    : String(error);
}

/**
 * The sentence to show for `error`: a Failure speaks for itself, a full disk is recognised wherever it was met.
 * @param {unknown} error
 * @param {string} [folder] where there is no room, if that is known
 */
export function sentenceOf(error, folder) {
  if (isFullDisk(error))
    return `The disk is full${folder ? ` (${folder})` : ''}: free at least 3 GB, or set DATA_DIR to a folder on another disk, then start again.`;
  if (error instanceof Failure) return error.message;
  return error instanceof Error && error.stack ? error.stack : textOf(error);
}
