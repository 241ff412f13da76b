import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Edit, applyEdit } from './mutant';

/** Files that the simulator and the specs need. */
const copied = /^(?:libs|apps|scripts)\/|^[^/]+\.(?:json|js|mjs)$/;

/** A copy of the checkout as it is, committed or not: the checkout itself is never edited. */
export class TreeCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'cloudhop-mutants-'));

  constructor(root: string) {
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
    for (const file of new Set(listed.split('\0'))) {
      if (copied.test(file) && existsSync(join(root, file))) cpSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Runs `work` while the edits are made, and takes them back. Throws when an edit does not fit. */
  async whileEdited<T>(edits: readonly Edit[], work: () => Promise<T>): Promise<T> {
    const before = new Map<string, string>();
    try {
      for (const edit of edits) {
        const path = join(this.folder, edit.file);
        const text = readFileSync(path, 'utf8');
        const edited = applyEdit(text, edit);
        if (!before.has(path)) before.set(path, text);
        writeFileSync(path, edited);
      }
      return await work();
    } finally {
      for (const [path, text] of before) writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
